package desk

import (
	"slices"
	"strings"
)

// A channel setting names a channel of each chat that the company uses: an admin who changes one in Slack leaves Discord's alone.

// ChannelOn is the channel that a channel setting names on a platform; empty if it names none there.
func ChannelOn(setting, platform string) string {
	for _, b := range boards(setting) {
		if b.platform == platform {
			return b.channel
		}
	}
	return ""
}

// withChannel is a channel setting with another channel on a platform; an empty one takes that platform's out.
func withChannel(setting, platform, channel string) string {
	var ids []string
	for _, b := range boards(setting) {
		if b.platform != platform {
			ids = append(ids, b.channel)
		}
	}
	if channel != "" {
		ids = append(ids, channel)
	}
	slices.Sort(ids)
	return strings.Join(ids, ",")
}

// overlay is a channel setting of the environment with the channels that an admin chose over it.
func overlay(setting, chosen string) string {
	for _, b := range boards(chosen) {
		setting = withChannel(setting, b.platform, b.channel)
	}
	return setting
}

// rechosen is what is stored of a channel setting when somebody on a platform chooses a channel there, or none.
func rechosen(chosen, platform, channel string) string {
	switch named := boards(channel); {
	case len(named) > 0:
		return overlay(chosen, channel)
	case platform == "slack" || platform == "discord":
		return withChannel(chosen, platform, "")
	}
	return ""
}
