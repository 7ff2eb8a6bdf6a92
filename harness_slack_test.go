package main

import (
	"fmt"
	"strings"

	"callout/bot"
	"callout/internal/sandbox/slack"
)

// slackChat is the workspace in which people are unless a story says otherwise.
type slackChat struct{ *slack.Server }

func (slackChat) name() string { return "slack" }

func (c slackChat) joins(p *person) {
	p.Helper()
	p.user = "U0" + strings.ToUpper(strings.ReplaceAll(p.name, " ", ""))
	c.AddUser(slack.User{ID: p.user, Name: strings.ToLower(strings.ReplaceAll(p.name, " ", ".")), RealName: p.name, Email: p.email, TZ: "UTC"})
	for _, channel := range c.Channels(c.BotUserID()) {
		if channel.IsIM {
			continue
		}
		if err := c.Join(channel.ID, p.user); err != nil {
			p.Fatal(err)
		}
	}
}

func (c slackChat) types(p *person, channel, text string) error {
	_, err := c.Type(p.ctx, p.user, channel, text)
	return err
}

func (c slackChat) presses(p *person, m message, label string) error {
	now, ok := c.Message(m.Ref())
	if !ok {
		now = m.Message
	}
	button, ok := now.Button(label)
	if !ok {
		return fmt.Errorf("no button %q on\n%s", label, dump(now))
	}
	return c.Press(p.ctx, p.user, m.Ref(), button, "")
}

func (c slackChat) usesOn(p *person, m message, shortcut string) error {
	for _, s := range bot.New(bot.Options{}).Shortcuts() {
		if s.Name == shortcut {
			return c.MessageShortcut(p.ctx, p.user, m.Ref(), s.ID)
		}
	}
	return fmt.Errorf("no shortcut %q", shortcut)
}

func (c slackChat) form(p *person) (openForm, bool) {
	views := c.Views(p.user)
	if len(views) == 0 {
		return openForm{}, false
	}
	return asForm(views[len(views)-1]), true
}

func asForm(v slack.View) openForm {
	return openForm{View: v, words: v.AllText() + "\n" + slackWords.Replace(v.AllText())}
}

func (c slackChat) submits(p *person, f openForm, values map[string]string) (map[string]string, error) {
	result, err := c.Submit(p.ctx, p.user, f.ID, values)
	return result.Errors, err
}

func (c slackChat) finds(p *person, f openForm, field, typed, label string) error {
	el := slack.Element{BlockID: field, ActionID: field}
	options, err := c.Suggest(p.ctx, p.user, f.ID, el, typed)
	if err != nil {
		return err
	}
	for _, o := range options {
		if o.Text == label {
			return c.Change(p.ctx, p.user, f.ID, el, o.Value)
		}
	}
	return fmt.Errorf("there is only %s", dump(options))
}

func (c slackChat) filled(p *person, f openForm) string {
	now, ok := c.View(f.ID)
	if !ok {
		p.Fatalf("the form of %s is gone", p.name)
	}
	return string(now.State)
}

func (c slackChat) sees(p *person, channel string) []message {
	return asMessages(c.MessagesFor(p.user, channel))
}

func (c slackChat) private(p *person, channel string) []message {
	return asMessages(c.Ephemerals(p.user, channel))
}

func (c slackChat) thread(m message) []message { return asMessages(c.Thread(m.Channel, m.TS)) }

func asMessages(all []slack.Message) []message {
	out := make([]message, len(all))
	for i, m := range all {
		out[i] = asMessage(m)
	}
	return out
}

func asMessage(m slack.Message) message {
	is := message{Message: m, plain: slackWords.Replace(m.AllText())}
	for _, f := range m.Files {
		is.files = append(is.files, attached{f.ID, f.Name})
	}
	return is
}

func (c slackChat) answersIn(p *person, m message, words string, files ...string) error {
	if len(files) == 0 {
		_, err := c.TypeInThread(p.ctx, p.user, m.Ref(), words)
		return err
	}
	_, err := c.Share(p.ctx, p.user, m.Ref(), words, files...)
	return err
}

func (c slackChat) dm(p *person) string { return c.DM(p.user) }

func (c slackChat) uploads(p *person, name string, content []byte) (string, error) {
	f, err := c.UploadFile(p.user, name, content)
	return f.ID, err
}

func (c slackChat) content(file string) []byte {
	content, _ := c.FileContent(file)
	return content
}
