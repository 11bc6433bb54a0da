package course_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
)

func TestASeatOfACourseIsOffered(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	w.Clock.Advance(-24 * time.Hour) // to two days before the first session
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Phone("dan", "dan")
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		enrol(t, w, name, c.ID)
		w.Clock.Advance(time.Second)
	}
	ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
	w.Drain()
	if got := told(w, "dan"); len(got) != 1 || got[0] != "Der er en plads til dig: Hjertestart | Sig ja senest fredag den 1. maj kl. 10.00, ellers går pladsen videre." {
		t.Errorf("dan was told %q", got)
	}
	if list := w.Notices("dan"); len(list) != 1 || list[0].Why()[0].Text(w.As("dan")) != "Fordi du står på venteliste til kurset Hjertestart" {
		t.Errorf("dan's notices are %+v", list)
	}
	stateOf := func(name string) *booking.Booking {
		return ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]
	}
	if e := stateOf("dan"); e.State != booking.Offered || e.OfferExpiresAt == nil || stateOf("eva").State != booking.Waitlisted {
		t.Errorf("dan has %+v", e)
	}
	if seated := ct.Must(w.Courses.Booking.Seated(t.Context(), c.ID, "", 10))(t); len(seated) != 1 {
		t.Errorf("to be reminded: %v", seated)
	}
	if all := ct.Must(w.Courses.Booking.Holders(t.Context(), c.ID, "", 10))(t); len(all) != 3 {
		t.Errorf("to be told that it is off: %v", all)
	}

	dans := booking.OfferInput{BookingID: booking.IDOf(c.ID, ct.PersonID("dan"))}
	if p := ct.Must(w.Bookings.AcceptOffer(w.As("dan"), dans))(t); p.State != booking.Confirmed {
		t.Errorf("dan is %s", p.State)
	}
	ct.Must(w.Courses.Leave(w.As("cara"), course.LeaveInput{CourseID: c.ID}))(t)
	w.Clock.Advance(23 * time.Hour)
	w.Fire()
	if e := stateOf("eva"); e.State != booking.Cancelled || e.OfferExpiresAt != nil {
		t.Errorf("eva has %+v", e)
	}
	if c = ct.Must(w.Courses.Get(staff, c.ID))(t); c.SeatsTaken != 1 || *c.SeatsLeft() != 1 {
		t.Errorf("seats %+v", c.Seats)
	}
	if jobs := w.Jobs(booking.NoticeSeatGranted); len(jobs) != 0 {
		t.Errorf("granted: %+v", jobs)
	}
}

// A course that is moved nearer ends its offers earlier.
func TestAMovedCourseShortensOffers(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Clock.Advance(-48 * time.Hour)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range []string{"bo", "cara", "dan"} {
		enrol(t, w, name, c.ID)
		w.Clock.Advance(time.Second)
	}
	ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
	in := course.SessionInput{StartsAt: "2026-04-29T19:00:00", EndsAt: "2026-04-29T20:00:00"} // in five hours
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(in)}))(t)
	dan := ct.Must(w.Bookings.OwnOf(w.As("dan"), []string{c.ID}))(t)[c.ID]
	if start := time.Date(2026, 4, 29, 17, 0, 0, 0, time.UTC); dan.OfferExpiresAt == nil || !dan.OfferExpiresAt.Equal(start) {
		t.Errorf("dan may answer until %v, the start is at %v", dan.OfferExpiresAt, start)
	}
}
