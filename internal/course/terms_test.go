package course_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

// A course asks for approval and answers as an event does. Its window moves with its first session.
func TestACourseHasTermsOfSignUp(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	w.Clock.Advance(-48 * time.Hour)
	closes := clock.LocalOf(c.StartsAt.Add(-24*time.Hour), clock.Copenhagen)
	asked := booking.TermsInput{NeedsApproval: true, ClosesAt: &closes,
		Questions: []booking.QuestionInput{{Text: "Har du et kørekort?", Kind: booking.QuestionYesNo, IsRequired: true}}}
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(asked), Capacity: optional.Of(1)}))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.RunPending()
	_, err := w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID})
	ct.WantField(t, err, "input.answers")
	terms, yes := ct.Must(w.Courses.ByIDs(staff, []string{c.ID}))(t)[c.ID].SignUp(), true
	if !terms.ClosesAt.Equal(c.StartsAt.Add(-24 * time.Hour)) {
		t.Errorf("sign-up closes at %v", terms.ClosesAt)
	}
	answers := []booking.AnswerInput{{QuestionID: terms.Questions[0].ID, IsYes: &yes}}
	for _, name := range []string{"bo", "cara"} {
		r := ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{CourseID: c.ID, Answers: answers}))(t)
		if r.Booking.State != booking.PendingApproval {
			t.Errorf("%s is %s", name, r.Booking.State)
		}
	}
	decide := func(name string) booking.DecideInput {
		return booking.DecideInput{BookingID: booking.IDOf(c.ID, ct.PersonID(name))}
	}
	_, err = w.Bookings.Approve(w.As("bo"), decide("bo"))
	ct.WantKind(t, err, fault.KindForbidden)
	for _, name := range []string{"bo", "cara"} {
		ct.Must(w.Bookings.Approve(staff, decide(name)))(t)
	}
	for name, state := range map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Waitlisted} {
		if b := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]; b.State != state || len(b.Answers) != 1 {
			t.Errorf("%s is %s with %d answers", name, b.State, len(b.Answers))
		}
	}
	later := c.StartsAt.Add(72 * time.Hour)
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(course.SessionInput{
		StartsAt: clock.LocalOf(later, clock.Copenhagen), EndsAt: clock.LocalOf(later.Add(time.Hour), clock.Copenhagen)})}))(t)
	w.RunPending()
	if got := ct.Must(w.Courses.ByIDs(staff, []string{c.ID}))(t)[c.ID].SignUp().ClosesAt; !got.Equal(later.Add(-24 * time.Hour)) {
		t.Errorf("moved by three days, sign-up closes at %v", got)
	}
}

// What a course cannot ask for is refused.
func TestACourseWithBadTerms(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1) // has two seats
	late := clock.LocalOf(c.StartsAt.Add(time.Second), clock.Copenhagen)
	for field, in := range map[string]booking.TermsInput{
		"input.signUp.maxGuests": {MaxGuests: ct.Seats(1)}, "input.signUp.namesGuests": {NamesGuests: true}, "input.signUp.isFair": {IsFair: true},
		"input.signUp.closesAt": {ClosesAt: &late}, "input.signUp.reservedSeats": {ReservedSeats: 3},
	} {
		_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(in)})
		ct.WantField(t, err, field)
	}
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(booking.TermsInput{ReservedSeats: 2})}))(t)
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(1)})
	ct.WantField(t, err, "input.capacity")
}
