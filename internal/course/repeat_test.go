package course_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
)

// A repeat says what came of signing up, and shows the booking as it has become: one answer must
// not show a booking in two states, nor offer what is no longer possible.
func TestARepeatedSignUpShowsTheBookingOfNow(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	again := map[string]func() *booking.SignedUp{}
	for name, key := range map[string]string{"bo": "5f0c7dd0-6a3f-4c59-9e0e-000000000021", "cara": "5f0c7dd0-6a3f-4c59-9e0e-000000000022"} {
		again[name] = func() *booking.SignedUp {
			return ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{ClientMutationID: &key, CourseID: c.ID}))(t)
		}
	}
	again["bo"]()
	enrol(t, w, "dan", c.ID)
	if r := again["cara"](); r.Gave != booking.Waitlisted || r.Position != 1 {
		t.Fatalf("cara got %+v", r)
	}
	for _, name := range []string{"bo", "cara"} {
		ct.Must(w.Courses.Leave(w.As(name), course.LeaveInput{CourseID: c.ID}))(t)
	}
	for name, gave := range map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Waitlisted} {
		r := again[name]()
		if r.Gave != gave || r.Booking.State != booking.Cancelled || r.Refusal != "" {
			t.Errorf("%s is told again %+v with %+v", name, r, r.Booking)
		}
		if can := w.Bookings.Can(w.As(name), r.Booking, booking.Known{}); len(can) > 0 {
			t.Errorf("%s can %v", name, can)
		}
	}
}
