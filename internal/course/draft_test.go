package course_test

import (
	"context"
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/page"
)

// A course that was cancelled before it was published is visible only to staff.
func TestACancelledDraftIsSeenByStaffAlone(t *testing.T) {
	t.Parallel()
	w, staff, draft := school(t, 1)
	reason := "Kun for os"
	ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: draft.ID, Reason: &reason}))(t)
	bo := w.As("bo")
	for _, nobody := range []context.Context{t.Context(), bo} {
		_, err := w.Courses.Get(nobody, draft.ID)
		ct.WantKind(t, err, fault.KindNotFound)
		if got := cancelled(nobody, t, w, &course.Filter{}); len(got) != 0 {
			t.Errorf("%v are listed", got)
		}
	}
	skillID := draft.SkillIDs[0]
	if got := cancelled(bo, t, w, &course.Filter{SkillID: &skillID}); len(got) != 0 {
		t.Errorf("%v are listed by skill", got)
	}
	_, err := w.Courses.Enrol(bo, course.EnrolInput{CourseID: draft.ID})
	ct.WantKey(t, err, "course.not_found")
	if r := ct.Must(w.Courses.Enrol(staff, course.EnrolInput{CourseID: draft.ID}))(t); r.Refusal != booking.RefusedCancelled {
		t.Errorf("staff: %+v", r)
	}
	if got := cancelled(staff, t, w, &course.Filter{}); len(got) != 1 {
		t.Errorf("staff list %v", got)
	}
}

// A course that was published stays visible when it is cancelled, even if an older program
// published it.
func TestACancelledCourseStaysSeen(t *testing.T) {
	t.Parallel()
	for name, published := range map[string]func(w *ct.World, courseID string){
		"noted": func(*ct.World, string) {},
		"not noted": func(w *ct.World, courseID string) {
			w.Set(t.Context(), "courses", courseID, map[string]any{"publishedAt": nil})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 1)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			published(w, c.ID)
			ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
			ct.Must(w.Courses.Get(t.Context(), c.ID))(t)
			if got := cancelled(t.Context(), t, w, &course.Filter{}); len(got) != 1 {
				t.Errorf("%v are listed", got)
			}
		})
	}
}

// cancelled are the ids of the cancelled courses in a person's list.
func cancelled(ctx context.Context, t *testing.T, w *ct.World, f *course.Filter) []string {
	t.Helper()
	state := course.StateCancelled
	f.State = &state
	var ids []string
	for _, e := range ct.Must(w.Courses.List(ctx, f, page.Args{First: 10}))(t).Edges {
		ids = append(ids, e.Node.ID)
	}
	return ids
}
