package course_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// News that is held until the morning tells the facts of the morning.

// until works through everything that is due until a local time.
func until(t *testing.T, w *ct.World, local string) {
	t.Helper()
	at := ct.Must(ct.Must(clock.ParseLocal(local))(t).In(clock.Copenhagen))(t)
	w.Clock.Advance(at.Sub(w.Clock.Now()))
	w.Fire()
	w.Drain()
}

// inputOf are the sessions of a course as an input.
func inputOf(c *course.Course) []course.SessionInput {
	var list []course.SessionInput
	for _, s := range c.Sessions {
		in := course.SessionInput{ID: &s.ID, StartsAt: s.StartsAtLocal, EndsAt: s.EndsAtLocal}
		if s.Place != nil {
			in.Place = optional.Of(place.Input{Name: &s.Place.Name})
		}
		list = append(list, in)
	}
	return list
}

// change changes the sessions of a course and lets the two minutes pass.
func change(staff context.Context, t *testing.T, w *ct.World, courseID string, change func(s []course.SessionInput) []course.SessionInput) {
	t.Helper()
	c := ct.Must(w.Courses.Get(staff, courseID))(t)
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: courseID, Sessions: optional.ListOf(change(inputOf(c))...)}))(t)
	w.Clock.Advance(2 * time.Minute)
	w.Fire()
	w.Drain()
}

// attended is a course on which bo has a seat, with one session at 14:00 on each of the days
// after 1 May.
func attended(t *testing.T, sessions int) (*ct.World, context.Context, *course.Course) {
	t.Helper()
	w, staff, c := school(t, sessions)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Phone("bo", "bo")
	w.Drain()
	w.Phones.Reset()
	return w, staff, c
}

func move(i int, start, end clock.Local) func([]course.SessionInput) []course.SessionInput {
	return func(s []course.SessionInput) []course.SessionInput {
		s[i].StartsAt, s[i].EndsAt = start, end
		return s
	}
}

func TestEverySessionThatChangesIsNamed(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 6)
	change(staff, t, w, c.ID, func(s []course.SessionInput) []course.SessionInput {
		s[1].StartsAt, s[1].EndsAt = "2026-05-03T18:00:00", "2026-05-03T19:00:00"
		s[2].StartsAt, s[2].EndsAt = "2026-05-04T18:00:00", "2026-05-04T19:00:00"
		return s
	})
	want := []string{"Kurset er ændret: Hjertestart | Flyttet fra søndag den 3. maj kl. 14.00 til søndag den 3. maj kl. 18.00 · Også ændret: fra mandag den 4. maj kl. 14.00 til mandag den 4. maj kl. 18.00"}
	if diff := cmp.Diff(want, told(w, "bo")); diff != "" {
		t.Errorf("two of six (-want +got):\n%s", diff)
	}
	hall := "Salen"
	change(staff, t, w, c.ID, func(s []course.SessionInput) []course.SessionInput {
		for i := range s {
			s[i].Place = optional.Of(place.Input{Name: &hall})
		}
		return s
	})
	want = []string{"Kurset er ændret: Hjertestart | lørdag den 2. maj kl. 14.00 · Nyt sted: Salen · Også ændret: søndag den 3. maj kl. 18.00, mandag den 4. maj kl. 18.00, tirsdag den 5. maj kl. 14.00, …"}
	if diff := cmp.Diff(want, told(w, "bo")); diff != "" {
		t.Errorf("all six (-want +got):\n%s", diff)
	}
}

// People are told of a new name: together with a move in its message, or else in the inbox.
func TestANewNameIsTold(t *testing.T) {
	t.Parallel()
	name := []i18n.Translation{{Language: "DA", Text: "Førstehjælp"}}
	text := []i18n.Translation{{Language: "DA", Text: "Tag praktisk tøj på."}}
	for _, row := range []struct {
		what   string
		in     course.UpdateInput
		pushed []string
		inbox  string
	}{
		{"the name", course.UpdateInput{Title: optional.ListOf(name...)}, nil, "Nyt om kurset Førstehjælp | Hed før \"Hjertestart\"."},
		{"the text", course.UpdateInput{Description: optional.ListOf(text...)}, nil, "Nyt om kurset Hjertestart | Beskrivelsen er ændret."},
		{"the name and a time", course.UpdateInput{Title: optional.ListOf(name...), Sessions: optional.ListOf(course.SessionInput{StartsAt: "2026-05-02T18:00:00", EndsAt: "2026-05-02T19:00:00"})},
			[]string{"Kurset er ændret: Førstehjælp | Ny kursusgang: lørdag den 2. maj kl. 18.00 · Udgår: lørdag den 2. maj kl. 14.00 · Hed før \"Hjertestart\""}, ""},
		{"the capacity", course.UpdateInput{Capacity: optional.Of(9)}, nil, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			t.Parallel()
			w, staff, c := attended(t, 1)
			row.in.CourseID = c.ID
			ct.Must(w.Courses.Update(staff, row.in))(t)
			w.Clock.Advance(2 * time.Minute)
			w.Fire()
			w.Drain()
			if diff := cmp.Diff(row.pushed, told(w, "bo")); diff != "" {
				t.Errorf("pushed (-want +got):\n%s", diff)
			}
			var inbox string
			for _, n := range w.Notices("bo") {
				if n.Channel == notify.Inbox {
					title, body := w.Read("bo", n)
					inbox = title + " | " + body
				}
			}
			if inbox != row.inbox {
				t.Errorf("the inbox says %q, want %q", inbox, row.inbox)
			}
		})
	}
}

