package bot

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
	"callout/notify"
)

// The buttons about messages and the ways to people.
const (
	buttonRetry  = "delivery.retry"
	buttonEnable = "contact.enable"
	buttonGot    = "drill.got"
)

// deliveryList is how messages are looked after.
var deliveryList = list{
	noun: desk.NounDeliveries, title: "Deliveries", none: "All is well: everything that is owed to anybody went out.",
	page: (*Bot).deliveryRows, top: (*Bot).deliveryTop,
}

func deliveryTopic() topic {
	t := deliveryList.topic()
	t.buttons[buttonRetry] = (*Bot).redeliver
	t.buttons[buttonEnable] = (*Bot).enableContact
	t.buttons[buttonGot] = (*Bot).drillGot
	return t
}

// deliveryRows reads one page. after is the number of the last message of the page before.
func (b *Bot) deliveryRows(ctx context.Context, a desk.Actor, f desk.Filter, after string) ([]row, string, error) {
	page, err := b.Desk.Deliveries(ctx, a, f, number(after), pageSize)
	if err != nil {
		return nil, "", err
	}
	rows := make([]row, len(page.Rows))
	for i, d := range page.Rows {
		words := b.deliveryWords(a, d)
		rows[i] = row{item: Item{Text: words, Button: deliveryButton(a, d)}, line: strings.ReplaceAll(words.String(), "\n", "; ")}
	}
	next := ""
	if page.Next > 0 {
		next = formatID(page.Next)
	}
	return rows, next, nil
}

// deliveryWords says what became of one message, and why.
func (b *Bot) deliveryWords(a desk.Actor, d desk.DeliveryRow) Words {
	zone := b.zone(a)
	to := cmp.Or(d.Member, d.Customer, "a channel")
	words := Say(Bold(kindWords(d)), " to ", to, " by ", desk.ChannelName(d.Channel))
	if d.Channel == string(notify.SMS) {
		words = append(words, Say(" (", desk.PhoneShown(d.Address), ")")...)
	}
	words = append(words, Say("\n")...)
	switch d.State {
	case "failed", "undelivered":
		words = append(words, Say("Not delivered: ", cmp.Or(d.Error, "the provider gave no reason"), ".")...)
		switch {
		case d.Instead != "":
			words = append(words, Say(" It went out by ", desk.ChannelName(d.Instead), " instead.")...)
		case d.Disabled != nil:
			words = append(words, Say(" ", repairWords(d))...)
		}
	case "held":
		words = append(words, Say("Waits until ", At(*d.HeldUntil, zone), ": ", d.Hold, ".")...)
	case "retrying":
		words = append(words, Say("Tried ", plural(int64(d.Attempts), "time"), ": ", cmp.Or(d.Error, "no answer"), ". Tried again at about ", At(desk.TriedAgain(d), zone), ".")...)
	case "bundled":
		words = append(words, Say("Goes out with other texts to this phone.")...)
	case "delivered":
		words = append(words, Say("Delivered ")...)
		if d.DeliveredAt != nil {
			words = append(words, Say(At(*d.DeliveredAt, zone))...)
		}
		words = append(words, Say(costWords(d))...)
	case "sent":
		words = append(words, Say("Sent ")...)
		if d.SentAt != nil {
			words = append(words, Say(At(*d.SentAt, zone))...)
		}
		words = append(words, Say(costWords(d))...)
	case "dropped":
		words = append(words, Say("Not needed any more", prefixed(": ", d.Hold), ".")...)
	}
	return append(words, Say(" · owed ", At(d.CreatedAt, zone))...)
}

