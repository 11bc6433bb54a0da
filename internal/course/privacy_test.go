package course_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/testkit"
)

func enrolmentsOf(w *ct.World, courseID string) []booking.Booking {
	w.T.Helper()
	return ct.All[booking.Booking](w, "bookings", map[string]any{"bookableId": courseID})
}

// The seat of a person who is erased before the course is offered to the next in line.
func TestASeatOfSomebodyErasedIsOffered(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Clock.Advance(-48 * time.Hour) // there is time for an offer
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		enrol(t, w, name, c.ID)
	}
	entries := entries(w)
	w.Entomb("bo")
	w.Entomb("eva")
	for range 2 {
		ct.EraseFrom(t, entries, "bo")
		ct.EraseFrom(t, entries, "eva")
	}
	w.RunPending()
	got := map[string]booking.State{}
	for _, e := range enrolmentsOf(w, c.ID) {
		got[e.PersonID] = e.State
	}
	want := map[string]booking.State{ct.PersonID("cara"): booking.Confirmed, ct.PersonID("dan"): booking.Offered}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if c := ct.Must(w.Courses.Get(staff, c.ID))(t); c.SeatsTaken != 2 || c.FreeSeats != 0 {
		t.Errorf("%d seats are taken, %d are left", c.SeatsTaken, c.FreeSeats)
	}
	for _, collection := range []string{"courses", "bookings"} {
		if found := testkit.Mentions(t, w.DB, collection, ct.PersonID("bo"), ct.PersonID("eva")); len(found) > 0 {
			t.Errorf("%s still names them: %v", collection, found)
		}
	}
}

// After an erasure it is still known how many people took part in a course that has begun and completed
// it, but not who, even if attendance is recorded later.
func TestACourseCountsWhoWasErased(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range []string{"bo", "cara"} {
		enrol(t, w, name, c.ID)
	}
	record := func(session int, people ...string) {
		t.Helper()
		ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: c.Sessions[session].ID, PersonIDs: people}))(t)
	}
	w.Clock.Advance(50 * time.Hour)
	bo, cara := ct.PersonID("bo"), ct.PersonID("cara")
	record(0, bo, cara)
	record(1, bo)
	entries := entries(w)
	if got := ct.ExportFrom(t, entries, "bookings", "bo"); len(got) != 1 || !strings.Contains(got[0], `"title":"Hjertestart"`) || !strings.Contains(got[0], `{"session":"`+c.Sessions[1].ID+`","startsAt":"2026-05-03T12:00:00Z"}`) {
		t.Errorf("bo reads %v", got)
	}
	if got := ct.ExportFrom(t, entries, "bookings", "cara"); len(got) != 1 || !strings.Contains(got[0], `"missedSessions":[{"session":"`+c.Sessions[1].ID+`","startsAt":"2026-05-03T12:00:00Z"}]`) {
		t.Errorf("cara reads %v", got)
	}
	w.Entomb("bo")
	ct.EraseFrom(t, entries, "bo")
	record(0, cara) // corrects the list, which cannot name the erased person
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	ct.EraseFrom(t, entries, "bo")
	got := map[string]booking.State{}
	for _, e := range enrolmentsOf(w, c.ID) {
		got[e.PersonID] = e.State
	}
	if diff := cmp.Diff(map[string]booking.State{"": booking.Attended, cara: booking.NoShow}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	for _, collection := range []string{"courses", "bookings"} {
		if found := testkit.Mentions(t, w.DB, collection, bo); len(found) > 0 {
			t.Errorf("%s still names bo: %v", collection, found)
		}
	}
	found := ct.Must(w.Courses.EnrolmentsByIDs(t.Context(), []string{enrolmentsOf(w, c.ID)[0].ID, enrolmentsOf(w, c.ID)[1].ID}))(t)
	if len(found) > 0 {
		t.Errorf("a stranger finds %v", found)
	}
}
