package notify

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// How many segments a text may take. An offer is charged per segment and read at the wheel; a sentence of its own,
// such as a problem, may be longer.
const (
	callSegments     = 2
	sentenceSegments = 4
)

// SMSText words a message for a phone: plain facts in GSM-7 with the fewest segments. See Plain for other scripts.
func SMSText(m Message) string {
	switch {
	case m.Said != "":
		return m.Said
	case m.Told != nil:
		return informText(m)
	}
	return kindText(m, strconv.FormatInt(m.Call.ID, 10), oneLine(m.Text))
}

// kindText words a message to a member. number is that of its call, text what it says itself, in one line.
func kindText(m Message, number, text string) string {
	switch m.Kind {
	case Offer:
		return offerText(m.Call, number, text)
	case Withdrawn:
		return withdrawnText(m.Call, number, text)
	case Logged:
		return fit(callSegments, fixed("Call "+number), customerPart(m.Call), fixed(" is logged."),
			part{before: " ", text: text, rank: 1, least: 20}, fixed("."))
	case Accepted:
		return fit(callSegments, part{text: somebody(m.Call), rank: 4, least: 20}, fixed(" took call "+number), customerPart(m.Call),
			summaryPart(m.Call), fixed("."))
	case Closed:
		return closedText(m.Call, number, text)
	case Reopened:
		return fit(callSegments, fixed("Call "+number), customerPart(m.Call), fixed(" is open again and yours"),
			part{before: ": ", text: first(text, oneLine(m.Call.Summary)), rank: 1, least: 30}, fixed("."))
	case Unassigned:
		return fit(callSegments, fixed("Nobody is free for call "+number+priority(m.Call)), customerPart(m.Call), summaryPart(m.Call),
			fixed(". Please choose somebody in chat."))
	case Code:
		return codeText(m, text)
	case Register:
		return fit(sentenceSegments, part{text: text, rank: 1, least: longest}, fixed(". Please answer in chat."))
	case Welcome:
		return welcomeText(m, text)
	case TaskDue:
		return fit(callSegments, part{text: text, rank: 1, least: 60}, fixed(fmt.Sprintf(". Reply M %d to start.", m.Record.ID)))
	case Words:
		return fit(sentenceSegments, part{text: text, rank: 1, least: 60}, fixed(fmt.Sprintf(". Reply N %s + your answer.", number)))
	case Report:
		return fit(callSegments, part{text: reportTitle(m), rank: 1, least: 40}, fixed(" is ready. Please open it in chat."))
	}
	return fit(sentenceSegments, part{text: text, rank: 1, least: longest}, fixed("."))
}

// offerText asks for an answer. line is what the last one who had the call wrote for the next one.
func offerText(c Call, number, line string) string {
	address := oneLine(c.Address)
	if address == "" {
		address = oneLine(c.Site)
	}
	return fit(callSegments,
		fixed("Call "+number+priority(c)),
		customerPart(c),
		part{before: ", ", text: address, rank: 4, least: 28},
		summaryPart(c),
		part{before: ". From ", text: line, rank: 3, least: 40},
		part{before: " (", text: oneLine(c.Equipment), after: ")", rank: 1, whole: true},
		part{before: ". ", text: phone(c.Phone), rank: 6, least: 40, whole: true},
		part{before: " (", text: oneLine(c.Contact), after: ")", rank: 2, whole: true},
		fixed(fmt.Sprintf(". Reply A %s to accept, D %s + reason to decline.", number, number)))
}

func withdrawnText(c Call, number, text string) string {
	if text == "" && c.Technician != "" {
		text = "taken by " + oneLine(c.Technician)
	}
	if text == "" {
		text = "no longer offered to you"
	}
	return fit(callSegments, fixed("Call "+number), customerPart(c), part{before: ": ", text: text, rank: 1, least: 20},
		fixed(". Nothing to do for you."))
}

func closedText(c Call, number, text string) string {
	done := oneLine(c.Resolution)
	if done == "" {
		done = text
	}
	by := ""
	if c.Technician != "" {
		by = oneLine(c.Technician)
	}
	return fit(callSegments, fixed("Call "+number), customerPart(c), fixed(" is closed"), part{before: " by ", text: by, rank: 3, least: 20},
		part{before: ": ", text: done, rank: 1, least: 30}, fixed("."))
}

func codeText(m Message, text string) string {
	if strings.Contains(text, " ") { // already a sentence
		return fit(sentenceSegments, part{text: text, rank: 1, least: longest})
	}
	return fit(callSegments, fixed(text+" is your Callout code"), part{before: " for ", text: oneLine(m.Company), rank: 1, least: 10},
		fixed(". Type it in chat to prove this phone. If you did not ask for it, ignore this text."))
}

func welcomeText(m Message, text string) string {
	if text != "" {
		return fit(sentenceSegments, part{text: text, rank: 1, least: longest}, fixed("."))
	}
	return fit(callSegments, fixed("Welcome"), part{before: " to ", text: oneLine(m.Company), rank: 2, least: 10},
		part{before: ", ", text: oneLine(m.Name), rank: 1, least: 10},
		fixed(". Calls will reach you on this phone. Text ? to see yours, STOP to end texts."))
}

func customerPart(c Call) part {
	return part{before: " ", text: oneLine(c.Customer), rank: 5, least: 24}
}

func summaryPart(c Call) part {
	return part{before: ": ", text: oneLine(c.Summary), rank: 3, least: 36}
}

// priority is worth its letters only when the call cannot wait.
func priority(c Call) string {
	switch strings.ToLower(c.Priority) {
	case "urgent":
		return " URGENT"
	case "high":
		return " HIGH"
	}
	return ""
}

func somebody(c Call) string {
	if name := oneLine(c.Technician); name != "" {
		return name
	}
	return "A technician"
}

func reportTitle(m Message) string {
	title := first(oneLine(m.Text), oneLine(figures(m).Title), oneLine(firstFile(m).Title), oneLine(firstFile(m).Name), "Your report")
	return strings.TrimRight(title, ".")
}

// first returns the first text that says anything.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func figures(m Message) Figures {
	if m.Figures == nil {
		return Figures{}
	}
	return *m.Figures
}

func firstFile(m Message) File {
	if len(m.Files) == 0 {
		return File{}
	}
	return m.Files[0]
}

// phone writes an E.164 number the way people read it, or leaves it as it is.
func phone(number string) string {
	parsed, err := phonenumbers.Parse(number, "")
	if err != nil || !strings.HasPrefix(number, "+") {
		return oneLine(number)
	}
	return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL)
}
