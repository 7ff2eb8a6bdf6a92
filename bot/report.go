package bot

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"callout/desk"
)

const formReport = "report"

func reportTopic() topic {
	return topic{
		buttons: map[string]handler{formReport: (*Bot).report, "report.stop": (*Bot).stopSchedule},
		forms:   map[string]handler{formReport: (*Bot).submitReport},
		changes: map[string]handler{formReport: (*Bot).changeReport},
	}
}

// schedulePart is the end of a `/report` that comes again and again: every monday 08:00 [in #channel].
var schedulePart = regexp.MustCompile(`(?i)\s*\bevery\s+(.+?)(?:\s+in\s+<#([A-Z0-9]+)(?:\|[^>]*)?>)?\s*$`)

// report answers `/report [kind] [filters]` at once, and `/report` alone with a form.
func (b *Bot) report(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	text := strings.TrimSpace(r.Text)
	kind, rest, _ := strings.Cut(text, " ")
	switch kind = strings.ToLower(kind); {
	case kind == "":
		s, err := b.Desk.Settings(ctx)
		if err != nil {
			return Reply{}, err
		}
		// From the home page, where there is no channel, reports go where the admin wants them.
		return Reply{Form: reportForm(desk.NounCalls, cmp.Or(r.Channel, desk.ChannelOn(s.ReportsChannel, string(r.Platform))))}, nil
	case kind == "schedules":
		return b.listSchedules(ctx, a)
	case strings.Contains(kind, ":"), kind == "every": // no kind, at once the filters
		kind, rest = desk.ReportKinds()[0], text
	}
	request := desk.ReportRequest{Kind: kind, Filters: rest, Platform: string(r.Platform), Channel: cmp.Or(r.Channel, r.User)}
	if m := schedulePart.FindStringSubmatch(rest); m != nil {
		request.Filters = strings.TrimSpace(strings.TrimSuffix(rest, m[0]))
		request.Channel = cmp.Or(m[2], request.Channel)
		return b.schedule(ctx, a, desk.NewSchedule{ReportRequest: request, Every: m[1]})
	}
	return b.askReport(ctx, a, request)
}

func (b *Bot) askReport(ctx context.Context, a desk.Actor, request desk.ReportRequest) (Reply, error) {
	if _, err := b.Desk.AskReport(ctx, a, request); err != nil {
		return Reply{}, err
	}
	return say("I am making the report; it appears in a moment, where you asked for it."), nil
}

func (b *Bot) schedule(ctx context.Context, a desk.Actor, in desk.NewSchedule) (Reply, error) {
	s, err := b.Desk.ScheduleReport(ctx, a, in)
	if err != nil {
		return Reply{}, err
	}
	words := Say("The report comes every ", strings.TrimPrefix(in.Every, "every "), "; the first one ", At(s.NextRunAt, b.zone(a)), ". /report schedules lists and stops them.")
	return Reply{Say: &Card{Text: words.String(), Parts: []Part{Text(words)}}}, nil
}

// reportForm asks for a report on the records of a noun, with its filters.
func reportForm(noun desk.Noun, channel string) *Form {
	kinds := plainOptions(desk.ReportKinds())
	chosen := chosenOf(kinds, string(noun))
	form := &Form{ID: formReport, Title: "Make a report", Submit: "Make report", Fields: []Field{
		{Name: "kind", Kind: FieldPick, Label: "Report", Options: kinds, Chosen: chosen, Refresh: true},
		{Name: "channel", Kind: FieldChannel, Label: "Where it appears", Value: channel, Current: true},
		{Name: "every", Kind: FieldLine, Label: "Again and again", Optional: true, Max: 60, Placeholder: "monday 08:00", Hint: "Leave it empty for one report now. Otherwise: day, weekday, month or a day of the week, and a time."},
	}}
	form.Fields = append(form.Fields, filterFields(noun, desk.Filter{From: "last-month", To: "today"})...)
	return form
}

// changeReport shows the filters of the kind of report that was just chosen.
func (b *Bot) changeReport(_ context.Context, r Request, _ desk.Actor) (Reply, error) {
	return Reply{Form: reportForm(desk.Noun(r.Values.Get("kind")), r.Values.Get("channel"))}, nil
}

func (b *Bot) submitReport(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	f, err := filterOf(desk.Noun(r.Values.Get("kind")), r.Values)
	if err != nil {
		return Reply{}, err
	}
	request := desk.ReportRequest{
		Kind: r.Values.Get("kind"), Filters: f.String(), Platform: string(r.Platform), Channel: cmp.Or(r.Values.Get("channel"), r.User),
	}
	if every := r.Values.Get("every"); every != "" {
		return b.schedule(ctx, a, desk.NewSchedule{ReportRequest: request, Every: every})
	}
	return b.askReport(ctx, a, request)
}

func (b *Bot) listSchedules(ctx context.Context, a desk.Actor) (Reply, error) {
	rows, err := b.Desk.Schedules(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	card := &Card{Text: plural(int64(len(rows)), "scheduled report") + ".", Parts: []Part{Heading("Scheduled reports")}}
	if len(rows) == 0 {
		card.Parts = append(card.Parts, Text(Say("None yet. Write for example /report calls from:last-week to:last-week every monday 08:00")))
	}
	for _, row := range rows {
		s := row.ReportSchedule
		words := Say(Bold(s.Kind), " ", s.Filters, "\nnext ", At(s.NextRunAt, b.zone(a)), ", asked for by ", row.CreatedByName)
		if !a.Can(desk.Schedule) {
			card.Parts = append(card.Parts, Text(words))
			continue
		}
		card.Parts = append(card.Parts, Item{Text: words, Button: Button{Action: "report.stop", Value: strconv.FormatInt(s.ID, 10), Label: "Stop", Confirm: "Stop this report?"}})
	}
	return Reply{Say: card}, nil
}

func (b *Bot) stopSchedule(ctx context.Context, r Request, a desk.Actor) (Reply, error) {
	if err := b.Desk.StopSchedule(ctx, a, number(r.Value)); err != nil {
		return Reply{}, err
	}
	reply, err := b.listSchedules(ctx, a)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Update: reply.Say}, nil
}

// numbersLine says the figures of a report in one line.
func numbersLine(labels, values []string) string {
	parts := make([]string, len(labels))
	for i := range labels {
		parts[i] = fmt.Sprintf("%s %s", labels[i], values[i])
	}
	return strings.Join(parts, " · ")
}
