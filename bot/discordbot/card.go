package discordbot

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
)

// colour is the stripe beside every embed of ours.
const colour = 0x2F6FDE

// message is a card drawn for Discord.
type message struct {
	Content         string                       `json:"content"`
	Embeds          []*discordgo.MessageEmbed    `json:"embeds"`
	Components      []discordgo.MessageComponent `json:"components"`
	AllowedMentions allowedMentions              `json:"allowed_mentions"`
	Flags           int                          `json:"flags,omitempty"`
	Nonce           string                       `json:"nonce,omitempty"`
	EnforceNonce    bool                         `json:"enforce_nonce,omitempty"`
	Attachments     []attachment                 `json:"attachments,omitempty"`

	files []bot.File
}

// allowedMentions lets nobody be rung, whatever a text says.
type allowedMentions struct {
	Parse []string `json:"parse"`
}

// attachment describes a file that goes with a message.
type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// draw draws a card as a message: one embed with everything that is read, and rows of what can be pressed.
func (a *Adapter) draw(ctx context.Context, c bot.Card) (message, error) {
	d := drawing{embed: &discordgo.MessageEmbed{Color: colour}, left: maxEmbedSum}
	for _, part := range c.Parts {
		d.part(part)
	}
	d.finish()
	m := message{Embeds: []*discordgo.MessageEmbed{}, Components: []discordgo.MessageComponent{}, AllowedMentions: allowedMentions{Parse: []string{}}}
	// Notifications show the content only; what the embed says in the same words is not said twice.
	plain := escaper.Replace(shorten(c.Text, maxContent/2))
	if d.empty() {
		m.Content = orValue(plain, "Callout")
	} else {
		m.Embeds = append(m.Embeds, d.embed)
		if d.embed.Title != "" || len(d.embed.Fields) > 0 {
			m.Content = plain
		}
	}
	rows, err := a.rows(ctx, d.buttons, d.items)
	if err != nil {
		return m, err
	}
	m.Components = append(m.Components, rows...)
	m.files = c.Files
	for i, f := range c.Files {
		m.Attachments = append(m.Attachments, attachment{ID: i, Filename: fileName(f.Name), Description: shorten(f.Title, maxFileNote)})
	}
	return m, nil
}

// quiet leaves the words for notifications out of an answer that one person sees: it rings nobody, and the embed says it all.
func (m *message) quiet(alone bool) {
	if alone && len(m.Embeds) > 0 {
		m.Content = ""
	}
}

// drawing gathers the parts of a card and keeps within what an embed may hold.
type drawing struct {
	embed   *discordgo.MessageEmbed
	text    []string
	left    int // characters that may still be used
	dropped int
	buttons []bot.Button
	items   []bot.Item // those with a button
}

func (d *drawing) empty() bool {
	return d.embed.Title == "" && d.embed.Description == "" && len(d.embed.Fields) == 0 && d.embed.Footer == nil
}

func (d *drawing) part(part bot.Part) {
	switch part := part.(type) {
	case bot.Heading:
		d.heading(string(part))
	case bot.Text:
		d.line(markdown(bot.Words(part), d.fit(maxDescription)))
	case bot.Note:
		if text := markdown(bot.Words(part), d.fit(maxFieldValue)); text != "" {
			d.line("-# " + strings.ReplaceAll(text, "\n", "\n-# "))
		}
	case bot.Divider:
		d.line("\u2500\u2500\u2500")
	case bot.Facts:
		d.facts(part)
	case bot.Item:
		d.line(markdown(part.Text, d.fit(maxFieldValue)))
		if part.Button.Action != "" || part.Button.URL != "" {
			d.items = append(d.items, part)
		}
	case bot.Buttons:
		d.buttons = append(d.buttons, part...)
	case bot.Chart:
		d.line(chart(part))
	}
}

func (d *drawing) heading(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if d.embed.Title == "" && len(d.text) == 0 && len(d.embed.Fields) == 0 {
		d.embed.Title = markdown(bot.Say(text), maxEmbedTitle)
		d.left -= length(d.embed.Title)
		return
	}
	d.line("**" + markdown(bot.Say(text), maxEmbedTitle) + "**")
}

const (
	// reserved is kept for what is added at the end: that something does not fit, and what a message is found by again.
	reserved = 100
	// minCut is the shortest beginning of a text that is worth showing.
	minCut = 100
)

// room is how many characters one more paragraph may have.
func (d *drawing) room() int {
	used := length(strings.Join(d.text, "\n")) + 1
	return min(maxDescription-used, d.left-1) - reserved
}

// fit is how long a text may be drawn, at most: as there is room, if that is enough to cut it.
func (d *drawing) fit(most int) int {
	if room := d.room(); room >= minCut {
		return min(most, room)
	}
	return most
}

// line adds a paragraph, unless there is no room: then it is counted.
func (d *drawing) line(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if length(text) > d.room() {
		d.dropped++
		return
	}
	d.text = append(d.text, text)
	d.left -= length(text) + 1
}

func (d *drawing) facts(facts bot.Facts) {
	for _, fact := range facts {
		name, value := shorten(orValue(fact.Label, "\u200b"), maxFieldName), orValue(markdown(fact.Value, maxFieldValue), "–")
		if size := length(name) + length(value); len(d.embed.Fields) == maxFields || size > d.left-reserved {
			d.dropped++
			continue
		}
		d.embed.Fields = append(d.embed.Fields, &discordgo.MessageEmbedField{Name: name, Value: value, Inline: true})
		d.left -= length(name) + length(value)
	}
}

func (d *drawing) finish() {
	if d.dropped > 0 {
		d.text = append(d.text, fmt.Sprintf("-# … and %d more that do not fit here", d.dropped))
	}
	d.embed.Description = strings.Join(d.text, "\n")
}

const (
	// A line of a chart fits beside the others on a phone.
	chartLabel = 16
	chartBar   = 10
)

// chart draws a chart in letters, as Discord has none: a line for each label, a bar for the first of its numbers.
func chart(c bot.Chart) string {
	title, wide, most := "**"+escaper.Replace(shorten(c.Title, maxOption))+"**", 0, 0.0
	for i, label := range c.Labels {
		wide = max(wide, min(length(label), chartLabel))
		if len(c.Series) > 0 && i < len(c.Series[0].Values) {
			most = max(most, c.Series[0].Values[i])
		}
	}
	var names []string
	for _, s := range c.Series {
		names = append(names, escaper.Replace(s.Name))
	}
	if len(names) > 1 {
		title += " · " + strings.Join(names, " / ")
	}
	lines, left := []string{title, "```"}, maxFieldValue-length(title)-2*len("\n```")
	for i, label := range c.Labels {
		var values []string
		bar := 0
		for n, s := range c.Series {
			if i >= len(s.Values) {
				continue
			}
			values = append(values, strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", s.Values[i]), "0"), "."))
			if n == 0 && most > 0 {
				bar = max(0, int(math.Round(s.Values[i]/most*chartBar)))
			}
		}
		label = shorten(strings.ReplaceAll(label, "`", "'"), chartLabel)
		line := label + strings.Repeat(" ", max(0, wide-length(label))) + " " + strings.Repeat("█", bar) + " " + strings.Join(values, " / ")
		if left -= length(line) + 1; left < 0 {
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(append(lines, "```"), "\n")
}
