package bot

import (
	"context"
	"strings"

	"callout/desk"
)

// Command is one row of the table of commands. Help, the Slack app manifest and Discord's registration are made from it.
type Command struct {
	Name    string // what is typed after the slash, at most 32 characters: Discord's limit
	Usage   string // the words that may follow
	Summary string // one sentence, at most 100 characters: Discord's limit
	Sub     bool   // only as `/callout NAME`, not as a command of its own

	needs  desk.Action         // what a member must be allowed to do to see it in help; empty means anybody
	form   func(Request) *Form // opens at once, before anything is looked up; nil if the answer is no form
	handle handler
}

// commandTable is the one table of commands.
func commandTable() []Command {
	return []Command{
		{
			Name: "log-call", Usage: "[what is wrong]", Summary: "Log a customer's call and have a technician asked",
			needs: desk.LogCalls, form: previewLogCall, handle: (*Bot).openLogCall,
		},
		{
			Name: "calls", Usage: "[number | filters such as status:pending customer:\"Acme Foods\" tech:@maria]",
			Summary: "List calls, or show one by its number", needs: desk.SeeCalls, handle: callList.answer,
		},
		{
			Name: "add-lead", Usage: "[what they want]", Summary: "Add somebody who may become a customer",
			needs: desk.AddLeads, form: previewAddLead, handle: (*Bot).openAddLead,
		},
		{
			Name: "leads", Usage: "[number | filters such as stage:open owner:me due:overdue]", Summary: "List leads, or show one by its number",
			needs: desk.SeeLeads, handle: leadList.answer,
		},
		{
			Name: "log-visit", Usage: "[what came of it]", Summary: "Log a visit to a customer or lead, or plan one",
			needs: desk.LogVisits, form: previewLogVisit, handle: (*Bot).openLogVisit,
		},
		{
			Name: "visits", Usage: "[number | filters such as purpose:sales by:me from:this-month]",
			Summary: "List visits, or show one by its number", needs: desk.SeeVisits, handle: visitList.answer,
		},
		{
			Name: "equipment", Usage: "[number | serial number | add | filters such as customer:\"Acme Foods\" status:retired]",
			Summary: "List machines, show one with its history, or add one", needs: desk.SeeEquipment, form: previewAddEquipment, handle: (*Bot).equipment,
		},
		{
			Name: "request-quote", Usage: "[what they want]", Summary: "Ask for a quote for a customer or lead",
			needs: desk.RequestQuotes, form: previewRequestQuote, handle: (*Bot).openRequestQuote,
		},
		{
			Name: "quotes", Usage: "[number | filters such as status:sent customer:acme by:me]", Summary: "List quotes, or show one by its number",
			needs: desk.SeeQuotes, handle: quoteList.answer,
		},
		{
			Name: "duty", Usage: "[on | off | until 17:00 | who]", Summary: "Say whether you are available, or see who is",
			needs: desk.SeeDuty, handle: (*Bot).duty,
		},
		{
			Name: "report", Usage: "[calls, quotes, leads or visits, and filters… [every monday 08:00] | schedules]",
			Summary: "Make a report with chart and PDF, now or again and again", needs: desk.MakeReports, handle: (*Bot).report,
		},
		{
			Name: "maintenance", Usage: "[number | filters such as status:overdue tech:me to:2026-06-30]",
			Summary: "Maintenance that is due, overdue and upcoming, or one task by its number", needs: desk.SeeMaintenance, handle: taskList.answer,
		},
		{
			Name: "callout", Usage: "[help | me | team | customer | settings | import | any other command]", Summary: "Everything else: help, your data, the team, settings",
			handle: (*Bot).help,
		},
		{Name: "help", Summary: "Show what you can do here", Sub: true, handle: (*Bot).help},
		{Name: "me", Summary: "See your data, change your phone, prove it", Sub: true, handle: (*Bot).me},
		{
			Name: "customer", Usage: "[part of a name, phone or e-mail]", Summary: "See a customer with machines, contacts and history", Sub: true,
			needs: desk.SeeCustomers, handle: (*Bot).customer,
		},
		{
			Name: "templates", Usage: "[number | add | retired]", Summary: "See and change the checklists of maintenance", Sub: true,
			needs: desk.PlanMaintenance, form: previewTemplates, handle: (*Bot).templates,
		},
		{
			Name: "holidays", Usage: "[add]", Summary: "See and change the days on which nobody works", Sub: true,
			needs: desk.PlanMaintenance, form: previewHolidays, handle: (*Bot).holidays,
		},
		{Name: "team", Summary: "See the members; admins approve and change roles", Sub: true, needs: desk.SeeDuty, handle: (*Bot).team},
		{
			Name: "import", Summary: "Bring a list of customers, contacts, equipment, leads or members as a CSV file", Sub: true,
			needs: desk.ImportData, form: importForm, handle: (*Bot).openImport,
		},
		{Name: "policy", Summary: "See who is asked or told when a call has nobody; admins change it", Sub: true, needs: desk.SeeCalls, handle: (*Bot).policy},
		{Name: "settings", Summary: "Choose the channels for calls, quotes and reports", Sub: true, needs: desk.ChangeSetting, handle: (*Bot).settings},
	}
}

