package schedule

import (
	"time"

	"faellesskab/internal/clock"
)

// News is what a piece of news tells now: the noun as it is told, and what of it is new.
type News struct {
	Snapshot
	New      []Novelty // of dates that are not over, in their order
	Fewer    bool      // there are fewer dates
	NewTitle bool
	NewText  bool
	// TurnsUpAt is when the first person would come in vain who does not hear of it; nil if
	// none would.
	TurnsUpAt *time.Time
}

// IsMove reports whether it tells of times and places.
func (n News) IsMove() bool { return len(n.New) > 0 || n.Fewer }

// IsText reports whether it tells of a name or a description.
func (n News) IsText() bool { return n.NewTitle || n.NewText }

// First is the date that a text names, with what is new about it: the first new one. If there
// are only fewer, it is the last that is left, and else the first. A plan always has one.
func (n News) First() (Entry, Novelty) {
	if len(n.New) > 0 {
		return *n.Plan.of(n.New[0].ID), n.New[0]
	}
	if n.Fewer {
		return n.Plan[len(n.Plan)-1], Novelty{}
	}
	return n.Plan[0], Novelty{}
}

// Also are the further dates that are new, besides the first.
func (n News) Also() []Entry {
	var list []Entry
	for _, novelty := range n.New[min(1, len(n.New)):] {
		list = append(list, *n.Plan.of(novelty.ID))
	}
	return list
}

// Words are the words that a text about the date may mention.
func (e Entry) Words() map[string]string {
	return map[string]string{"StartsAt": e.Start().String(), "EndsAt": e.End().String(), "Place": e.Place.Label()}
}

// maxAlso is how many dates a text names besides the first.
const maxAlso = 3

// Words say in a text what is new, about the first date and the whole. A word is empty if it
// is not new, so that it replaces that of a text made earlier.
func (n News) Words() map[string]string {
	_, of := n.First()
	words := map[string]string{}
	for word, isNew := range map[string]bool{"NewTime": of.Time || of.Added, "NewEnd": of.End, "NewPlace": of.Place, "Fewer": n.Fewer,
		"NewTitle": n.NewTitle, "NewText": n.NewText} {
		words[word] = ""
		if isNew {
			words[word] = "1"
		}
	}
	also := n.Also()
	words["AlsoAt"], words["AlsoMore"] = starts(also[:min(maxAlso, len(also))]), ""
	if len(also) > maxAlso {
		words["AlsoMore"] = "1"
	}
	return words
}

// starts are the starts of dates, as a word.
func starts(dates []Entry) string {
	moments := make([]clock.Moment, len(dates))
	for i, e := range dates {
		moments[i] = e.Start()
	}
	return clock.Moments(moments)
}
