package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"faellesskab/internal/notify"
)

// The guide tells app developers which channels to create: those of the families, each once, in their order.
func TestTheGuideListsTheChannels(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|.*\\| `([A-Z]+)` \\|$").FindAllStringSubmatch(string(text), -1)
	var got, want []string
	for _, row := range rows {
		got = append(got, row[1]+" "+row[2])
	}
	for _, family := range notify.Families {
		want = append(want, family.ChannelID()+" "+string(family))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the guide's channels are %q, the families %q", got, want)
	}
}
