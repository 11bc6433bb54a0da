package checkin_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
)

// Of two sessions of one day, whose doors are open until midnight, a scan that names none is for the one that runs, or
// else the next, or else the last one that was.
func TestADayWithTwoSessions(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, "bo")
	start := c.Sessions[0].StartsAt
	at := func(from, to time.Duration) course.SessionInput {
		return course.SessionInput{StartsAt: clock.LocalOf(start.Add(from), clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(to), clock.Copenhagen)}
	}
	c = ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(at(0, time.Hour), at(time.Hour, 2*time.Hour), at(5*time.Hour, 6*time.Hour))}))(t)
	w.RunPending()
	bo := booking.IDOf(c.ID, ct.PersonID("bo"))
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{-time.Hour, 0}, {59 * time.Minute, 0}, {time.Hour, 1}, {2*time.Hour + time.Minute, 1}, {4 * time.Hour, 2}, {6*time.Hour + time.Minute, 2}} {
		w.Clock.Advance(start.Add(step.after).Sub(w.Clock.Now()))
		ct.Must(w.CheckIns.CheckIn(staff, checkin.Input{BookingID: &bo}))(t)
		w.RunPending()
		own := ct.Must(w.Bookings.OwnOf(w.As("bo"), []string{c.ID}))(t)[c.ID]
		for i, s := range c.Sessions {
			if was := own.WasAt(s.ID); was != (i == step.want) {
				t.Errorf("%s after the first start: at session %d: %t", step.after, i, was)
			}
		}
		if own.WasAt(c.Sessions[step.want].ID) {
			ct.Must(w.CheckIns.Undo(staff, checkin.UndoInput{BookingID: bo, SessionID: &c.Sessions[step.want].ID}))(t)
			w.RunPending()
			w.Clock.Advance(time.Second)
		}
	}
}
