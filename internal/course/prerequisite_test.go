package course_test

import (
	"slices"
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

// Whoever lacks a skill that a course asks for is refused, and hears which; whoever has it enrols. Staff can pass it.
func TestACourseAsksForSkills(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{PrerequisiteSkillIDs: optional.ListOf(c.SkillIDs...)})))(t)
	c = ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	can := func(name string) bool {
		ctx, me := w.Person(name)
		own := ct.Must(w.Bookings.OwnViews(ctx, []string{c.ID}))(t)[c.ID]
		var lacking []*skill.Skill
		for _, k := range ct.Must(w.Skills.ByIDs(ctx, c.Lacking(me)))(t) {
			lacking = append(lacking, k)
		}
		return slices.Contains(w.Courses.Can(ctx, c, own, lacking), course.ActionEnrol)
	}
	r := ct.Must(w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID}))(t)
	if r.Refusal != booking.RefusedLacks || !slices.Equal(r.MissingSkillIDs, c.SkillIDs) || r.Message != "Kurset kræver kompetencer, som du ikke har endnu." || can("bo") {
		t.Errorf("bo: %+v, may enrol: %t", r, can("bo"))
	}
	if _, err := w.People.GrantSkill(t.Context(), ct.PersonID("bo"), c.SkillIDs[0], person.SkillGrant{CourseID: "crs_1", At: w.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if !can("bo") {
		t.Error("bo may not enrol")
	}
	if got := enrol(t, w, "bo", c.ID); got != booking.Confirmed {
		t.Errorf("bo is %s", got)
	}
	ct.Must(w.People.SetSkills(w.As("dan"), person.SetSkillsInput{Teach: optional.ListOf(c.SkillIDs...)}))(t)
	if !can("dan") {
		t.Error("dan, who can teach it, may not enrol")
	}
	w.As("cara")
	if can("cara") {
		t.Error("cara, who lacks it, may enrol")
	}
	courseID, caraID := c.ID, ct.PersonID("cara")
	ct.Must(w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &courseID, PersonID: &caraID}))(t)
	_, err := w.Courses.Enrol(w.As("cara"), course.EnrolInput{CourseID: c.ID})
	ct.WantKey(t, err, "booking.already")
}

// Nobody can get a skill any more that is retired, so it keeps nobody from enrolling.
func TestARetiredSkillIsNotAskedFor(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{PrerequisiteSkillIDs: optional.ListOf(c.SkillIDs...)})))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	ct.Must(w.Skills.Retire(staff, skill.RetireInput{SkillID: c.SkillIDs[0]}))(t)
	if got := enrol(t, w, "bo", c.ID); got != booking.Confirmed {
		t.Errorf("bo is %s", got)
	}
	c, k := ct.Must(w.Courses.Get(w.As("cara"), c.ID))(t), ct.Must(w.Skills.ByIDs(w.As("cara"), c.SkillIDs))(t)[c.SkillIDs[0]]
	if got := w.Courses.Can(w.As("cara"), c, nil, []*skill.Skill{k}); !slices.Contains(got, course.ActionEnrol) {
		t.Errorf("cara can %v", got)
	}
}

// A course that cannot be taken anyway says so first.
func TestLackingSkillsIsSaidLast(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	ct.Must(w.Courses.Update(staff, rulesOf(c, course.RulesEdit{PrerequisiteSkillIDs: optional.ListOf(c.SkillIDs...)})))(t)
	_, err := w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.not_found")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
	if r := ct.Must(w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID}))(t); r.Refusal != booking.RefusedCancelled {
		t.Errorf("%+v", r)
	}
}
