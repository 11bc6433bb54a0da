package course_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// demanding is a published course in three days that takes two people, which is decided a day before.
func demanding(t *testing.T) (w *ct.World, staff context.Context, c *course.Course) {
	t.Helper()
	w, staff, c = school(t, 3)
	later := c.StartsAt.Add(48 * time.Hour)
	first := course.SessionInput{StartsAt: clock.LocalOf(later, clock.Copenhagen), EndsAt: clock.LocalOf(later.Add(time.Hour), clock.Copenhagen)}
	c = ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(first),
		RulesEdit: course.RulesEdit{Minimum: optional.Of(2), DecideBy: optional.Of(clock.LocalOf(later.Add(-24*time.Hour), clock.Copenhagen))}}))(t)
	return w, staff, ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
}

// atDecision lets the clock come to the instant at which it is decided.
func atDecision(w *ct.World, c *course.Course) {
	w.T.Helper()
	w.Clock.Advance(c.DecideBy.Sub(w.Clock.Now()))
	w.Fire()
	w.Drain()
}

// heard are the titles of the news of a kind that somebody has of the course.
func heard(w *ct.World, name string, kind notify.Kind) (texts []string) {
	for _, n := range w.Notices(name) {
		if n.Kind == kind {
			title, body := w.Read(name, n)
			texts = append(texts, title+" | "+body)
		}
	}
	return texts
}

// If too few people have a seat, staff are asked; if they hold the course, everybody who has enrolled hears of it.
func TestStaffAreAskedIfTooFewTakePart(t *testing.T) {
	t.Parallel()
	w, staff, c := demanding(t)
	enrol(t, w, "bo", c.ID)
	w.Drain()
	w.Clock.Advance(c.DecideBy.Sub(w.Clock.Now()) - time.Second)
	w.Fire()
	w.Drain()
	if got := heard(w, "staff", course.NoticeLacksPeople); len(got) > 0 {
		t.Errorf("asked too early: %q", got)
	}
	atDecision(w, c)
	want := []string{"For få tilmeldte: Hjertestart | 1 af mindst 2 er tilmeldt. Skal kurset holdes, flyttes eller aflyses?"}
	if got := heard(w, "staff", course.NoticeLacksPeople); !slices.Equal(got, want) {
		t.Errorf("staff hear %q", got)
	}
	c = ct.Must(w.Courses.Get(staff, c.ID))(t)
	if *c.Standing != course.StandingAsked || !slices.Contains(w.Courses.Can(staff, c, nil, nil), course.ActionHold) {
		t.Errorf("it stands %s", *c.Standing)
	}
	if got := heard(w, "bo", course.NoticeHeld); len(got) > 0 {
		t.Errorf("bo hears %q before it is decided", got)
	}
	c = ct.Must(w.Courses.Hold(staff, course.HoldInput{CourseID: c.ID}))(t)
	w.Drain()
	if got := heard(w, "bo", course.NoticeHeld); *c.Standing != course.StandingHeld || len(got) != 1 || got[0] != "Kurset bliver holdt: Hjertestart | mandag den 4. maj kl. 14.00" {
		t.Errorf("it stands %s, and bo hears %q", *c.Standing, got)
	}
	_, err := w.Courses.Hold(staff, course.HoldInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.decide.held")
}

// If enough people have a seat the course is held without a question.
func TestWithEnoughPeopleACourseIsHeld(t *testing.T) {
	t.Parallel()
	w, staff, c := demanding(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	enrol(t, w, "dan", c.ID) // in line
	atDecision(w, c)
	w.Fire() // a repeat changes nothing
	if c = ct.Must(w.Courses.Get(staff, c.ID))(t); *c.Standing != course.StandingHeld {
		t.Errorf("it stands %s", *c.Standing)
	}
	for name, want := range map[string]int{"bo": 1, "cara": 1, "dan": 1, "staff": 0} {
		if got := heard(w, name, course.NoticeHeld); len(got) != want {
			t.Errorf("%s hears %q", name, got)
		}
	}
	if got := heard(w, "staff", course.NoticeLacksPeople); len(got) > 0 {
		t.Errorf("staff are asked: %q", got)
	}
}

// A decision that is put off, or no longer asked for, is not taken at the first instant. Another instant asks anew.
func TestADecisionThatIsMovedIsTakenThen(t *testing.T) {
	t.Parallel()
	w, staff, c := demanding(t)
	first := *c.DecideBy
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{DecideBy: optional.Of(clock.LocalOf(first.Add(2*time.Hour), clock.Copenhagen))})))(t)
	w.Clock.Advance(first.Sub(w.Clock.Now()))
	w.Fire()
	w.Drain()
	if got := heard(w, "staff", course.NoticeLacksPeople); len(got) > 0 {
		t.Errorf("asked at the first instant: %q", got)
	}
	atDecision(w, c)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{DecideBy: optional.Of(clock.LocalOf(first.Add(4*time.Hour), clock.Copenhagen))})))(t)
	if *c.Standing != course.StandingWaiting {
		t.Errorf("it stands %s", *c.Standing)
	}
	atDecision(w, c)
	if got := heard(w, "staff", course.NoticeLacksPeople); len(got) != 2 {
		t.Errorf("staff hear %q", got)
	}
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{DecideBy: optional.Null[clock.Local]()})))(t)
	_, err := w.Courses.Hold(staff, course.HoldInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.decide.nothing")
}

