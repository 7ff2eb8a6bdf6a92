package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/desk"
)

// CallCard is the card that stands for a call in the calls channel.
func (b *Bot) CallCard(ctx context.Context, callID int64) (Card, error) {
	view, err := b.Desk.CallView(ctx, callID)
	if err != nil {
		return Card{}, err
	}
	asked := ""
	if view.Call.Progress == desk.Offered {
		open, ok, err := b.Desk.OpenOffer(ctx, callID)
		if err != nil {
			return Card{}, err
		}
		if ok {
			asked = open.MemberName
		}
	}
	card := b.callBody(view, asked)
	for _, row := range callButtons(view) {
		card.Parts = append(card.Parts, row)
	}
	return card, nil
}

// callBody shows a call without buttons. asked is the name of who is being asked, if anybody is.
func (b *Bot) callBody(v desk.CallView, asked string) Card {
	c := v.Call
	state := stateWords(v, asked)
	card := Card{
		Text: fmt.Sprintf("Call %d (%s), %s: %s. %s.", c.ID, c.Priority, v.Customer.Name, c.Summary, state),
		Parts: []Part{
			Heading(fmt.Sprintf("Call %d · %s", c.ID, c.Summary)),
			b.callFacts(v, state),
		},
	}
	if c.Details != "" {
		card.Parts = append(card.Parts, Text(Say(clip(c.Details, 1500))))
	}
	if c.Resolution != "" {
		card.Parts = append(card.Parts, Text(Say(Bold("Done: "), clip(c.Resolution, 1500))))
	}
	card.Parts = append(card.Parts, Note(Say("Logged by ", v.LoggedByName, ", ", At(c.OpenedAt, b.Desk.Zone))))
	return card
}

func (b *Bot) callFacts(v desk.CallView, state string) Facts {
	facts := Facts{
		{"Status", Say(state)},
		{"Priority", Say(priorityMark(v.Call.Priority))},
		{"Customer", Say(v.Customer.Name)},
	}
	if who := contactWords(v); who != "" {
		facts = append(facts, Fact{"Contact", Say(who)})
	}
	if place := siteWords(v); place != "" {
		facts = append(facts, Fact{"Where", Say(place)})
	}
	if v.EquipmentModel != "" {
		machine := v.EquipmentModel + " · " + v.EquipmentSerial
		if v.WarrantyUntil != nil {
			word := "warranty until "
			if v.WarrantyUntil.Before(v.Call.OpenedAt) {
				word = "warranty ended "
			}
			machine += "\n" + word + v.WarrantyUntil.Format("2 Jan 2006")
		}
		facts = append(facts, Fact{"Machine", Say(machine)})
	}
	if v.TechnicianName != "" {
		facts = append(facts, Fact{"Technician", Say(v.TechnicianName)})
	}
	return facts
}

// stateWords says who has a call and where it is, in a few words.
func stateWords(v desk.CallView, asked string) string {
	words := progressWords(v.Call.Status, v.Call.Progress)
	if v.Call.Progress == desk.Waiting && v.Call.ResumeOn != nil {
		words += " until " + v.Call.ResumeOn.Format("Mon 2 Jan")
	}
	switch {
	case v.Call.Status == desk.Done && v.TechnicianName != "":
		return words + " by " + v.TechnicianName
	case v.Call.Status == desk.Done:
		return words
	case asked != "":
		return words + " to " + asked
	case v.TechnicianName != "":
		return words + " (" + v.TechnicianName + ")"
	}
	return words
}

func contactWords(v desk.CallView) string {
	return strings.TrimSpace(v.ContactName + "\n" + desk.PhoneShown(desk.PhoneOf(v)))
}

func siteWords(v desk.CallView) string {
	if v.SiteAddress != "" {
		return v.SiteAddress
	}
	return v.SiteName
}

