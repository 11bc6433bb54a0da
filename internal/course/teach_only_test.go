package course_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
)

// Whoever teaches a course, or stands in at a session that runs, decides nothing about it.
func TestWhoTeachesDecidesNothing(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	teach(staff, t, w, c.ID, "tove")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Person("vera")
	vera := ct.PersonID("vera")
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[0].ID, PersonID: &vera}))(t)
	w.Drain()
	w.Clock.Advance(c.StartsAt.Sub(w.Clock.Now()))
	guest := "Karen"
	for _, name := range []string{"tove", "vera"} {
		ctx, err := w.As(name), map[string]error{}
		_, err["cancelCourse"] = w.Courses.Cancel(ctx, course.CancelInput{CourseID: c.ID})
		_, err["completeCourse"] = w.Courses.Complete(ctx, course.CompleteInput{CourseID: c.ID})
		_, err["holdCourse"] = w.Courses.Hold(ctx, course.HoldInput{CourseID: c.ID})
		_, err["copyCourse"] = w.Courses.Copy(ctx, course.CopyInput{CourseID: c.ID, StartsAt: "2027-01-11T17:30:00"})
		_, err["undoCourseCompletion"] = w.Courses.UndoCompletion(ctx, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert"})
		_, err["substituteTeacher"] = w.Courses.Substitute(ctx, course.SubstituteInput{SessionID: c.Sessions[0].ID})
		_, err["signUpByHand"] = w.Bookings.SignUpByHand(ctx, booking.HandInput{CourseID: &c.ID, GuestName: &guest})
		_, err["approveBooking"] = w.Bookings.Approve(ctx, booking.DecideInput{BookingID: booking.IDOf(c.ID, ct.PersonID("bo"))})
		for call, err := range err {
			if !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s by %s: %v", call, name, err)
			}
		}
	}
}

// A course that is completed cannot be completed again, and gives its skill once.
func TestACourseIsCompletedOnce(t *testing.T) {
	t.Parallel()
	w, staff, c := completed(t)
	_, err := w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.completed")
	wantLearned(t, w, c.ID, map[string]string{"bo": "ATTENDED 1", "cara": "NO_SHOW 0"})
	if got := heard(w, "bo", course.NoticeSkillsEarned); len(got) != 1 {
		t.Errorf("bo hears %q", got)
	}
}
