package schedule

import (
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// News is what a piece of news tells now: the noun as it is told, and what of it is new.
type News struct {
	Snapshot
	New      []Novelty      // of dates that are not over, in their order
	Gone     []clock.Moment // the starts of dates that are gone
	Fewer    bool           // there are fewer dates
	NewTitle bool
	OldTitle i18n.Text // the name before, if it is new
	NewText  bool
	// TurnsUpAt is when the first person would come in vain who does not hear of it; nil if
	// none would.
	TurnsUpAt *time.Time
}

// IsMove reports whether it tells of times and places.
func (n News) IsMove() bool { return len(n.New) > 0 || n.Fewer || len(n.Gone) > 0 }

// IsText reports whether it tells of a name or a description.
func (n News) IsText() bool { return n.NewTitle || n.NewText }

// First is the date that a text names, with what is new about it: the first new one. If there
// are only fewer, it is the last that is left, and else the first. A plan always has one.
func (n News) First() (Entry, Novelty) {
	if len(n.New) > 0 {
		return *n.Plan.of(n.New[0].ID), n.New[0]
	}
	if n.Fewer || len(n.Gone) > 0 {
		return n.Plan[len(n.Plan)-1], Novelty{}
	}
	return n.Plan[0], Novelty{}
}

// Words are the words that a text about the date may mention.
func (e Entry) Words() map[string]string {
	return map[string]string{"StartsAt": e.Start().String(), "EndsAt": e.End().String(), "Place": e.Place.Label()}
}

// withoutQuotes makes a name fit between quotes: its own become single ones, as within any quotation.
var withoutQuotes = strings.NewReplacer(`"`, "'", "“", "'", "”", "'", "„", "'", "»", "'", "«", "'")

// maxNamed is how many dates of a sort a text names besides the first.
const maxNamed = 3

// Words say in a text what is new, about the first date and the whole. A word is empty if it
// is not new, so that it replaces that of a text made earlier.
func (n News) Words() map[string]string {
	_, of := n.First()
	words := map[string]string{}
	for word, isNew := range map[string]bool{"NewTime": of.Time || of.Added, "Added": of.Added, "NewEnd": of.End, "NewPlace": of.Place, "Fewer": n.Fewer,
		"NewTitle": n.NewTitle, "NewText": n.NewText} {
		words[word] = ""
		if isNew {
			words[word] = "1"
		}
	}
	for _, l := range i18n.Languages {
		words["OldTitle_"+string(l)] = ""
		if old := n.OldTitle.In(l); old != n.Title.In(l) {
			words["OldTitle_"+string(l)] = withoutQuotes.Replace(old)
		}
	}
	also := n.New[min(1, len(n.New)):]
	var moves []clock.Move
	for _, novelty := range also[:min(maxNamed, len(also))] {
		moves = append(moves, n.move(novelty))
	}
	words["FromAt"], words["AlsoAt"], words["AlsoMore"] = "", clock.Moves(moves), ""
	if of.From != nil {
		words["FromAt"] = n.move(of).From.String()
	}
	if len(also) > maxNamed {
		words["AlsoMore"] = "1"
	}
	words["GoneAt"], words["GoneMore"] = clock.Moments(n.Gone[:min(maxNamed, len(n.Gone))]), ""
	if len(n.Gone) > maxNamed {
		words["GoneMore"] = "1"
	}
	return words
}

// move is what is new about the start of a date.
func (n News) move(of Novelty) clock.Move {
	e := n.Plan.of(of.ID)
	m := clock.Move{To: e.Start()}
	if of.From != nil {
		m.From = *of.From
		m.From.IsDay = e.IsAllDay && m.From.Zone != "" && clock.TimeOfDay(m.From.At, m.From.Zone) == "00:00"
	}
	return m
}
