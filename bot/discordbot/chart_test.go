package discordbot

import (
	"strings"
	"testing"

	"callout/bot"
)

func TestAChartInLetters(t *testing.T) {
	t.Parallel()
	series := []bot.Series{{Name: "Opened", Values: []float64{10, 5, 0}}, {Name: "Closed", Values: []float64{4, 2.5, 1}}}
	got := chart(bot.Chart{Title: "Calls per day", Labels: []string{"25 Oct–26 Oct", "27 Oct", "a `fence`"}, Series: series})
	want := strings.Join([]string{
		"**Calls per day** · Opened / Closed", "```",
		"25 Oct–26 Oct ██████████ 10 / 4",
		"27 Oct        █████ 5 / 2.5",
		"a 'fence'      0 / 1",
		"```",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	labels, values := make([]string, 60), make([]float64, 60)
	for i := range labels {
		labels[i], values[i] = strings.Repeat("long ", 10), float64(i)
	}
	got = chart(bot.Chart{Title: "Many", Labels: labels, Series: []bot.Series{{Values: values}}})
	if length(got) > maxFieldValue || !strings.HasSuffix(got, "\n```") {
		t.Errorf("a long chart has %d characters and ends in %q", length(got), got[len(got)-10:])
	}
}
