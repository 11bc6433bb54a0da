package course_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/testkit"
)

// whoAttended are the people who attended a session, sorted.
func whoAttended(w *ct.World, c *course.Course, session int) []string {
	var ids []string
	for _, b := range enrolmentsOf(w, c.ID) {
		if b.WasAt(c.Sessions[session].ID) {
			ids = append(ids, b.PersonID)
		}
	}
	slices.Sort(ids)
	return ids
}

// The process dies after its n-th write of a record of attendance, and then somebody makes another record. Neither a
// repeat nor the sweep brings the older one back.
func TestAnOlderRecordOfAttendanceStaysOld(t *testing.T) {
	t.Parallel()
	for n := 1; n < 8; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 2)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			enrol(t, w, "bo", c.ID)
			enrol(t, w, "cara", c.ID)
			w.Clock.Advance(25 * time.Hour) // to the first session
			key := "11111111-1111-4111-8111-111111111111"
			older := course.RecordInput{ClientMutationID: &key, SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("bo")}}
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(n)
			_, _ = dying.Courses.Record(staff, older)
			begun := n > 1
			w.Clock.Advance(time.Second)
			ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("cara")}}))(t)
			w.Clock.Advance(16 * time.Second)
			w.RunPending()
			ct.Must(w.Courses.Record(staff, older))(t)
			want := []string{ct.PersonID("cara")}
			if got := whoAttended(w, c, 0); begun && !slices.Equal(got, want) {
				t.Errorf("%v attended, want %v", got, want)
			}
		})
	}
}

// A course is completed with the attendance that was recorded before, also if its process has died meanwhile.
func TestACourseIsCompletedWithWhatWasRecorded(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Clock.Advance(50 * time.Hour)
	for i := range c.Sessions {
		last := i == len(c.Sessions)-1
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		if last {
			crasher.After(1)
		}
		_, err := dying.Courses.Record(staff, course.RecordInput{SessionID: c.Sessions[i].ID, PersonIDs: []string{ct.PersonID("bo")}})
		if err != nil {
			t.Fatal(err)
		}
	}
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	if _, bo := w.Person("bo"); len(bo.Skills) == 0 {
		t.Error("bo has no skills")
	}
}

// An effect that cannot be carried out, and has nothing to do with attendance, keeps no course from
// being completed.
func TestAnEffectThatWaitsKeepsNoCourseOpen(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Clock.Advance(50 * time.Hour)
	w.Set(t.Context(), "courses", c.ID, ct.Stuck())
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	if b := enrolmentsOf(w, c.ID)[0]; b.State != booking.NoShow {
		t.Errorf("bo is %s", b.State)
	}
}