func TestOfTheChangesOfANightTheLastAreTold(t *testing.T) {
	t.Parallel()
	type changes []func([]course.SessionInput) []course.SessionInput
	last := func(s []course.SessionInput) []course.SessionInput { return s[:len(s)-1] }
	for name, row := range map[string]struct {
		changes changes
		want    []string
	}{
		"moved twice": {changes{move(3, "2026-05-05T18:00:00", "2026-05-05T19:00:00"), move(3, "2026-05-05T20:00:00", "2026-05-05T21:00:00")},
			[]string{"Kurset er ændret: Hjertestart | Ny tid: tirsdag den 5. maj kl. 20.00"}},
		"one and another": {changes{move(2, "2026-05-04T18:00:00", "2026-05-04T19:00:00"), move(3, "2026-05-05T20:00:00", "2026-05-05T21:00:00")},
			[]string{"Kurset er ændret: Hjertestart | Flyttet fra mandag den 4. maj kl. 14.00 til mandag den 4. maj kl. 18.00", "Kurset er ændret: Hjertestart | Flyttet fra tirsdag den 5. maj kl. 14.00 til tirsdag den 5. maj kl. 20.00"}},
		"one, and both again": {changes{move(2, "2026-05-04T18:00:00", "2026-05-04T19:00:00"), func(s []course.SessionInput) []course.SessionInput {
			return move(2, "2026-05-04T09:00:00", "2026-05-04T10:00:00")(move(3, "2026-05-05T09:00:00", "2026-05-05T10:00:00")(s))
		}}, []string{"Kurset er ændret: Hjertestart | Ny tid: mandag den 4. maj kl. 9.00 · Også ændret: fra tirsdag den 5. maj kl. 14.00 til tirsdag den 5. maj kl. 9.00"}},
		"fewer twice": {changes{last, last}, []string{"Kurset er ændret: Hjertestart | Udgår: mandag den 4. maj kl. 14.00", "Kurset er ændret: Hjertestart | Udgår: tirsdag den 5. maj kl. 14.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := attended(t, 4)
			until(t, w, "2026-05-01T18:00")
			until(t, w, "2026-05-01T22:00")
			w.Phones.Reset()
			for _, by := range row.changes {
				change(staff, t, w, c.ID, by)
			}
			until(t, w, "2026-05-02T08:00")
			if diff := cmp.Diff(row.want, slices.Sorted(slices.Values(told(w, "bo")))); diff != "" {
				t.Errorf("bo was told (-want +got):\n%s", diff)
			}
		})
	}
}

// A person who wants a push about a new name gets one with the last name.
func TestOfTheNamesOfANightTheLastIsTold(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 4)
	settings := notify.Settings{PersonID: ct.PersonID("bo"), Kinds: map[notify.Kind]notify.Channel{course.NoticeChanged: notify.Push}, Version: 1}
	if err := w.Settings.Put(t.Context(), []notify.Settings{settings}); err != nil {
		t.Fatal(err)
	}
	until(t, w, "2026-05-01T18:00")
	until(t, w, "2026-05-01T22:00")
	w.Phones.Reset()
	for _, name := range []string{"Førstehjælp", "Genoplivning"} {
		ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Title: optional.ListOf(i18n.Translation{Language: "DA", Text: name})}))(t)
		w.Clock.Advance(2 * time.Minute)
		w.Fire()
		w.Drain()
	}
	until(t, w, "2026-05-02T08:00")
	if diff := cmp.Diff([]string{"Nyt om kurset Genoplivning | Hed før \"Hjertestart\"."}, told(w, "bo")); diff != "" {
		t.Errorf("bo was told (-want +got):\n%s", diff)
	}
}

func TestAReminderOfAnOldSessionIsNotPushed(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 1)
	change(staff, t, w, c.ID, move(0, "2026-05-02T09:30:00", "2026-05-02T10:30:00"))
	until(t, w, "2026-05-01T18:00")
	until(t, w, "2026-05-02T07:30")
	w.Phones.Reset()
	change(staff, t, w, c.ID, move(0, "2026-05-02T11:30:00", "2026-05-02T12:30:00"))
	until(t, w, "2026-05-02T08:00")
	until(t, w, "2026-05-02T09:30")
	want := []string{"Kurset er ændret: Hjertestart | Ny tid: lørdag den 2. maj kl. 11.30", "Husk kurset Hjertestart | i dag kl. 11.30"}
	if diff := cmp.Diff(want, told(w, "bo")); diff != "" {
		t.Errorf("bo was told (-want +got):\n%s", diff)
	}
}
