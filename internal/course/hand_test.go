package course_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
)

func TestStaffSignPeopleUpForACourseByHand(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2) // has two seats
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(booking.TermsInput{ReservedSeats: 1})}))(t)
	w.RunPending()
	enrol(t, w, "bo", c.ID)
	if s := enrol(t, w, "cara", c.ID); s != booking.Waitlisted {
		t.Errorf("a reserved seat was given out by itself: %s", s)
	}
	oda, dan, one := "Oda", ct.PersonID("dan"), 1
	w.Person("dan")
	_, err := w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &oda, Guests: &one})
	ct.WantKey(t, err, "booking.hand.alone")
	_, err = w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &oda, CheckIn: true})
	ct.WantKey(t, err, "booking.hand.course")
	_, err = w.Bookings.SignUpByHand(w.As("bo"), booking.HandInput{CourseID: &c.ID, GuestName: &oda})
	ct.WantKey(t, err, "auth.lacking.courses")
	done := ct.Must(w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, PersonID: &dan}))(t)
	if done.Reserved != 1 || !done.PassedLine {
		t.Errorf("dan's seat: %+v", done)
	}
	_, err = w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &oda})
	ct.WantKey(t, err, "booking.hand.full")

	reason := "Kurset er for begyndere."
	ct.Must(w.Bookings.Remove(staff, booking.DecideInput{BookingID: booking.IDOf(c.ID, ct.PersonID("bo")), Reason: &reason}))(t)
	w.RunPending()
	states := map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed, "dan": booking.Confirmed}
	for name, state := range states {
		if b := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]; b.State != state {
			t.Errorf("%s is %s", name, b.State)
		}
	}
	w.Phone("dan", "dan")
	w.Drain()
	if list := w.Notices("dan"); len(list) != 1 || list[0].Kind != booking.NoticeSignedUp {
		t.Errorf("dan heard %+v", list)
	}
	if list := w.Notices("bo"); len(list) != 1 || list[0].Kind != booking.NoticeBookingEnded {
		t.Errorf("bo heard %+v", list)
	}
}

// Whoever shows how many seats are still kept back, and writes that number again, changes nothing.
func TestSeatsGivenByHandAreNotKeptBackAgain(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	keep := func(n int) {
		t.Helper()
		ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(3), SignUp: optional.Of(booking.TermsInput{ReservedSeats: n})}))(t)
		w.RunPending()
	}
	left := func() int {
		t.Helper()
		return ct.Must(w.Courses.ByIDs(staff, []string{c.ID}))(t)[c.ID].Reserved
	}
	keep(3)
	oda := "Oda"
	ct.Must(w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &oda}))(t)
	w.RunPending()
	for _, n := range []int{2, 2, 1, 2, 0} {
		if keep(n); left() != n {
			t.Errorf("%d seats are kept back, want %d", left(), n)
		}
	}
	w.Clock.Advance(time.Second)
}
