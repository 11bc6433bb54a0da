package meeting_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
	"faellesskab/internal/meeting"
	"faellesskab/internal/optional"
)

// lessons is a published course of two sessions, of which the first is an hour ago, that tove teaches and that so many people
// take.
func lessons(t *testing.T, people int) (w *ct.World, c *course.Course, names []string) {
	t.Helper()
	w = ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	w.Person("tove")
	at := func(days int) course.SessionInput {
		start := w.Clock.Now().Add(time.Duration(days) * 24 * time.Hour)
		return course.SessionInput{StartsAt: clock.LocalOf(start, clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)}
	}
	c = ct.Must(w.Courses.Create(staff, course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: "Hjertestart"}}, TimeZone: clock.Copenhagen,
		TeacherIDs: []string{ct.PersonID("tove")}, Sessions: []course.SessionInput{at(1), at(8)}}))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for i := range people {
		names = append(names, fmt.Sprintf("guest%d", i))
		ct.Must(w.Courses.Enrol(w.As(names[i]), course.EnrolInput{CourseID: c.ID}))(t)
	}
	w.Drain()
	return w, c, names
}

// isAsked reports whether somebody was asked for feedback.
func isAsked(w *ct.World, name string) bool {
	for _, n := range w.Notices(name) {
		if n.Kind == meeting.NoticeHowWasIt {
			return true
		}
	}
	return false
}

// Those who came to a session are asked on the day after, once: by the record, and not those who declined, stayed away or have
// answered.
func TestThoseWhoCameToASessionAreAsked(t *testing.T) {
	t.Parallel()
	w, c, names := lessons(t, 4)
	first := c.Sessions[0]
	ct.Must(w.Courses.Decline(w.As(names[3]), course.DeclineInput{SessionID: first.ID}))(t)
	w.Clock.Advance(first.EndsAt.Add(time.Hour).Sub(w.Clock.Now()))
	ct.Must(w.Courses.Record(w.As("tove"), course.RecordInput{SessionID: first.ID, PersonIDs: []string{ct.PersonID(names[0]), ct.PersonID(names[1])}}))(t)
	w.RunPending()
	ct.Must(w.Meetings.GiveFeedback(w.As(names[1]), meeting.GiveFeedbackInput{SessionID: &first.ID, Rating: 4}))(t)
	w.Fire()
	w.Drain()
	if isAsked(w, names[0]) {
		t.Error("somebody is asked on the same day")
	}
	w.Clock.Advance(24 * time.Hour)
	for range 2 {
		w.Fire()
		w.Drain()
	}
	for i, want := range []bool{true, false, false, false} {
		if got := isAsked(w, names[i]); got != want {
			t.Errorf("%s is asked: %t", names[i], got)
		}
	}
	for _, n := range w.Notices(names[0]) {
		if title, body := w.Read(names[0], n); n.Kind == meeting.NoticeHowWasIt && (title != "Hvordan var det? Hjertestart" || body != "Giv en tilbagemelding. Den er fortrolig.") {
			t.Errorf("asked %q %q", title, body)
		}
	}
}

// Where nobody has recorded who came, those who had a seat and did not decline are asked. A session that was moved is not asked
// about before it has been held.
func TestWithoutARecordThoseWithASeatAreAsked(t *testing.T) {
	t.Parallel()
	w, c, names := lessons(t, 2)
	staff := w.Grant("staff", auth.RoleStaff)
	in := func(s course.Session, by time.Duration) course.SessionInput {
		return course.SessionInput{ID: &s.ID, StartsAt: clock.LocalOf(s.StartsAt.Add(by), clock.Copenhagen), EndsAt: clock.LocalOf(s.EndsAt.Add(by), clock.Copenhagen)}
	}
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(in(c.Sessions[0], 48*time.Hour), in(c.Sessions[1], 0))}))(t)
	w.Drain()
	ct.Must(w.Courses.Decline(w.As(names[1]), course.DeclineInput{SessionID: c.Sessions[0].ID}))(t)
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	w.Drain()
	if isAsked(w, names[0]) {
		t.Error("somebody is asked about a session that is still to come")
	}
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	w.Drain()
	if !isAsked(w, names[0]) || isAsked(w, names[1]) {
		t.Errorf("asked: %t, %t", isAsked(w, names[0]), isAsked(w, names[1]))
	}
	if may := ct.Must(w.Meetings.MayAnswer(w.As(names[1]), []string{c.Sessions[0].ID}))(t); may[c.Sessions[0].ID] {
		t.Error("who has declined may give feedback")
	}
}

// Teachers see what people said of the sessions of their course, and a substitute of their own; others see nothing. The link of a
// session is for those who have a seat, and for those who teach.
func TestTeachersSeeTheFeedback(t *testing.T) {
	t.Parallel()
	w, c, names := lessons(t, 6)
	staff := w.Grant("staff", auth.RoleStaff)
	for _, name := range []string{"vera", "ulla"} {
		w.Person(name)
	}
	vera, ulla := ct.PersonID("vera"), ct.PersonID("ulla")
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[0].ID, PersonID: &vera}))(t)
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[1].ID, PersonID: &ulla}))(t)
	first := c.Sessions[0]
	w.Clock.Advance(first.EndsAt.Add(time.Hour).Sub(w.Clock.Now()))
	for _, name := range names {
		ct.Must(w.Meetings.GiveFeedback(w.As(name), meeting.GiveFeedbackInput{SessionID: &first.ID, Rating: 5}))(t)
	}
	w.Clock.Advance(3 * 24 * time.Hour)
	for name, want := range map[string]bool{"tove": true, "vera": true, "ulla": false, names[0]: false} {
		if f := ct.Must(w.Meetings.FeedbackOf(w.As(name), []string{first.ID}))(t)[first.ID]; (f != nil) != want {
			t.Errorf("%s sees %+v", name, f)
		}
	}
	w.Clock.Advance(c.Sessions[1].StartsAt.Add(-time.Hour).Sub(w.Clock.Now()))
	if f := ct.Must(w.Meetings.FeedbackOf(w.As("ulla"), []string{first.ID}))(t); len(f) > 0 {
		t.Errorf("around the second session its substitute sees %+v of the first", f)
	}
	admitted := func(name string) bool {
		return bool(ct.Must(w.Meetings.Admissions(w.As(name), []string{c.ID}))(t)[c.ID])
	}
	if !admitted("tove") || !admitted(names[0]) || admitted("vera") || admitted("eva") {
		t.Errorf("the link is for tove %t, %s %t, vera %t, eva %t", admitted("tove"), names[0], admitted(names[0]), admitted("vera"), admitted("eva"))
	}
	if got := ct.Must(w.Bookings.OwnOf(w.As(names[0]), []string{c.ID}))(t)[c.ID]; got.State != booking.Confirmed || slices.Contains(got.DeclinedParts(), first.ID) {
		t.Errorf("%+v", got)
	}
}
