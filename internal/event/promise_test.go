package event

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/scheduletest"
)

// told is an event as package scheduletest changes it.
type told struct{ Event }

func (e *told) Snapshot() schedule.Snapshot { return NewOccurrence(&e.Event).snapshot(nil) }

func (e *told) Clone() scheduletest.Noun {
	clone := *e
	return &clone
}

func (e *told) Change(t *rapid.T) {
	switch rapid.SampledFrom([]string{"start", "end", "place", "title", "all"}).Draw(t, "what") {
	case "start":
		e.setHours(t, "start")
	case "end":
		e.setHours(t, "end")
	case "place":
		e.setPlace(t)
	case "title":
		e.Title = rapid.SampledFrom([]string{"Fest", "Bal"}).Draw(t, "title")
	default:
		e.setHours(t, "start")
		e.setPlace(t)
		e.Description = rapid.SampledFrom([]string{"", "Tag en ret med."}).Draw(t, "text")
	}
}

func (e *told) setHours(t *rapid.T, what string) {
	w := e.Wall()
	if what == "start" {
		w.StartsAt = clock.Local(rapid.SampledFrom([]string{"2026-06-01T14:00:00", "2026-06-01T18:00:00", "2026-06-02T14:00:00"}).Draw(t, "start"))
	}
	w.EndsAt = clock.Local(rapid.SampledFrom([]string{"2026-06-02T20:00:00", "2026-06-02T22:00:00"}).Draw(t, "end"))
	var p fault.Problems
	e.Date = w.Date(&p, "input", limits(time.Time{}, schedule.Date{}))
}

func (e *told) setPlace(t *rapid.T) {
	e.Place = rapid.SampledFrom([]*place.Place{nil, {Name: "Salen"}, {Name: "Laden"}}).Draw(t, "place")
}

// People who come to an event hear nothing twice, nothing old as new, and miss nothing.
func TestPeopleAreToldOfAnEventWhatIsPromised(t *testing.T) {
	t.Parallel()
	scheduletest.Told(t, func(*rapid.T) scheduletest.Noun {
		wall := schedule.Wall{StartsAt: "2026-06-01T14:00:00", EndsAt: "2026-06-02T20:00:00", TimeZone: clock.Copenhagen}
		var p fault.Problems
		return &told{Event{ID: "evt_1", Title: "Fest", Date: wall.Date(&p, "input", limits(time.Time{}, schedule.Date{}))}}
	})
}
