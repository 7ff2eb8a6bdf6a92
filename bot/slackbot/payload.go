package slackbot

// The payloads, with only what is read: decoding a submission into slack-go's types costs five times as much.
// https://docs.slack.dev/reference/interaction-payloads

type payload struct {
	Type        string
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	CallbackID  string `json:"callback_id"`
	MessageTS   string `json:"message_ts"`
	User        struct{ ID, Name, Username string }
	Channel     struct{ ID string }
	Container   struct {
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
	}
	Message *struct{ TS, User, Text, Username string }
	View    *viewPayload
	Actions []struct {
		Type     string
		ActionID string `json:"action_id"`
		BlockID  string `json:"block_id"`
		ActionTS string `json:"action_ts"`
		Value    string
	}
	// of a block_suggestion
	BlockID string `json:"block_id"`
	Value   string
}

type viewPayload struct {
	ID, Hash, Type  string
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"`
	PreviousViewID  string `json:"previous_view_id"`
	Blocks          []struct {
		Type    string
		BlockID string `json:"block_id"`
	}
	State struct {
		Values map[string]map[string]stateValue
	}
}

type stateValue struct {
	Value                string
	SelectedOption       *optionPayload  `json:"selected_option"`
	SelectedOptions      []optionPayload `json:"selected_options"`
	SelectedDate         string          `json:"selected_date"`
	SelectedTime         string          `json:"selected_time"`
	SelectedConversation string          `json:"selected_conversation"`
	SelectedChannel      string          `json:"selected_channel"`
	SelectedUser         string          `json:"selected_user"`
	Files                []struct{ ID string }
}

type optionPayload struct{ Value string }

type eventPayload struct {
	Type      string
	Challenge string
	EventID   string `json:"event_id"`
	Event     struct {
		Type, Subtype, User, Channel, Text, Tab, TS string
		BotID                                       string `json:"bot_id"`
		ChannelType                                 string `json:"channel_type"`
		ThreadTS                                    string `json:"thread_ts"`
		Hidden                                      bool
		Files                                       []struct{ ID, Mode string }
	}
	Authorizations []struct {
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	}
}