// callButtons are what may be done with a call now: the next steps of who has it, then the rest in a row of its own. Who may
// press is decided by the desk when it is pressed.
func callButtons(v desk.CallView) []Buttons {
	id := strconv.FormatInt(v.Call.ID, 10)
	more := Button{Action: "call.history", Value: id, Label: "History"}
	if v.Call.Status == desk.Done {
		return []Buttons{{{Action: "call.reopen", Value: id, Label: "Reopen"}, more}}
	}
	offer := Button{Action: "call.offer", Value: id, Label: "Offer to…"}
	note := Button{Action: "call.note", Value: id, Label: "Add note"}
	edit := Button{Action: formEditCall, Value: id, Label: "Edit"}
	closing := Button{Action: "call.close", Value: id, Label: "Close"}
	rest := append(writeButton(v), more)
	switch v.Call.Progress {
	case desk.Unassigned:
		return []Buttons{append(Buttons{{Action: "call.accept", Value: id, Label: "Take it", Style: Primary}, offer, note, closing, edit}, rest...)}
	case desk.Offered:
		return []Buttons{append(Buttons{offer, note, closing, edit}, rest...)}
	}
	return []Buttons{stepButtons(v), append(Buttons{offer, note, edit}, rest...)}
}

// stepButtons are the next steps of who has the call, the likeliest first.
func stepButtons(v desk.CallView) Buttons {
	id := strconv.FormatInt(v.Call.ID, 10)
	way := Button{Action: "call.way", Value: id, Label: "On my way", Style: Primary}
	site := Button{Action: "call.site", Value: id, Label: "On site"}
	closing := Button{Action: "call.close", Value: id, Label: "Close"}
	wait := Button{Action: formWait, Value: id, Label: "Wait…"}
	switch v.Call.Progress {
	case desk.EnRoute:
		site.Style = Primary
		return Buttons{site, closing, wait}
	case desk.OnSite:
		closing.Style = Primary
		return Buttons{closing, wait}
	case desk.Waiting:
		return Buttons{{Action: "call.resume", Value: id, Label: "Go on", Style: Primary}, closing}
	}
	return Buttons{way, site, closing, wait}
}

// callLineWords words one entry of a call's timeline for its thread.
func (b *Bot) callLineWords(ctx context.Context, eventID int64) (Words, error) {
	entry, err := b.Desk.Entry(ctx, eventID)
	return entryWords(entry), err
}

// entryVerbs says what somebody did, between their name and what they said about it.
var entryVerbs = map[string]string{
	"logged": " logged the call", "accepted": " accepted", "declined": " declined", "handed_back": " handed the call back", "handed_over": " went off duty and handed the call over",
	"en_route": " is on the way", "on_site": " is on site", "taken_up": " took the call up again", "closed": " closed the call", "edited": " changed the call", "reopened": " reopened the call",
	"undone": " undid",
}

// unownedTold says who was told that nobody has a call.
var unownedTold = map[string]string{"dispatchers": " The dispatchers were told.", "admins": " The admins were told."}

// entryWords says what happened in one sentence.
func entryWords(e desk.Entry) Words {
	who, note := e.MemberName, e.CallEvent.Note
	because := ""
	if note != "" {
		because = ": " + note
	}
	by := ""
	if e.CallEvent.Via == "sms" || e.CallEvent.Via == "email" {
		by = " by " + desk.ChannelName(e.CallEvent.Via)
	}
	if words, ok := informEntries(e); ok {
		return words
	}
	switch e.CallEvent.Kind {
	case "offered":
		if note != "" {
			note = ", " + note
		}
		return Say("Offered to ", Bold(e.CallEvent.After), note, ".")
	case "nobody":
		return Say("Nobody could be asked: ", note)
	case "withdrawn":
		return Say(Bold(cmp.Or(who, "The desk")), " took the call back to offer it again.")
	case "asked_again":
		return Say("No answer after ", note, ", asked again by ", Bold(e.CallEvent.After), ".")
	case "expired":
		return Say("No answer from ", Bold(e.CallEvent.After), " after ", note, ", somebody else is asked.")
	case "unowned":
		return Say("Nobody has this call after ", note, ".", unownedTold[e.CallEvent.After])
	case "waiting":
		return Say(Bold(cmp.Or(who, "The desk")), " lets the call wait until ", dayText(e.CallEvent.After), by, because, dot(because))
	case "note":
		return noteEntry(e, by, because)
	case "unreached":
		return Say(Bold(e.CallEvent.After), " could not be reached by ", note, dot(note))
	}
	return Say(Bold(who), cmp.Or(entryVerbs[e.CallEvent.Kind], " "+e.CallEvent.Kind), by, because, dot(because))
}

// dot ends a sentence, unless what was typed ends one already.
func dot(text string) string {
	if text != "" && strings.ContainsAny(text[len(text)-1:], ".!?") {
		return ""
	}
	return "."
}