// What is over or cancelled is not decided, and a draft whose instant has passed is not published.
func TestWhatIsOverIsNotDecided(t *testing.T) {
	t.Parallel()
	w, staff, c := demanding(t)
	ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
	atDecision(w, c)
	if got := heard(w, "staff", course.NoticeLacksPeople); len(got) > 0 {
		t.Errorf("staff are asked about a cancelled course: %q", got)
	}
	_, err := w.Courses.Hold(staff, course.HoldInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.over")
	_, _, draft := schoolIn(t, w, 1)
	ct.Must(w.Courses.Update(staff, rulesOf(draft, course.RulesEdit{Minimum: optional.Of(1), DecideBy: optional.Of(clock.LocalOf(draft.StartsAt.Add(-time.Hour), clock.Copenhagen))})))(t)
	_, err = w.Courses.Hold(staff, course.HoldInput{CourseID: draft.ID})
	ct.WantKey(t, err, "course.draft")
	w.Clock.Advance(draft.StartsAt.Sub(w.Clock.Now()) - time.Minute)
	w.Fire()
	_, err = w.Courses.Publish(staff, course.PublishInput{CourseID: draft.ID})
	ct.WantKey(t, err, "course.decide.past")
	if can := w.Courses.Can(staff, ct.Must(w.Courses.Get(staff, draft.ID))(t), nil, nil); slices.Contains(can, course.ActionPublish) {
		t.Errorf("it may be published: %v", can)
	}
	_, err = w.Courses.Hold(w.As("bo"), course.HoldInput{CourseID: draft.ID})
	ct.WantKey(t, err, auth.Lacking(auth.CapabilityCourses).Key)
}

// Staff who are asked, and then are content with fewer people, have decided that the course is held, if there are as many.
func TestALowerMinimumThatIsMetDecides(t *testing.T) {
	t.Parallel()
	w, staff, c := demanding(t)
	set := func(minimum int) *course.Course {
		in := course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(9), RulesEdit: course.RulesEdit{Minimum: optional.Of(minimum)}}
		c := ct.Must(w.Courses.Update(staff, in))(t)
		w.Drain()
		return c
	}
	set(3)
	enrol(t, w, "bo", c.ID)
	w.Drain()
	if got := set(1); *got.Standing != course.StandingWaiting {
		t.Errorf("before the decision it stands %s", *got.Standing)
	}
	set(3)
	atDecision(w, c)
	for _, minimum := range []int{4, 2} {
		if got := set(minimum); *got.Standing != course.StandingAsked {
			t.Errorf("with %d it stands %s", minimum, *got.Standing)
		}
	}
	if got := set(1); *got.Standing != course.StandingHeld || len(heard(w, "bo", course.NoticeHeld)) != 1 {
		t.Errorf("it stands %s, and bo hears %q", *got.Standing, heard(w, "bo", course.NoticeHeld))
	}
}
