package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/desk"
)

// clip shortens a text to at most so many characters, and shows that it did.
func clip(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// number reads a record's id; 0 if there is none.
func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func chosenOf(options []Option, value string) []Option {
	for _, o := range options {
		if o.Value == value {
			return []Option{o}
		}
	}
	return nil
}

// progressWords says where a call is, as people say it.
func progressWords(status, progress string) string {
	if status == desk.Done {
		return "Closed"
	}
	switch progress {
	case desk.Unassigned:
		return "Pending · nobody has it yet"
	case desk.Offered:
		return "Pending · offered"
	case desk.Accepted:
		return "Pending · accepted"
	case desk.EnRoute:
		return "Pending · on the way"
	case desk.OnSite:
		return "Pending · on site"
	case desk.Waiting:
		return "Pending · waiting"
	}
	return "Pending"
}

func priorityMark(priority string) string {
	switch priority {
	case "urgent":
		return "🔴 Urgent"
	case "high":
		return "🟠 High"
	case "low":
		return "⚪ Low"
	}
	return "🔵 Normal"
}

// dayText is a date as people say it.
func dayText(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("Mon 2 Jan 2006")
}
