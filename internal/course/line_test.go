package course_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
)

// A person who has been banned meanwhile gets no seat, and it goes to the next in line.
func TestASeatPassesWhoCannotTakeIt(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	w.Clock.Advance(-24 * time.Hour)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		enrol(t, w, name, c.ID)
		w.Clock.Advance(time.Second)
	}
	w.Set(t.Context(), "persons", ct.PersonID("dan"), map[string]any{"bannedAt": w.Clock.Now()})
	ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
	for name, want := range map[string]booking.State{"dan": booking.Cancelled, "eva": booking.Offered} {
		if e := ct.All[booking.Booking](w, "bookings", map[string]any{"_id": booking.IDOf(c.ID, ct.PersonID(name))})[0]; e.State != want {
			t.Errorf("%s is %s, want %s", name, e.State, want)
		}
	}
}

// No text tells people to enrol in a course without seats.
func TestACourseWithoutSeatsOffersNone(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Clock.Advance(-24 * time.Hour)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for seats, want := range []bool{false, true} {
		ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(seats)}))(t)
		seen := ct.Must(w.Courses.Get(w.As("bo"), c.ID))(t)
		if can := slices.Contains(seen.Can(auth.FromContext(w.As("bo")), nil, w.Clock.Now()), course.ActionEnrol); can != want {
			t.Errorf("%d seats: %t", seats, can)
		}
		r := ct.Must(w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID}))(t)
		if (r.Refusal == "") != want {
			t.Errorf("%d seats: %+v", seats, r)
		}
	}
}

// A capacity that is taken away gives everybody in line their seats.
func TestWithoutACapacityNobodyWaits(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Clock.Advance(-24 * time.Hour)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(1)}))(t)
	for _, name := range []string{"bo", "cara", "dan"} {
		enrol(t, w, name, c.ID)
		w.Clock.Advance(time.Second)
	}
	changed := ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Capacity: optional.Null[int]()}))(t)
	if changed.Capacity != nil || changed.SeatsLeft() != nil {
		t.Errorf("the answer has %v seats", changed.SeatsLeft())
	}
	for _, p := range w.BookingsAt(c.ID) {
		if p.State != booking.Confirmed && p.State != booking.Offered {
			t.Errorf("%s is %s", p.PersonID, p.State)
		}
	}
	if seen := ct.Must(w.Courses.Get(staff, c.ID))(t); seen.Capacity != nil || seen.SeatsLeft() != nil || seen.HasQueue {
		t.Errorf("the course has %+v", seen.Seats)
	}
}
