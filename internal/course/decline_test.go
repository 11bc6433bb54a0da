package course_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// reminders counts the reminders that somebody has got.
func reminders(w *ct.World, name string) int {
	n := 0
	for _, notice := range w.Notices(name) {
		if notice.Kind == course.NoticeReminder && !notice.Hidden {
			n++
		}
	}
	return n
}

// goTo lets the time pass, and fires what is due on the way.
func goTo(w *ct.World, at time.Time) {
	w.Clock.Advance(at.Sub(w.Clock.Now()))
	w.Fire()
	w.Drain()
}

// Whoever declines a session keeps the seat on the course and is not reminded of that session; whoever comes after all is.
func TestADeclinedSessionKeepsTheSeatAndRemindsNobody(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	teach(staff, t, w, c.ID, "tove")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Drain()
	second := c.Sessions[1]
	own := ct.Must(w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: second.ID}))(t)
	ct.Must(w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: second.ID}))(t) // again changes nothing
	ct.Must(w.Courses.Decline(w.As("cara"), course.DeclineInput{SessionID: second.ID}))(t)
	ct.Must(w.Courses.UndoDecline(w.As("cara"), course.DeclineInput{SessionID: second.ID}))(t)
	if own.State != booking.Confirmed {
		t.Errorf("bo has %s", own.State)
	}
	tove, bookingID := w.As("tove"), booking.IDOf(c.ID, ct.PersonID("bo"))
	e := ct.Must(w.Courses.EnrolmentsByIDs(tove, []string{bookingID}))(t)[bookingID]
	if list := ct.Must(w.Courses.Get(tove, c.ID))(t).Declined(e); len(list) != 1 || list[0].ID != second.ID {
		t.Errorf("tove sees that bo declines %v", list)
	}
	for _, at := range []time.Time{second.StartsAt.Add(-23 * time.Hour), second.StartsAt.Add(-time.Hour)} {
		goTo(w, at)
	}
	before := map[string]int{"bo": reminders(w, "bo"), "cara": reminders(w, "cara")}
	if before["cara"]-before["bo"] < 1 {
		t.Errorf("bo was reminded %d times, cara %d", before["bo"], before["cara"])
	}
	goTo(w, c.Sessions[2].StartsAt.Add(-time.Hour))
	if reminders(w, "bo") == before["bo"] {
		t.Error("bo is not reminded of the third session")
	}
	_, err := w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: second.ID})
	ct.WantKey(t, err, "course.session.over")
	_, err = w.Courses.Decline(w.As("dan"), course.DeclineInput{SessionID: c.Sessions[2].ID})
	ct.WantKind(t, err, fault.KindNotFound)
}

// A session that is moved is declined by nobody, until they say so again.
func TestAMovedSessionIsNotDeclined(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	first := c.Sessions[0]
	ct.Must(w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: first.ID}))(t)
	isDeclined := func() bool {
		own := ct.Must(w.Bookings.OwnOf(w.As("bo"), []string{c.ID}))(t)[c.ID]
		return ct.Must(w.Courses.Get(w.As("bo"), c.ID))(t).Sessions[0].IsDeclinedIn(&course.Enrolment{Booking: own})
	}
	if !isDeclined() {
		t.Error("the session is not declined")
	}
	in := func(s course.Session, by time.Duration) course.SessionInput {
		return course.SessionInput{ID: &s.ID, StartsAt: clock.LocalOf(s.StartsAt.Add(by), clock.Copenhagen), EndsAt: clock.LocalOf(s.EndsAt.Add(by), clock.Copenhagen)}
	}
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(in(first, time.Hour), in(c.Sessions[1], 0))}))(t)
	if isDeclined() {
		t.Error("the moved session is declined")
	}
}

// Whoever gives up the course and enrols again has declined nothing.
func TestANewEnrolmentDeclinesNothing(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	ct.Must(w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: c.Sessions[0].ID}))(t)
	ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
	_, err := w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: c.Sessions[0].ID})
	ct.WantKind(t, err, fault.KindNotFound)
	enrol(t, w, "bo", c.ID)
	if own := ct.Must(w.Bookings.OwnOf(w.As("bo"), []string{c.ID}))(t)[c.ID]; len(own.Absences) != 0 {
		t.Errorf("bo declines %v", own.Absences)
	}
}

// A session may have its own reminders; the others have those of the course.
func TestASessionHasItsOwnReminders(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	in := func(s course.Session, list optional.List[notify.ReminderOffset]) course.SessionInput {
		return course.SessionInput{ID: &s.ID, StartsAt: clock.LocalOf(s.StartsAt, clock.Copenhagen), EndsAt: clock.LocalOf(s.EndsAt, clock.Copenhagen), Reminders: list}
	}
	change := func(first, second optional.List[notify.ReminderOffset]) [2][]notify.ReminderOffset {
		got := ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(in(c.Sessions[0], first), in(c.Sessions[1], second))}))(t)
		return [2][]notify.ReminderOffset{got.Sessions[0].Reminders(), got.Sessions[1].Reminders()}
	}
	left := optional.List[notify.ReminderOffset]{}
	if got := change(optional.ListOf[notify.ReminderOffset](), left); len(got[0]) != 0 || !slices.Equal(got[1], notify.DefaultOffsets) {
		t.Errorf("the sessions remind at %v", got)
	}
	if got := change(left, left); len(got[0]) != 0 {
		t.Errorf("left out, the first reminds at %v", got[0])
	}
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Drain()
	goTo(w, c.Sessions[0].StartsAt.Add(-time.Hour))
	if n := reminders(w, "bo"); n != 0 {
		t.Errorf("bo is reminded %d times of a session without reminders", n)
	}
	goTo(w, c.Sessions[1].StartsAt.Add(-time.Hour))
	if n := reminders(w, "bo"); n == 0 {
		t.Error("bo is not reminded of the session that has those of the course")
	}
	if got := change(optional.NoList[notify.ReminderOffset](), left); !slices.Equal(got[0], notify.DefaultOffsets) {
		t.Errorf("null: %v", got[0])
	}
}

// Whoever declines a session while its reminder waits for the morning is not reminded.
func TestWhoDeclinesInTheNightIsNotReminded(t *testing.T) {
	t.Parallel()
	w, staff, c := attended(t, 2)
	enrol(t, w, "cara", c.ID)
	w.Phone("cara", "cara")
	change(staff, t, w, c.ID, move(0, "2026-05-02T09:30:00", "2026-05-02T10:30:00"))
	until(t, w, "2026-05-01T18:00")
	until(t, w, "2026-05-02T07:30")
	w.Phones.Reset()
	ct.Must(w.Courses.Decline(w.As("bo"), course.DeclineInput{SessionID: c.Sessions[0].ID}))(t)
	until(t, w, "2026-05-02T08:00")
	if got := pushedTo(w); len(got["bo"]) > 0 || !slices.Contains(got["cara"], "Husk kurset Hjertestart | i dag kl. 9.30") {
		t.Errorf("the phones got %q", got)
	}
}

// pushedTo are the pushes that the phones have got.
func pushedTo(w *ct.World) map[string][]string {
	got := map[string][]string{}
	for _, p := range w.Phones.Pushes() {
		got[p.Device] = append(got[p.Device], p.Title+" | "+p.Body)
	}
	return got
}
