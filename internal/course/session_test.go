package course_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// sessionIDs are the ids of a course's sessions, in order.
func sessionIDs(c *course.Course) []string {
	var ids []string
	for _, s := range c.Sessions {
		ids = append(ids, s.ID)
	}
	return ids
}

// at is a session at a time of the clock on the wall, of an hour.
func at(id *string, start clock.Local) course.SessionInput {
	return course.SessionInput{ID: id, StartsAt: start, EndsAt: start[:14] + "59:00"}
}

func update(staff context.Context, t *testing.T, w *ct.World, courseID string, sessions ...course.SessionInput) *course.Course {
	t.Helper()
	return ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: courseID, Sessions: optional.ListOf(sessions...)}))(t)
}

// A session keeps its id when it is moved behind another. A new one gets an id that no session
// of the course has had before, also if the last one was removed.
func TestASessionKeepsItsIDAndNoOtherEverGetsIt(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	first, second := c.Sessions[0].ID, c.Sessions[1].ID
	moved := update(staff, t, w, c.ID, at(&first, "2026-05-09T14:00:00"), at(&second, "2026-05-03T14:00:00"))
	if diff := cmp.Diff([]string{second, first}, sessionIDs(moved)); diff != "" {
		t.Errorf("the order after the move (-want +got):\n%s", diff)
	}
	third := update(staff, t, w, c.ID, at(&first, "2026-05-09T14:00:00"), at(&second, "2026-05-03T14:00:00"), at(nil, "2026-05-10T14:00:00")).Sessions[2].ID
	update(staff, t, w, c.ID, at(&first, "2026-05-09T14:00:00"))
	again := update(staff, t, w, c.ID, at(&first, "2026-05-09T14:00:00"), at(nil, "2026-05-10T14:00:00"))
	known := map[string]bool{first: true, second: true, third: true}
	if len(known) != 3 || len(again.Sessions) != 2 || known[again.Sessions[1].ID] || !known[again.Sessions[0].ID] {
		t.Errorf("sessions %v, after %v", sessionIDs(again), known)
	}
	stored := ct.Must(w.Courses.Get(staff, c.ID))(t)
	if diff := cmp.Diff(sessionIDs(again), sessionIDs(stored)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	found := ct.Must(w.Courses.SessionsByIDs(staff, []string{first, second, again.Sessions[1].ID, "ses_:x"}))(t)
	if len(found) != 2 || found[first] == nil || found[second] != nil || found[first].CourseID() != c.ID {
		t.Errorf("found %v", found)
	}
	if found := ct.Must(w.Courses.SessionsByIDs(w.As("bo"), []string{first}))(t); len(found) > 0 {
		t.Errorf("bo finds a session of a draft: %v", found)
	}
}

// A repeat of the call that made a course, or that added a session, gets the same ids.
func TestARepeatMakesTheSameSessions(t *testing.T) {
	t.Parallel()
	w, staff, _ := school(t, 1)
	key, other := "5f0c7dd0-6a3f-4c59-9e0e-000000000001", "5f0c7dd0-6a3f-4c59-9e0e-000000000002"
	create := func(key string) *course.Course {
		return ct.Must(w.Courses.Create(staff, course.CreateInput{ClientMutationID: &key, Title: danish("Sluk ild"), TimeZone: clock.Copenhagen,
			Sessions: []course.SessionInput{at(nil, "2026-06-02T14:00:00"), at(nil, "2026-06-01T14:00:00")}}))(t)
	}
	one, two, third := create(key), create(key), create(other)
	if diff := cmp.Diff(sessionIDs(one), sessionIDs(two)); diff != "" {
		t.Errorf("a repeat (-first +second):\n%s", diff)
	}
	if one.Sessions[0].ID == third.Sessions[0].ID || one.Sessions[0].ID == one.Sessions[1].ID {
		t.Errorf("the same id twice: %v, %v", sessionIDs(one), sessionIDs(third))
	}
	add := course.UpdateInput{ClientMutationID: &other, CourseID: one.ID, Sessions: optional.ListOf(append(inputOf(one), at(nil, "2026-06-03T14:00:00"))...)}
	add.ClientMutationID = ptr("5f0c7dd0-6a3f-4c59-9e0e-000000000003")
	if diff := cmp.Diff(sessionIDs(ct.Must(w.Courses.Update(staff, add))(t)), sessionIDs(ct.Must(w.Courses.Update(staff, add))(t))); diff != "" {
		t.Errorf("a repeat of the edit (-first +second):\n%s", diff)
	}
}

func ptr(s string) *string { return &s }

// An edit names the sessions of its own course, each once, and says which of the inputs is
// wrong.
func TestAnEditNamesItsOwnSessions(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	foreign := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: danish("Sluk ild"), TimeZone: clock.Copenhagen, Sessions: []course.SessionInput{at(nil, "2026-06-01T14:00:00")}}))(t)
	first, gone := c.Sessions[0].ID, c.Sessions[1].ID
	c = update(staff, t, w, c.ID, at(&first, c.Sessions[0].StartsAtLocal))
	for name, row := range map[string]struct {
		sessions []course.SessionInput
		want     string
	}{
		"of another course": {[]course.SessionInput{at(&first, "2026-06-01T14:00:00"), at(&foreign.Sessions[0].ID, "2026-06-02T14:00:00")}, "course.session.unknown (input.sessions.1.id)"},
		"removed before":    {[]course.SessionInput{at(&gone, "2026-06-01T14:00:00")}, "course.session.unknown (input.sessions.0.id)"},
		"twice":             {[]course.SessionInput{at(&first, "2026-06-01T14:00:00"), at(&first, "2026-06-02T14:00:00")}, "course.session.twice (input.sessions.1.id)"},
		"a course's id":     {[]course.SessionInput{at(&c.ID, "2026-06-01T14:00:00")}, "id.bad (input.sessions.0.id)"},
		"moved back":        {[]course.SessionInput{at(nil, "2026-06-01T14:00:00"), at(&first, "2026-04-01T14:00:00")}, "time.past (input.sessions.1.startsAt)"},
		"new, in the past":  {[]course.SessionInput{at(&first, "2026-06-01T14:00:00"), at(nil, "2026-04-01T14:00:00")}, "time.past (input.sessions.1.startsAt)"},
	} {
		_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(row.sessions...)})
		if got := ct.Must(w.Courses.Get(staff, c.ID))(t); !fault.Is(err, fault.KindInvalid) || !strings.Contains(err.Error(), row.want) || got.Version != c.Version {
			t.Errorf("%s: %v, want %s; the course is at version %d", name, err, row.want, got.Version)
		}
	}
	_, err := w.Courses.Create(staff, course.CreateInput{Title: danish("Sluk ild"), TimeZone: clock.Copenhagen, Sessions: []course.SessionInput{at(&first, "2026-06-01T14:00:00")}})
	if err == nil || !strings.Contains(err.Error(), "course.session.unknown (input.sessions.0.id)") {
		t.Errorf("a new course with an old session: %v", err)
	}
	_, err = w.Courses.Create(staff, course.CreateInput{Title: danish("Sluk ild"), TimeZone: clock.Copenhagen, Sessions: []course.SessionInput{at(nil, "2026-06-01T14:00:00"), at(nil, "2026-04-01T14:00:00")}})
	if err == nil || !strings.Contains(err.Error(), "time.past (input.sessions.1.startsAt)") {
		t.Errorf("a new course that has begun: %v", err)
	}
}