// topics lists what each noun adds.
func topics() []topic {
	return []topic{
		callTopic(), callStepTopic(), callEditTopic(), callWaitTopic(), policyTopic(), callListTopic(), dutyTopic(), memberTopic(), settingTopic(), reportTopic(), helpTopic(),
		importTopic(), taskTopic(), checklistTopic(), partyTopic(), peopleTopic(), leadTopic(), leadFormTopic(), visitTopic(), visitFormTopic(), customerTopic(),
		quoteTopic(), quoteFormTopic(),
		equipmentTopic(), templateTopic(), planTopic(), holidayTopic(),
	}
}

// Shortcut is something offered in a platform's own menus.
type Shortcut struct {
	ID        string
	Name      string // at most 24 characters: Slack's limit
	Summary   string
	OnMessage bool
	command   string // does what this command does
}

// shortcutTable is the one table of shortcuts.
func shortcutTable() []Shortcut {
	return []Shortcut{
		{ID: "log_call", Name: "Log a call", Summary: "Log a customer's call", command: "log-call"},
		{ID: "log_call_from_message", Name: "Log a call from this", Summary: "Log a call from this message", OnMessage: true, command: "log-call"},
		{ID: "add_lead_from_message", Name: "Add a lead from this", Summary: "Add a lead from this message", OnMessage: true, command: "add-lead"},
		{ID: "quote_from_message", Name: "Request quote from this", Summary: "Request a quote from this message", OnMessage: true, command: "request-quote"},
	}
}

// Commands returns the table of commands.
func (b *Bot) Commands() []Command { return commandTable() }

// Shortcuts returns the table of shortcuts.
func (b *Bot) Shortcuts() []Shortcut { return shortcutTable() }

// command finds what a command or shortcut asks for, and the words that follow. Every command also answers as
// `/callout NAME …`, so that a workspace in which a name is taken loses nothing.
func (b *Bot) command(r Request) (Command, string) {
	if r.Kind == KindShortcut {
		for _, s := range shortcutTable() {
			if s.ID == r.Name {
				return b.byName[s.command], r.Text
			}
		}
		return Command{}, r.Text
	}
	text := strings.TrimSpace(r.Text)
	if r.Name != "callout" {
		c := b.byName[r.Name]
		if c.Sub {
			return Command{}, text
		}
		return c, text
	}
	first, rest, _ := strings.Cut(text, " ")
	if first == "" {
		return b.byName["help"], ""
	}
	c := b.byName[strings.ToLower(strings.TrimPrefix(first, "/"))]
	return c, strings.TrimSpace(rest)
}

func (b *Bot) unknownCommand(r Request) Reply {
	typed := r.Name
	if typed == "callout" {
		typed, _, _ = strings.Cut(strings.TrimSpace(r.Text), " ")
	}
	names := make([]string, 0, len(b.commands))
	for _, c := range b.commands {
		if c.Name != "callout" {
			names = append(names, c.Name)
		}
	}
	return say("There is no command “%s”. After /callout you can write %s.", clip(typed, 40), strings.Join(names, ", "))
}

func helpTopic() topic { return topic{buttons: map[string]handler{"help.show": (*Bot).help}} }

// help shows what this person may do.
func (b *Bot) help(_ context.Context, _ Request, a desk.Actor) (Reply, error) {
	card := Card{Text: "What you can do with Callout.", Parts: []Part{Heading("What you can do here")}}
	for _, c := range b.commands {
		if c.needs != "" && !a.Can(c.needs) || c.Name == "callout" || c.Name == "help" {
			continue
		}
		name := "/" + c.Name
		if c.Sub {
			name = "/callout " + c.Name
		}
		if c.Usage != "" {
			name += " " + c.Usage
		}
		card.Parts = append(card.Parts, Text(Say(Bold(name), "\n", c.Summary)))
	}
	if a.Can(desk.TakeCalls) {
		card.Parts = append(card.Parts, Text(Say(Bold("By text message"), "\nA 42 accepts call 42, D 42 and a reason declines it, W 42 on my way, S 42 on site, F 42 and what was done finishes it, N 42 adds a note, M 12 shows the next step of maintenance 12, ? lists your calls.")))
	}
	card.Parts = append(card.Parts, Note(Say("Every command also works as /callout NAME, such as /callout calls status:pending.")))
	return Reply{Say: &card}, nil
}
