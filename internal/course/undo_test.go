package course_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// completed is a course of one session that bo attended and cara did not, and that is completed.
func completed(t *testing.T) (w *ct.World, staff context.Context, c *course.Course) {
	t.Helper()
	w, staff, c = school(t, 1)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Clock.Advance(2 * 24 * time.Hour)
	w.Fire()
	attend(staff, t, w, c, "bo")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.Drain()
	return w, staff, c
}

func attend(staff context.Context, t *testing.T, w *ct.World, c *course.Course, names ...string) {
	t.Helper()
	in := course.RecordInput{SessionID: c.Sessions[0].ID}
	for _, name := range names {
		in.PersonIDs = append(in.PersonIDs, ct.PersonID(name))
	}
	ct.Must(w.Courses.Record(staff, in))(t)
	w.RunPending()
}

// wantLearned fails unless people have these states and numbers of skills.
func wantLearned(t *testing.T, w *ct.World, courseID string, want map[string]string) {
	t.Helper()
	for name, want := range want {
		ctx, p := w.Person(name)
		own := ct.Must(w.Bookings.OwnOf(ctx, []string{courseID}))(t)[courseID]
		if got := fmt.Sprint(own.State, " ", len(p.Skills)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// What a completion gave is taken back when it is undone, and given anew by the next one. People hear of both.
func TestACompletionIsUndoneAndDoneAgain(t *testing.T) {
	t.Parallel()
	w, staff, c := completed(t)
	wantLearned(t, w, c.ID, map[string]string{"bo": "ATTENDED 1", "cara": "NO_SHOW 0"})
	_, err := w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: " "})
	ct.WantField(t, err, "input.reason")
	c = ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert liste."}))(t)
	w.Drain()
	if c.State != course.StatePublished {
		t.Errorf("it is %s", c.State)
	}
	wantLearned(t, w, c.ID, map[string]string{"bo": "CONFIRMED 0", "cara": "CONFIRMED 0"})
	for _, name := range []string{"bo", "cara"} {
		if got := heard(w, name, course.NoticeReopened); len(got) != 1 || got[0] != "Afslutningen er fortrudt: Hjertestart | Det, kurset gav, gælder ikke, før det er afsluttet igen. Forkert liste." {
			t.Errorf("%s hears %q", name, got)
		}
	}
	entries := ct.Must(w.Audit.Of(t.Context(), c.ID))(t)
	if len(entries) != 1 || entries[0].Action != "undoCourseCompletion" || entries[0].Details["reason"] != "Forkert liste." {
		t.Errorf("the audit trail has %+v", entries)
	}
	_, err = w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Igen"})
	ct.WantKey(t, err, "course.not_completed")

	attend(staff, t, w, c, "cara")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.Drain()
	wantLearned(t, w, c.ID, map[string]string{"bo": "NO_SHOW 0", "cara": "ATTENDED 1"})
	if got := heard(w, "cara", course.NoticeSkillsEarned); len(got) != 1 {
		t.Errorf("cara hears %q", got)
	}
}

// A skill that another course gave too stays.
func TestASkillOfAnotherCourseStays(t *testing.T) {
	t.Parallel()
	w, staff, c := completed(t)
	_, _, other := schoolIn(t, w, 1)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: other.ID}))(t)
	enrol(t, w, "bo", other.ID)
	w.Clock.Advance(2 * 24 * time.Hour)
	attend(staff, t, w, other, "bo")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: other.ID}))(t)
	w.Drain()
	ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: other.ID, Reason: "Forkert"}))(t)
	w.Drain()
	wantLearned(t, w, c.ID, map[string]string{"bo": "ATTENDED 1"})
	ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert"}))(t)
	w.Drain()
	wantLearned(t, w, c.ID, map[string]string{"bo": "CONFIRMED 0"})
}

// A process that settles a completion late, which has been undone meanwhile, leaves nothing behind.
func TestALateSettlementOfAnUndoneCompletionGivesNothing(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Clock.Advance(2 * 24 * time.Hour)
	attend(staff, t, w, c, "bo", "cara")
	done := ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert"}))(t)
	w.RunPending()
	// The late process gives bo the skill, and then finds nobody to settle.
	if _, err := w.People.GrantSkill(t.Context(), ct.PersonID("bo"), c.SkillIDs[0], person.SkillGrant{CourseID: c.ID, At: w.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	err := w.Bookings.Settle(t.Context(), c.ID, done.CompletedIn, func(context.Context, *booking.Booking) (bool, error) { return true, nil })
	if err != nil {
		t.Fatal(err)
	}
	wantLearned(t, w, c.ID, map[string]string{"bo": "CONFIRMED 1", "cara": "CONFIRMED 0"})
	if err := w.Courses.SettleLate(t.Context(), c.ID, done.CompletedIn); err != nil {
		t.Fatal(err)
	}
	wantLearned(t, w, c.ID, map[string]string{"bo": "CONFIRMED 0", "cara": "CONFIRMED 0"})
}

// A process that settles a completion late takes back what it gave, however far the next completion has got.
func TestALateSettlementMeetsTheNextCompletion(t *testing.T) {
	t.Parallel()
	for writes := range 7 {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			t.Parallel()
			w, staff, c := completed(t)
			first := ct.Must(w.Courses.Get(staff, c.ID))(t).CompletedIn
			ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert"}))(t)
			attend(staff, t, w, c, "cara")
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(1 + writes)
			_, _ = dying.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID})
			for _, name := range []string{"bo", "cara"} { // by the old list and the new one
				if _, err := w.People.GrantSkill(t.Context(), ct.PersonID(name), c.SkillIDs[0], person.SkillGrant{CourseID: c.ID, At: w.Clock.Now()}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Courses.SettleLate(t.Context(), c.ID, first); err != nil {
				t.Fatal(err)
			}
			if ct.Must(w.Courses.Get(staff, c.ID))(t).State == course.StatePublished {
				ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
			}
			w.Drain()
			w.RunPending()
			wantLearned(t, w, c.ID, map[string]string{"bo": "NO_SHOW 0", "cara": "ATTENDED 1"})
		})
	}
}

// The process dies when it has decided that a completion is undone. Whatever is found first, that or the next completion: what
// the first one gave and the next does not give is taken back.
func TestACompletionThatIsUndoneByADyingProcessGivesNothing(t *testing.T) {
	t.Parallel()
	for writes := range 7 {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			t.Parallel()
			w, staff, c := completed(t)
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(1 + writes)
			_, _ = dying.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert liste."})
			ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("cara")}}))(t)
			ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
			w.Drain()
			w.RunPending()
			wantLearned(t, w, c.ID, map[string]string{"bo": "NO_SHOW 0", "cara": "ATTENDED 1"})
		})
	}
}
