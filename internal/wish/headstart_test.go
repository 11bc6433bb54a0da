package wish_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
)

// A head start leaves half of the time until sign-up closes to the others, gets shorter when the course is moved forward, and ends when it is cancelled.
func TestAHeadStartLeavesTimeToTheOthers(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	c := draft(t, w, areas[0])
	now := w.Clock.Now()
	c = publish(w, c.ID, 336)
	if half := now.Add(c.StartsAt.Sub(now) / 2); c.HeadStartEndsAt == nil || c.HeadStartEndsAt.After(half.Add(time.Second)) {
		t.Fatalf("it ends at %v, half of the time is over at %s", c.HeadStartEndsAt, half)
	}
	before := *c.HeadStartEndsAt
	sessions := optional.ListOf(course.SessionInput{StartsAt: "2026-05-05T17:00:00", EndsAt: "2026-05-05T19:00:00"})
	c = ct.Must(w.Courses.Update(w.As("sara"), course.UpdateInput{CourseID: c.ID, Sessions: sessions}))(t)
	if half := now.Add(c.StartsAt.Sub(now) / 2); !c.HeadStartEndsAt.Before(before) || c.HeadStartEndsAt.After(half.Add(time.Second)) {
		t.Errorf("moved forward it ends at %s, before it was %s", c.HeadStartEndsAt, before)
	}
	if c = ct.Must(w.Courses.Cancel(w.As("sara"), course.CancelInput{CourseID: c.ID}))(t); c.HeadStartEndsAt != nil {
		t.Errorf("cancelled, the others are still told at %s", c.HeadStartEndsAt)
	}
}

// A wish that is fulfilled is answered again when the completion is undone.
func TestAnUndoneCompletionFulfilsNothing(t *testing.T) {
	t.Parallel()
	w, areas := world(t)
	c := draft(t, w, areas[0])
	answer(w, wishFor(w, "anna", "Knob", areas[0]).ID, c.ID)
	c = publish(w, c.ID, 0)
	w.RunPending()
	ct.Must(w.Courses.Enrol(w.As("anna"), course.EnrolInput{CourseID: c.ID}))(t)
	w.Clock.Advance(c.StartsAt.Add(3 * time.Hour).Sub(w.Clock.Now()))
	ct.Must(w.Courses.Record(w.As("sara"), course.RecordInput{SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("anna")}}))(t)
	ct.Must(w.Courses.Complete(w.As("sara"), course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	if got := stateOf(w, "anna"); got != "FULFILLED "+c.ID {
		t.Fatalf("completed: %q", got)
	}
	ct.Must(w.Courses.UndoCompletion(w.As("sara"), course.UndoCompletionInput{CourseID: c.ID, Reason: "Ved en fejl"}))(t)
	w.RunPending()
	if got := stateOf(w, "anna"); got != "ANSWERED "+c.ID {
		t.Errorf("undone: %q", got)
	}
}