// When a course has begun, its later sessions can still be moved, and the earlier ones stay as
// they were.
func TestALaterSessionOfARunningCourseCanBeMoved(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Clock.Advance(36 * time.Hour) // after the first session
	sessions := inputOf(c)
	sessions[1].StartsAt, sessions[1].EndsAt = "2026-06-01T14:00:00", "2026-06-01T15:00:00"
	c = update(staff, t, w, c.ID, sessions...)
	if c.Sessions[2].StartsAtLocal != "2026-06-01T14:00:00" || *sessions[1].ID != c.Sessions[2].ID || c.Sessions[0].ID != *sessions[0].ID {
		t.Errorf("sessions %+v", c.Sessions)
	}
}

func danish(text string) []i18n.Translation {
	return []i18n.Translation{{Language: i18n.Danish, Text: text}}
}

// Nobody could tell two sessions apart that are at the same time and place. Sessions at once in
// two places are two sessions.
func TestNoTwoSessionsAreAlike(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	hall, barn := "Salen", "Laden"
	in := func(name *string) course.SessionInput {
		session := at(nil, "2026-06-02T14:00:00")
		if name != nil {
			session.Place = optional.Of(place.Input{Name: name})
		}
		return session
	}
	blank := " "
	for name, row := range map[string]struct {
		sessions []course.SessionInput
		want     string // the field that is refused
	}{
		"without a place":       {[]course.SessionInput{in(nil), at(nil, "2026-06-03T14:00:00"), in(nil)}, "input.sessions.2"},
		"a blank place":         {[]course.SessionInput{in(nil), in(&blank)}, "input.sessions.1"},
		"in the same place":     {[]course.SessionInput{in(&hall), in(&hall)}, "input.sessions.1"},
		"in two places":         {[]course.SessionInput{in(&hall), in(&barn)}, "input.sessions.1"},
		"one without a place":   {[]course.SessionInput{in(&hall), in(nil)}, "input.sessions.1"},
		"one longer":            {[]course.SessionInput{in(nil), {StartsAt: "2026-06-02T14:00:00", EndsAt: "2026-06-02T18:00:00"}}, "input.sessions.1"},
		"one within the other":  {[]course.SessionInput{{StartsAt: "2026-06-02T13:00:00", EndsAt: "2026-06-02T18:00:00"}, in(nil)}, "input.sessions.1"},
		"one after the other":   {[]course.SessionInput{in(nil), at(nil, "2026-06-02T15:00:00")}, ""},
		"three alike, two told": {[]course.SessionInput{in(nil), in(nil), in(nil)}, "input.sessions.1 input.sessions.2"},
	} {
		_, err := w.Courses.Create(staff, course.CreateInput{Title: danish("Sluk ild"), TimeZone: clock.Copenhagen, Sessions: row.sessions})
		if got := fieldsOf(err); got != row.want {
			t.Errorf("%s: %q is refused, want %q: %v", name, got, row.want, err)
		}
	}
	sessions := append(inputOf(c), in(nil))
	sessions[0].StartsAt, sessions[0].EndsAt = sessions[1].StartsAt, sessions[1].EndsAt
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions...)})
	if got := fieldsOf(err); got != "input.sessions.1" {
		t.Errorf("a new one like one that is kept: %q is refused: %v", got, err)
	}
	sessions = inputOf(c)
	_, err = w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions[0], sessions[0])})
	if got := fieldsOf(err); got != "input.sessions.1.id" {
		t.Errorf("one that is kept twice: %q is refused: %v", got, err)
	}
}

// fieldsOf are the fields that an error is about.
func fieldsOf(err error) string {
	var fields []string
	var p fault.Problems
	if errors.As(err, &p) {
		for _, f := range p {
			fields = append(fields, f.Field)
		}
	}
	return strings.Join(fields, " ")
}
