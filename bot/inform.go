package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"callout/desk"
	"callout/notify"
)

// formWrite is the form in which somebody writes to the customer of a call. Its State is the call, and what was shown of what
// they get.
const formWrite = "inform.write"

// actionWhen tells a customer when somebody is there: its value is the call and the minutes until then.
const actionWhen = "inform.when"

func informTopic() topic {
	return topic{
		buttons: map[string]handler{formWrite: opensOn(desk.InformCustomers, (*Bot).fillWrite), actionWhen: (*Bot).tellWhen},
		forms:   map[string]handler{formWrite: (*Bot).submitWrite},
	}
}

// writeButton opens the form in which somebody writes to the contact of a call.
func writeButton(v desk.CallView) []Button {
	if v.ContactName == "" {
		return nil
	}
	return []Button{{Action: formWrite, Value: formatID(v.Call.ID), Label: "Write to customer"}}
}

func (b *Bot) fillWrite(ctx context.Context, a desk.Actor, id int64) (*Form, error) {
	w, err := b.Desk.Writable(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return writeForm(w, Values{}), nil
}

// writeForm asks what to write, and how they agreed to be reached if nobody recorded that yet.
func writeForm(w desk.Writable, values Values) *Form {
	f := &Form{ID: formWrite, Title: "Write to customer", State: formatID(w.Call.Call.ID)}
	f.Fields = append(f.Fields, Field{Name: "who", Kind: FieldNote, Note: whoNote(w)})
	if len(w.Open) > 0 {
		options := wayOptions(w, w.Open)
		field := Field{Name: "agreed", Kind: FieldChecks, Label: "They agreed to get", Options: options, Optional: true, Chosen: chosenAll(options, values.All("agreed"))}
		if len(w.Ways) > 0 {
			field.Label = "They also agreed to get"
		} else {
			field.Hint = "Ask them first. It is recorded with your name, and they are kept informed of their calls from now on."
		}
		f.Fields = append(f.Fields, field)
	}
	if len(w.Ways)+len(w.Open) == 0 {
		return f
	}
	if len(w.Ways)+len(w.Open) > 1 {
		options := wayOptions(w, desk.InformWays())
		f.Fields = append(f.Fields, Field{Name: "way", Kind: FieldRadio, Label: "Send it as", Options: options, Optional: true, Chosen: chosenOf(options, values.Get("way"))})
	}
	f.Submit = "See it first"
	f.Fields = append(f.Fields, Field{
		Name: "text", Kind: FieldText, Label: "Text", Max: desk.MaxWords, Value: values.Get("text"), Placeholder: "The part comes on Thursday. Is somebody there at nine?",
		Hint: "The next step shows exactly what they get. Nothing else that is written about the call reaches them.",
	})
	return f
}

func whoNote(w desk.Writable) Words {
	words := Say("To ", Bold(w.Contact.Name), ", ", w.Call.Customer.Name, ".")
	switch {
	case w.Stopped:
		words = append(words, Say("\nThey answered STOP to our texts. Only they can start them again, by texting START.")...)
	case len(w.Ways)+len(w.Open) == 0:
		words = append(words, Say("\nThere is no phone number or e-mail address of theirs. Add one on the customer's card: Contacts, Edit.")...)
	case len(w.Ways) == 0:
		words = append(words, Say("\nNobody recorded that they want messages from us, and nothing is sent without that. Ask them, and tick it below or on the customer's card: Contacts, Edit.")...)
	}
	if !w.Now && len(w.Ways)+len(w.Open) > 0 {
		words = append(words, Say("\nIt is late: it will be sent ", At(w.Due, w.Due.Location()), ".")...)
	}
	return words
}

// wayOptions are ways to reach a contact, each with the number or address.
func wayOptions(w desk.Writable, ways []string) []Option {
	var options []Option
	for _, way := range ways {
		where := desk.PhoneShown(w.Contact.Phone)
		if way == "email" {
			where = w.Contact.Email
		}
		options = append(options, Option{Value: way, Label: informWayName(way), Note: clip(where, labelMost)})
	}
	return options
}

func informWayName(way string) string {
	if way == "sms" {
		return "Text messages"
	}
	return "E-mail"
}

// chosenAll are the options with any of the values.
func chosenAll(options []Option, values []string) []Option {
	var chosen []Option
	for _, o := range options {
		for _, v := range values {
			if o.Value == v {
				chosen = append(chosen, o)
			}
		}
	}
	return chosen
}

// submitWrite first shows exactly what the customer will get, and sends what was shown.
func (b *Bot) submitWrite(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	state, seen, _ := strings.Cut(r.State, "|")
	id := number(state)
	in := desk.Write{Way: r.Values.Get("way"), Text: r.Values.Get("text"), Agreed: desk.JoinWays(r.Values.All("agreed"))}
	mark := fingerprint(desk.Fields{"way": in.Way, "text": in.Text, "agreed": in.Agreed})
	if seen != mark {
		return b.previewWrite(ctx, r, a, id, in, mark)
	}
	if err := b.Desk.WriteToCustomer(ctx, a, id, in); err != nil {
		return Reply{}, err
	}
	return b.refresh(ctx, r, a, id, say("It is on its way to the customer. The history of call %d shows whether it arrived.", id))
}

func (b *Bot) previewWrite(ctx context.Context, r Request, a desk.Actor, id int64, in desk.Write, mark string) (Reply, error) {
	w, err := b.Desk.Writable(ctx, a, id)
	if err != nil {
		return Reply{}, err
	}
	told, way, err := b.Desk.ToldBefore(ctx, a, w, in)
	if err != nil {
		return Reply{}, err
	}
	f := writeForm(w, r.Values)
	f.State, f.Submit = formatID(id)+"|"+mark, "Send"
	for i := range f.Fields {
		f.Fields[i].Hint = ""
	}
	shown := b.shownTo(id, way, told)
	what := "as an e-mail, “" + shown.Subject + "”"
	if way == "sms" {
		what = "as " + plural(int64(shown.Segments), "text message")
	}
	note := Say(Bold("This is what "+w.Contact.Name+" gets, "+what+":"), "\n", shown.Text)
	f.Fields = append([]Field{{Name: "preview", Kind: FieldNote, Note: note}}, f.Fields...)
	return Reply{Form: f}, nil
}

// shownTo is what a customer is told, word by word as it arrives.
func (b *Bot) shownTo(callID int64, way string, t desk.Told) notify.Shown {
	told := notify.Told(t)
	return notify.Preview(notify.Message{
		Kind: notify.Inform, Channel: notify.Channel(way), Company: b.Desk.Company, Call: notify.Call{ID: callID}, Told: &told,
	})
}

// onMyWay answers the button, and asks whoever pressed it when they are there if the customer is about to be told. One tap is enough;
// without one the customer is told without a time.
func (b *Bot) onMyWay(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	reply, err := step((*desk.Desk).OnMyWay)(b, ctx, r, a)
	if err != nil {
		return Reply{}, err
	}
	id := number(r.Value)
	name, waiting, err := b.Desk.WaitingArrival(ctx, id)
	if err != nil || !waiting {
		return reply, err
	}
	text := fmt.Sprintf("%s is told in a moment that you are on the way to call %d. When will you be there?", name, id)
	var times Buttons
	for _, minutes := range []int{15, 30, 45, 60, 120} {
		times = append(times, Button{Action: actionWhen, Value: fmt.Sprintf("%d %d", id, minutes), Label: minutesWords(minutes)})
	}
	if reply.Say == nil {
		reply.Say = &Card{Text: text}
	}
	reply.Say.Parts = append(reply.Say.Parts, Text(Say(text)), times)
	return reply, nil
}

func minutesWords(n int) string {
	if n%60 == 0 {
		return plural(int64(n/60), "hour")
	}
	return fmt.Sprintf("%d min", n)
}

// tellWhen tells the customer when whoever is on the way will be there.
func (b *Bot) tellWhen(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	id, minutes, _ := strings.Cut(r.Value, " ")
	when := b.Desk.Now().Add(time.Duration(number(minutes)) * time.Minute)
	if err := b.Desk.TellArrival(ctx, a, number(id), when); err != nil {
		return Reply{}, err
	}
	card := textCard(fmt.Sprintf("The customer of call %s is told that you are there about %s.", id, when.In(b.zone(a)).Format("15:04")))
	if r.Surface == SurfacePersonal {
		return Reply{Update: card}, nil
	}
	return Reply{Say: card}, nil
}

// wayByText sets a technician out for a call; what follows the number is when they are there.
func (b *Bot) wayByText(ctx context.Context, a desk.Actor, id int64, typed string) (thanks string, err error) {
	if strings.TrimSpace(typed) == "" {
		return "Call %d: on your way. Safe journey!", b.Desk.OnMyWay(ctx, a, id)
	}
	when, parseErr := desk.ParseArrival(typed, b.Desk.Now(), b.zone(a))
	if parseErr != nil {
		return "Call %d: on your way. I did not understand when you are there: text the number and minutes, or a time such as 14:30.", b.Desk.OnMyWay(ctx, a, id)
	}
	return "Call %d: on your way, there about " + when.In(b.zone(a)).Format("15:04") + ". Safe journey!", b.Desk.OnMyWayAt(ctx, a, id, &when)
}

// customerText keeps what a customer texted. Nobody is answered by itself, known or not: two machines never talk.
func (b *Bot) customerText(ctx context.Context, r Request) (Reply, error) {
	known, err := b.Desk.CustomerTexts(ctx, r.Key, r.User, typedText(r))
	if err != nil {
		return Reply{}, err
	}
	if !known {
		b.Log.InfoContext(ctx, "text from an unknown number", "phone_end", lastTwo(r.User))
	}
	return Reply{}, nil
}

// verbLetters is how the verbs of technicians are typed: customers use none, but may write what looks like one.
var verbLetters = map[string]string{
	verbAccept: "A", verbDecline: "D", verbWay: "W", verbSite: "S", verbFinish: "F", verbNote: "N", verbMine: "?", verbTask: "M",
	verbDuty: "DUTY", verbUndo: "U", verbReached: "K",
}

// typedText is a text as it was typed, although it looked like one of a technician.
func typedText(r Request) string {
	return strings.TrimSpace(strings.Join(strings.Fields(verbLetters[r.Name]+" "+r.Value), " ") + " " + r.Text)
}
