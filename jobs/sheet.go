package jobs

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/desk"
	"callout/notify"
	"callout/reports"
)

// attachSheet makes the service sheet that a notice carries.
func (j *Jobs) attachSheet(ctx context.Context, _ *desk.Outgoing, m *notify.Message) error {
	if m.Channel == notify.SMS {
		return nil // a text carries no file
	}
	pdf, err := SheetPDF(ctx, j.Desk, m.Record.ID)
	if err != nil {
		return refusedForGood(err)
	}
	m.Files = []notify.File{pdf}
	return nil
}

// SheetPDF makes the service sheet of a task that is done.
func SheetPDF(ctx context.Context, d *desk.Desk, id int64) (notify.File, error) {
	c, err := d.ChecklistOf(ctx, id)
	if err != nil {
		return notify.File{}, err
	}
	pictures, err := stepPictures(ctx, d, c)
	if err != nil {
		return notify.File{}, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return notify.File{}, err
	}
	paper := sheetPaper(d, c, pictures)
	paper.Sender = lines(strings.Split(settings.CompanyAddress, "\n")...)
	var pdf bytes.Buffer
	if err := reports.WritePaper(ctx, &pdf, paper); err != nil {
		return notify.File{}, fmt.Errorf("make service sheet of task %d: %w", id, err)
	}
	return notify.File{Name: fmt.Sprintf("service-sheet-%d.pdf", id), Title: paper.Title, Media: "application/pdf", Content: pdf.Bytes()}, nil
}

// picturesMost bounds the photos of one sheet, so that it can be sent by e-mail.
const picturesMost = 20

// stepPictures reads the photos that were kept, each with the step it shows. One that is still being fetched is left out: asking
// for the sheet again shows it.
func stepPictures(ctx context.Context, d *desk.Desk, c desk.Checklist) (reports.Pictures, error) {
	files, err := d.Files(ctx, desk.Record{Kind: desk.TaskRecord, ID: c.Task.PmTask.ID})
	if err != nil {
		return nil, err
	}
	var pictures reports.Pictures
	for _, f := range files {
		if f.State != "kept" || len(pictures) == picturesMost {
			continue
		}
		file, err := d.File(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, reports.Picture{Caption: stepCaption(c, f.Label), Content: file.Content})
	}
	return pictures, nil
}

// stepCaption names the step of a photo's label.
func stepCaption(c desk.Checklist, label string) string {
	for i, s := range c.Steps {
		if desk.PhotoLabel(s.Number) == label {
			return fmt.Sprintf("Step %d: %s", i+1, s.Text)
		}
	}
	return label
}

// sheetPaper lays out a service sheet.
func sheetPaper(d *desk.Desk, c desk.Checklist, pictures reports.Pictures) reports.Paper {
	v := c.Task
	t := v.PmTask
	p := reports.Paper{
		Company: d.Company, Title: fmt.Sprintf("Service sheet %d", t.ID), Subtitle: v.Template,
		Recipient: lines(v.Customer, v.SiteName, v.SiteAddress), MadeAt: *t.DoneAt, Timezone: d.Zone,
		Facts: []reports.PaperFact{
			{Label: "Machine", Value: v.Model},
			{Label: "Serial number", Value: v.Serial},
			{Label: "Technician", Value: v.DoneByName},
			{Label: "Done", Value: t.DoneAt.In(d.Zone).Format("2 January 2006, 15:04")},
			{Label: "Due", Value: t.DueOn.Format("2 January 2006")},
			{Label: "Result", Value: c.Summary()},
		},
		Foot: fmt.Sprintf("Service sheet %d · %s %s", t.ID, v.Model, v.Serial),
	}
	if t.Outcome != "" {
		p.Blocks = append(p.Blocks, reports.Paragraph{Title: "Remarks", Text: t.Outcome})
	}
	p.Blocks = append(p.Blocks, checklistBlock(c))
	if left := c.Left(); left > 0 {
		text := t.Reason
		if v.CarriedTo != 0 {
			text += fmt.Sprintf(" They are done as maintenance %d.", v.CarriedTo)
		}
		p.Blocks = append(p.Blocks, reports.Paragraph{Title: "Why " + strconv.Itoa(left) + " of the steps are left", Text: text})
	}
	if len(pictures) > 0 {
		p.Blocks = append(p.Blocks, pictures)
	}
	return p
}

func checklistBlock(c desk.Checklist) reports.Checklist {
	rows := make(reports.Checklist, len(c.Steps))
	for i, s := range c.Steps {
		row := reports.ChecklistRow{Step: fmt.Sprintf("%d. %s", i+1, s.Text), Result: desk.FoundLeft}
		if s.Answered {
			row.Result, row.Value, row.Note = s.Answer.Result, s.Shown(s.Answer.Value), s.Answer.Note
		}
		if s.Kind == desk.StepNumber && (s.Min != nil || s.Max != nil) {
			row.Step += " (" + s.Wanted() + ")"
		}
		if s.Answer.CallID != nil {
			row.Note = strings.TrimSpace(fmt.Sprintf("%s (call %d)", row.Note, *s.Answer.CallID))
		}
		rows[i] = row
	}
	return rows
}

// lines leaves out what is empty, and what is there twice.
func lines(all ...string) []string {
	var out []string
	for i, text := range all {
		if text != "" && (i == 0 || text != all[i-1]) {
			out = append(out, text)
		}
	}
	return out
}
