package course

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/scheduletest"
)

// told is a course as package scheduletest changes it.
type told struct{ Course }

func (c *told) Snapshot() schedule.Snapshot { return c.snapshot() }

func (c *told) Clone() scheduletest.Noun {
	clone := *c
	clone.Sessions = slices.Clone(c.Sessions)
	return &clone
}

func (c *told) Change(t *rapid.T) {
	i := rapid.IntRange(0, len(c.Sessions)-1).Draw(t, "session")
	session := &c.Sessions[i]
	switch rapid.SampledFrom([]string{"move", "move", "place", "title", "add", "remove", "replace"}).Draw(t, "what") {
	case "move":
		session.Date = someDate(t)
	case "place":
		session.Place = rapid.SampledFrom([]*place.Place{nil, {Name: "Salen"}, {Name: "Laden"}}).Draw(t, "place")
	case "title":
		c.Titles = inDanish(rapid.SampledFrom([]string{"Hjertestart", "Genoplivning"}).Draw(t, "title"))
	case "add":
		c.Sessions = append(c.Sessions, Session{Date: someDate(t)})
	case "remove":
		if len(c.Sessions) > 1 {
			c.Sessions = slices.Delete(c.Sessions, i, i+1)
		}
	case "replace":
		session.ID = ""
	}
	c.nameSessions()
	c.sortSessions()
}

func inDanish(s string) i18n.Text { return i18n.Text{{Language: i18n.Danish, Text: s}} }

func someDate(t *rapid.T) schedule.Date {
	day, hour := rapid.IntRange(1, 3).Draw(t, "day"), rapid.IntRange(14, 16).Draw(t, "hour")
	local := func(hour int) clock.Local { return clock.Local(fmt.Sprintf("2026-06-%02dT%02d:00:00", day, hour)) }
	wall := schedule.Wall{StartsAt: local(hour), EndsAt: local(rapid.IntRange(17, 18).Draw(t, "end")), TimeZone: clock.Copenhagen}
	var p fault.Problems
	return wall.Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})
}

// People who take a course hear nothing twice, nothing old as new, and miss nothing.
func TestPeopleAreToldOfACourseWhatIsPromised(t *testing.T) {
	t.Parallel()
	scheduletest.Told(t, func(t *rapid.T) scheduletest.Noun {
		c := &told{Course{ID: "crs_1", Titles: inDanish("Hjertestart"), TimeZone: clock.Copenhagen}}
		for range rapid.IntRange(1, 3).Draw(t, "sessions") {
			c.Sessions = append(c.Sessions, Session{Date: someDate(t)})
		}
		c.nameSessions()
		c.sortSessions()
		return c
	})
}
