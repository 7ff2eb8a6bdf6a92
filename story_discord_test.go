package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

// completes fills a form step by step: each modal with what is known of its fields, each question with the answer that has these
// words, until the form is saved.
func (g *guild) completes(user string, reply discord.Reply, values map[string]string, answers ...string) discord.Reply {
	g.Helper()
	var err error
	for range 12 {
		switch {
		case reply.Modal != nil:
			fill := discord.Values{}
			for _, label := range reply.Modal.Labels() {
				if v, ok := values[label]; ok {
					fill[label] = []string{v}
				}
			}
			reply, err = g.discord.Submit(g.ctx, user, fill)
		case strings.Contains(reply.Text, "do you mean?"):
			reply, err = g.discord.Choose(g.ctx, user, reply.Ref, "Choose one", answers[0])
			answers = answers[1:]
		default:
			next := ""
			for _, label := range []string{"Continue", "Log call", "Save", "Close call"} {
				if strings.Contains(reply.Text, label) {
					next = label
					break
				}
			}
			if next == "" {
				return reply
			}
			reply, err = g.discord.Press(g.ctx, user, reply.Ref, next)
		}
		if err != nil {
			g.Fatal(err)
		}
		if len(reply.Errors) > 0 {
			g.Fatalf("the form was refused: %v", slices.Collect(maps.Values(reply.Errors)))
		}
	}
	g.Fatalf("the form has no end: %+v", reply)
	return reply
}

func TestACallInDiscord(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			g := startGuild(t, way == "http")
			const dora, tim = "3000000000000000202", "3000000000000000203"
			g.member(dora, "Dora", "dispatcher")
			g.member(tim, "Tim", "technician")
			g.onDuty()
			g.customer("Acme Foods", "+442079460123", "")

			reply, err := g.discord.Type(g.ctx, dora, guildCalls, "/log-call words:Printer is jammed")
			if err != nil {
				t.Fatal(err)
			}
			if reply.Modal == nil {
				t.Fatalf("no form: %+v", reply)
			}
			g.completes(dora, reply, map[string]string{"Customer": "acme", "Priority": "urgent"}, "Acme Foods")
			card := g.sees(dora, guildCalls, "Call 1 · Printer is jammed", "Acme Foods", "offered to Tim")

			offer := g.sees(tim, g.discord.DM(tim), "Can you take this call?", "Printer is jammed")
			if _, err := g.discord.Press(g.ctx, tim, discord.MessageRef{Channel: offer.Channel, ID: offer.ID}, "Accept"); err != nil {
				t.Fatal(err)
			}
			g.sees(dora, guildCalls, "Call 1 · Printer is jammed", "accepted")
			g.sees(tim, g.discord.DM(tim), "On my way")
			g.sees(dora, card.ID, "**Tim** accepted.")

			reply, err = g.discord.Press(g.ctx, tim, discord.MessageRef{Channel: offer.Channel, ID: offer.ID}, "Close")
			if err != nil {
				t.Fatal(err)
			}
			g.completes(tim, reply, map[string]string{"What was done": "Cleaned the rollers"})
			g.sees(dora, guildCalls, "Cleaned the rollers", "Closed by Tim")
		})
	}
}
