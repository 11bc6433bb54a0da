package course_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// A course that has started lets its later sessions be moved, added and removed, and the running
// one ends at another time. What took place stays, with its id or as it was.
func TestASessionOfAStartedCourseIsMoved(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(s []course.SessionInput) []course.SessionInput
		want   []string
	}{
		"a later one":                       {move(2, "2026-05-05T18:00:00", "2026-05-05T19:00:00"), []string{"Kurset er ændret: Hjertestart | Flyttet fra mandag den 4. maj kl. 14.00 til tirsdag den 5. maj kl. 18.00"}},
		"the end of the one that runs":      {move(1, "2026-05-03T14:00:00", "2026-05-03T18:00:00"), []string{"Kurset er ændret: Hjertestart | Ny sluttid: søndag den 3. maj kl. 18.00"}},
		"the end of the one that is over":   {move(0, "2026-05-02T14:00:00", "2026-05-02T15:30:00"), nil},
		"one that ran, without ids":         {withoutIDs(move(2, "2026-05-05T18:00:00", "2026-05-05T19:00:00")), []string{"Kurset er ændret: Hjertestart | Ny kursusgang: tirsdag den 5. maj kl. 18.00 · Udgår: mandag den 4. maj kl. 14.00"}},
		"nothing, and the ids are left out": {withoutIDs(func(s []course.SessionInput) []course.SessionInput { return s }), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := attended(t, 3)
			ran := sessionIDs(c)[:2]
			w.Clock.Advance(time.Date(2026, 5, 3, 12, 30, 0, 0, time.UTC).Sub(w.Clock.Now())) // half past two
			w.Fire()
			w.Drain()
			w.Phones.Reset()
			change(staff, t, w, c.ID, row.change)
			if diff := cmp.Diff(row.want, told(w, "bo")); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(ran, sessionIDs(ct.Must(w.Courses.Get(staff, c.ID))(t))[:2]); diff != "" {
				t.Errorf("the sessions that ran (-want +got):\n%s", diff)
			}
		})
	}
}

// withoutIDs is an edit by an app that does not send the ids of the sessions that it keeps.
func withoutIDs(change func([]course.SessionInput) []course.SessionInput) func([]course.SessionInput) []course.SessionInput {
	return func(s []course.SessionInput) []course.SessionInput {
		s = change(s)
		for i := range s {
			s[i].ID = nil
		}
		return s
	}
}

// Nothing is moved into the past, and nothing is made there.
func TestNoSessionIsPutIntoThePast(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 3)
	w.Clock.Advance(time.Date(2026, 5, 3, 12, 30, 0, 0, time.UTC).Sub(w.Clock.Now()))
	for name, change := range map[string]func([]course.SessionInput) []course.SessionInput{
		"a later one":                  move(2, "2026-05-03T14:15:00", "2026-05-03T15:00:00"),
		"the one that is over":         move(0, "2026-05-02T13:00:00", "2026-05-02T15:00:00"),
		"the end of the one that runs": move(1, "2026-05-03T14:00:00", "2026-05-03T14:30:00"),
		"a new one": func(s []course.SessionInput) []course.SessionInput {
			return append(s, at(nil, "2026-05-01T14:00:00"))
		},
		"a second one that ran": func(s []course.SessionInput) []course.SessionInput {
			return append(s, course.SessionInput{StartsAt: s[0].StartsAt, EndsAt: s[0].EndsAt})
		},
	} {
		var list []course.SessionInput
		for _, s := range c.Sessions {
			list = append(list, course.SessionInput{ID: &s.ID, StartsAt: s.StartsAtLocal, EndsAt: s.EndsAtLocal})
		}
		if _, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(change(list)...)}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A course that is cancelled midway names the session that people would come to next.
func TestACourseThatHasBegunIsCancelled(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]string{
		time.Date(2026, 5, 2, 8, 0, 0, 0, time.UTC):   "Kurset er aflyst: Hjertestart | Skulle være begyndt lørdag den 2. maj kl. 14.00.",
		time.Date(2026, 5, 2, 12, 30, 0, 0, time.UTC): "Kurset er aflyst: Hjertestart | Kurset stopper nu.",
		time.Date(2026, 5, 3, 8, 0, 0, 0, time.UTC):   "Kurset er aflyst: Hjertestart | Næste kursusgang skulle have været søndag den 3. maj kl. 14.00.",
	} {
		w, staff, c := attended(t, 2)
		w.Clock.Advance(at.Sub(w.Clock.Now()))
		w.Fire()
		w.Drain()
		w.Phones.Reset()
		ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
		w.Drain()
		if diff := cmp.Diff([]string{want}, told(w, "bo")); diff != "" {
			t.Errorf("cancelled at %s (-want +got):\n%s", at, diff)
		}
	}
}

// What was published is closed to edits when its last session has ended, as an event is when it ends. A
// draft is not, since its sessions can be given other dates. viewerCan says the same.
func TestACourseIsEditedUntilItEnds(t *testing.T) {
	t.Parallel()
	description := optional.ListOf(i18n.Translation{Language: i18n.Danish, Text: "Mere."})
	for name, row := range map[string]struct {
		after   time.Duration // the end of the last session
		isDraft bool
		want    string // the refusal
	}{
		"a second before the end":    {-time.Second, false, ""},
		"at the end":                 {0, false, "course.over"},
		"a draft, a day after":       {24 * time.Hour, true, ""},
		"a month after":              {30 * 24 * time.Hour, false, "course.over"},
		"a draft, between the dates": {-12 * time.Hour, true, ""},
	} {
		w, staff, c := school(t, 2)
		if !row.isDraft {
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
		}
		w.Clock.Advance(c.EndsAt.Add(row.after).Sub(w.Clock.Now()))
		can := ct.Must(w.Courses.Get(staff, c.ID))(t).Can(auth.FromContext(staff), nil, w.Clock.Now())
		for _, action := range []course.Action{course.ActionEdit, course.ActionCancel} {
			if got := slices.Contains(can, action); got != (row.want == "") {
				t.Errorf("%s: %s: can %v", name, action, can)
			}
		}
		_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Description: description})
		wantRefusal(t, name+": edited", err, row.want)
		_, err = w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID})
		wantRefusal(t, name+": cancelled", err, row.want)
	}
}

// A draft whose sessions have passed is found among the drafts, gets other dates, and is published.
func TestADraftOfThePastGetsOtherDates(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Clock.Advance(30 * 24 * time.Hour)
	draft := course.StateDraft
	if list := ct.Must(w.Courses.List(staff, &course.Filter{State: &draft}, page.Args{First: 10}))(t); len(list.Edges) != 1 {
		t.Errorf("%d drafts are listed", len(list.Edges))
	}
	update(staff, t, w, c.ID, at(&c.Sessions[0].ID, "2026-07-02T14:00:00"))
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
}