// prefixed puts something before a text, if there is any.
func prefixed(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

func costWords(d desk.DeliveryRow) string {
	switch {
	case d.BundledIn != nil:
		return ", in one text with others"
	case d.Segments > 0:
		return ", " + plural(int64(d.Segments), "segment")
	}
	return ""
}

// repairWords says what to do about an address that is switched off.
func repairWords(d desk.DeliveryRow) string {
	if strings.Contains(d.Reason, "opted out") {
		return "They asked for no more texts: texting START to our number takes that back."
	}
	return "That address is switched off: they can prove another with /callout me, or an admin gives them one with Roles… in /callout team."
}

// kindWords names a message by what it is about.
func kindWords(d desk.DeliveryRow) string {
	what := strings.ReplaceAll(d.Kind, "_", " ")
	if name := kindNames[notify.Kind(d.Kind)]; name != "" {
		what = name
	}
	what = strings.ToUpper(what[:1]) + what[1:]
	switch {
	case d.CallID != nil:
		return fmt.Sprintf("%s, call %d", what, *d.CallID)
	case d.RecordID != nil && d.Record != "":
		return fmt.Sprintf("%s, %s %d", what, d.Record, *d.RecordID)
	}
	return what
}

// kindNames are the messages whose kind is no word for people.
var kindNames = map[notify.Kind]string{
	notify.Logged: "news of a call logged", notify.Accepted: "news of a call taken", notify.Closed: "news of a call closed", notify.Unassigned: "call that nobody can take",
	notify.Unowned: "call that nobody has", notify.Nudge: "reminder", notify.Register: "request to join", notify.Words: "words of a thread",
	notify.TaskDue: "maintenance due", notify.LeadsDue: "follow-ups of the day", notify.Problem: "trouble", notify.Inform: "news to a customer", notify.Drill: "monthly check", notify.Withdrawn: "offer withdrawn", notify.Reopened: "call open again",
}

// deliveryButton sends a message again that did not reach anybody; none where that makes no sense.
func deliveryButton(a desk.Actor, d desk.DeliveryRow) Button {
	failed := d.State == "failed" || d.State == "undelivered"
	again := d.Kind != string(notify.Code) && d.Kind != string(notify.Report) && d.Instead == ""
	if !failed || !again || !a.Can(desk.Redeliver) {
		return Button{}
	}
	return Button{Action: buttonRetry, Value: formatID(d.ID), Label: "Retry"}
}

// deliveryTop is what stands above the list: how many are stuck, what texts cost, and which ways to people do not work.
func (b *Bot) deliveryTop(ctx context.Context, a desk.Actor, f desk.Filter) ([]Part, error) {
	var parts []Part
	page, err := b.Desk.Deliveries(ctx, a, desk.Filter{}, 0, 1)
	if err != nil {
		return nil, err
	}
	if counts := countWords(page.Counts); counts != "" {
		parts = append(parts, Text(Say(Bold(counts))))
	}
	budget, err := b.Desk.Budget(ctx)
	if err != nil {
		return nil, err
	}
	parts = append(parts, Note(Say(budgetWords(budget))))
	if !f.Empty() {
		return parts, nil
	}
	off, err := b.Desk.Disabled(ctx, a)
	if err != nil {
		return nil, err
	}
	silent, err := b.Desk.Unproven(ctx, a)
	if err != nil {
		return nil, err
	}
	return append(parts, contactParts(a, b.zone(a), off, silent)...), nil
}

// countWords says how many messages are stuck, by why.
func countWords(counts map[string]int64) string {
	var words []string
	for _, state := range []string{"failed", "undelivered", "held", "retrying"} {
		n := counts[state]
		if state == "held" {
			n += counts["bundled"]
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(words, " · ")
}

func budgetWords(s desk.Budget) string {
	if s.Most == 0 {
		return fmt.Sprintf("%s this month. /callout settings can set a limit.", plural(s.Spent, "text segment"))
	}
	return fmt.Sprintf("%s of %s text segments this month (%d %%).", thousands(s.Spent), thousands(s.Most), s.Share())
}

// thousands writes a number with commas.
func thousands(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// contactsMost is how many addresses of each kind a list shows.
const contactsMost = 10

// contactParts lists the ways to people that do not work, and those from which no answer came, with what to do.
func contactParts(a desk.Actor, zone *time.Location, off, silent []desk.Contact) []Part {
	var parts []Part
	for _, c := range off[:min(len(off), contactsMost)] {
		words := Say(Bold(c.Owner), " · ", contactName(c), " is off: ", cmp.Or(c.DisabledReason, "it does not work"), " (", At(*c.DisabledAt, zone), ").")
		switch {
		case c.OptedOut():
			words = append(words, Say(" They can text START to our number.")...)
			parts = append(parts, Text(words))
		case a.Can(desk.ApproveMember):
			parts = append(parts, Item{Text: words, Button: Button{
				Action: buttonEnable, Value: formatID(c.ID), Label: "Switch on", Confirm: "Does it work again? Messages go there from now on.",
			}})
		default:
			words = append(words, Say(" They can prove another with /callout me; an admin can switch it on again.")...)
			parts = append(parts, Text(words))
		}
	}
	var names []string
	for _, c := range silent[:min(len(silent), contactsMost)] {
		names = append(names, c.Owner+" ("+contactName(c)+")")
	}
	if more := len(silent) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if len(names) > 0 {
		parts = append(parts, Text(Say(Bold("Not proven: "), joinAnd(names), ". Nobody answered the monthly check there.")))
	}
	return parts
}

func contactName(c desk.Contact) string {
	name := desk.ChannelName(c.Channel)
	if address := desk.AddressShown(c.ContactMethod); address != "" {
		name += " " + address
	}
	return name
}

func (b *Bot) redeliver(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.Redeliver(ctx, a, number(r.Value)); err != nil {
		return Reply{}, err
	}
	return say("It is on its way again. /callout deliveries shows how it went."), nil
}

func (b *Bot) enableContact(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	c, err := b.Desk.EnableContact(ctx, a, number(r.Value))
	if err != nil {
		return Reply{}, err
	}
	return say("%s: %s is on again. Messages go there from now on.", c.Owner, contactName(c)), nil
}

// drillCard asks for a press, to prove that messages here reach somebody.
func (b *Bot) drillCard(_ context.Context, m notify.Message) (Card, error) {
	card := *textCard(m.Text)
	card.Parts = append(card.Parts, Buttons{{Action: buttonGot, Value: m.Ref, Label: "I got this", Style: Primary}})
	return card, nil
}

func (b *Bot) drillGot(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.Reached(ctx, a, string(r.Platform), number(r.Value)); err != nil {
		return Reply{}, err
	}
	return say("Thank you: messages here reach you."), nil
}

// reachedByText answers a text that says that texts reach its sender.
func (b *Bot) reachedByText(ctx context.Context, a desk.Actor) (Reply, error) {
	if err := b.Desk.Reached(ctx, a, string(SMS), 0); err != nil {
		return Reply{}, err
	}
	return say("Thank you: texts reach you."), nil
}
