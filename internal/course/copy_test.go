package course_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/skill"
)

// A copy is a draft with the same words, rules and distances by the clock on the wall, and without people.
func TestACopyIsADraftWithoutPeople(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	hall := "Salen"
	sessions := []course.SessionInput{ // the clock is put back in between
		{StartsAt: "2026-10-24T18:00:00", EndsAt: "2026-10-24T20:00:00", Place: optional.Of(place.Input{Name: &hall})}, {StartsAt: "2026-10-26T18:00:00", EndsAt: "2026-10-26T20:00:00"}}
	c = ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions...), Capacity: optional.Of(7),
		SignUp: optional.Of(booking.TermsInput{NeedsApproval: true, Questions: []booking.QuestionInput{{Text: "Allergi?", Kind: booking.QuestionText}}}),
		RulesEdit: course.RulesEdit{Audience: optional.Of(course.AudienceInput{GroupKinds: []group.Kind{group.KindHousing}}), GivesCertificate: optional.Of(true),
			Materials: optional.ListOf(course.MaterialInput{Title: "Bogen", URL: "https://bog.example/"}), Minimum: optional.Of(2), DecideBy: optional.Of(clock.Local("2026-10-20T12:00:00"))}}))(t)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Completion: optional.Of(course.CompletionInput{SessionIDs: []string{c.Sessions[1].ID}})})))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)

	got := ct.Must(w.Courses.Copy(staff, course.CopyInput{CourseID: c.ID, StartsAt: "2027-01-11T17:30:00"}))(t)
	got = ct.Must(w.Courses.Get(staff, got.ID))(t)
	var starts []clock.Local
	for _, s := range got.Sessions {
		starts = append(starts, s.StartsAtLocal)
	}
	if diff := cmp.Diff([]clock.Local{"2027-01-11T17:30:00", "2027-01-13T17:30:00"}, starts); diff != "" {
		t.Errorf("the sessions (-want +got):\n%s", diff)
	}
	if got.ID == c.ID || got.State != course.StateDraft || got.Version != 1 || *got.Capacity != 7 || *got.SeatsLeft() != 7 || got.SeatsTaken != 0 || got.PublishedAt != nil {
		t.Errorf("the copy is %+v", got)
	}
	if got.Sessions[0].Place.Name != hall || !got.GivesCertificate || len(got.Links) != 1 || len(got.Audience().GroupKinds) != 1 || !got.Asked.NeedsApproval || len(got.Asked.Questions) != 1 {
		t.Errorf("the copy lacks something: %+v", got)
	}
	if list := got.Completion().Sessions(); len(list) != 1 || list[0].ID != got.Sessions[1].ID || list[0].ID == c.Sessions[1].ID {
		t.Errorf("it is completed by %+v", list)
	}
	if *got.Minimum != 2 || *got.DecideByLocal() != "2027-01-07T11:30:00" || *got.Standing != course.StandingWaiting {
		t.Errorf("it is decided at %v, %v", *got.DecideByLocal(), got.Standing)
	}
	if got.Asked.Questions[0].ID == c.Asked.Questions[0].ID {
		t.Error("the question has the id of the other course's")
	}
}

func TestACopyStartsInTheFuture(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	c = ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{Minimum: optional.Of(1), DecideBy: optional.Of(clock.LocalOf(c.StartsAt.Add(-20*time.Hour), clock.Copenhagen))})))(t)
	for _, row := range []struct {
		startsAt clock.Local
		key      string
	}{{"2026-04-30T12:00:00", "time.past"}, {"2027-03-28T02:30:00", "time.skipped"}} {
		_, err := w.Courses.Copy(staff, course.CopyInput{CourseID: c.ID, StartsAt: row.startsAt})
		if got := keysOf(err)["input.startsAt"]; got != row.key {
			t.Errorf("%s: %v", row.startsAt, err)
		}
	}
	soon := ct.Must(w.Courses.Copy(staff, course.CopyInput{CourseID: c.ID, StartsAt: "2026-05-01T20:00:00"}))(t)
	if soon.Minimum != nil || soon.DecideBy != nil || soon.Standing != nil {
		t.Errorf("it is decided in the past: %v", soon.DecideBy)
	}
	_, err := w.Courses.Copy(w.As("bo"), course.CopyInput{CourseID: c.ID, StartsAt: "2027-05-01T20:00:00"})
	ct.WantKey(t, err, "auth.lacking.courses")
}

// A copy teaches nothing that has been retired, and what it is copied from stays.
func TestACopyLeavesOutRetiredSkills(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{PrerequisiteSkillIDs: optional.ListOf(c.SkillIDs...)})))(t)
	ct.Must(w.Skills.Retire(staff, skill.RetireInput{SkillID: c.SkillIDs[0]}))(t)
	got := ct.Must(w.Courses.Copy(staff, course.CopyInput{CourseID: c.ID, StartsAt: "2027-01-11T17:30:00"}))(t)
	if len(got.SkillIDs)+len(got.PrerequisiteSkillIDs) > 0 {
		t.Errorf("it has %q and %q", got.SkillIDs, got.PrerequisiteSkillIDs)
	}
	if c = ct.Must(w.Courses.Get(staff, c.ID))(t); len(c.SkillIDs) != 1 {
		t.Errorf("the other one has %q", c.SkillIDs)
	}
}
