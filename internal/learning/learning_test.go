package learning_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/learning"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
	wishes "faellesskab/internal/wish"
)

type school struct {
	*ct.World
	staff  context.Context
	titles map[string]string // by course
}

func newSchool(t *testing.T) *school {
	t.Helper()
	w := ct.New(t)
	return &school{World: w, staff: w.Grant("staff", auth.RoleStaff), titles: map[string]string{}}
}

func danish(text string) []i18n.Translation { return []i18n.Translation{{Language: "DA", Text: text}} }

func (s *school) skill(name string) string {
	s.T.Helper()
	return ct.Must(s.Skills.Create(s.staff, skill.CreateInput{Name: danish(name)}))(s.T).ID
}

// course publishes a course that begins in some days.
func (s *school) course(title string, days int, change func(*course.CreateInput)) string {
	s.T.Helper()
	start := clock.LocalOf(ct.Noon.Add(time.Duration(days)*24*time.Hour), clock.Copenhagen)
	end := clock.LocalOf(ct.Noon.Add(time.Duration(days)*24*time.Hour+time.Hour), clock.Copenhagen)
	in := course.CreateInput{Title: danish(title), Sessions: []course.SessionInput{{StartsAt: start, EndsAt: end}}}
	if change != nil {
		change(&in)
	}
	c := ct.Must(s.Courses.Create(s.staff, in))(s.T)
	ct.Must(s.Courses.Publish(s.staff, course.PublishInput{CourseID: c.ID}))(s.T)
	s.titles[c.ID] = title
	return c.ID
}

func (s *school) path(who string) (done, running, wished, suggested string) {
	s.T.Helper()
	ctx, p := s.Person(who)
	path := ct.Must(s.Learning.Of(ctx, p))(s.T)
	write := func(steps []*learning.Step) string {
		var list []string
		for _, step := range steps {
			if step.Why(ctx) == "" || strings.Contains(step.Why(ctx), "why.") {
				s.T.Errorf("%s says %q", step.Reason, step.Why(ctx))
			}
			list = append(list, s.titles[step.CourseID]+" "+string(step.Reason))
		}
		return strings.Join(list, ", ")
	}
	return write(path.Done), write(path.Running), write(ct.Must(path.Wished())(s.T)), write(ct.Must(path.Suggested())(s.T))
}

func teaching(skillIDs ...string) func(*course.CreateInput) {
	return func(in *course.CreateInput) { in.SkillIDs = skillIDs }
}

// The path has what somebody has done, takes part in, wishes and could do, each for the strongest reason.
func TestThePathOfAPerson(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	knots, bread, fire := s.skill("Knob"), s.skill("Bagning"), s.skill("Brand")
	ctx := s.As("bo")
	ct.Must(s.People.SetSkills(ctx, person.SetSkillsInput{Wanted: optional.ListOf(knots, fire)}))(t)
	ct.Must(s.People.CompleteProfile(ctx, person.ProfileInput{Interests: optional.ListOf("urtehave", "sang")}))(t)
	late := s.course("Knob for alle", 20, teaching(knots))
	s.course("Knob for øvede", 30, func(in *course.CreateInput) { in.SkillIDs, in.PrerequisiteSkillIDs = []string{knots}, []string{bread} })
	s.course("Lav en urtehave", 5, nil)
	s.course("Noget helt andet", 3, nil)
	enrolled := s.course("Brandslukning", 4, teaching(fire))
	ct.Must(s.Courses.Enrol(ctx, course.EnrolInput{CourseID: enrolled}))(t)
	done, running, wished, suggested := s.path("bo")
	if done != "" || running != "Brandslukning ENROLLED" {
		t.Errorf("done %q, running %q", done, running)
	}
	if want := "Knob for alle SKILL_WANTED, Brandslukning SKILL_WANTED"; wished != want && wished != "Brandslukning SKILL_WANTED, Knob for alle SKILL_WANTED" {
		t.Errorf("wished %q, want %q", wished, want)
	}
	if want := "Knob for alle SKILL_WANTED, Lav en urtehave INTEREST, Knob for øvede SKILL_WANTED"; suggested != want {
		t.Errorf("suggested %q, want %q", suggested, want)
	}
	ct.Must(s.Courses.Enrol(ctx, course.EnrolInput{CourseID: late}))(t)
	if _, _, _, suggested = s.path("bo"); strings.Contains(suggested, "Knob for alle") {
		t.Errorf("suggested is what bo takes part in: %q", suggested)
	}
	if _, _, wished, suggested = s.path("anna"); wished+suggested != "" {
		t.Errorf("somebody who has said nothing wishes %q, and is told of %q", wished, suggested)
	}
}

// What courses gave is not suggested again, and what asks for it comes forward.
func TestThePathGoesOn(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	knots := s.skill("Knob")
	ctx := s.As("bo")
	ct.Must(s.People.CompleteProfile(ctx, person.ProfileInput{Interests: optional.ListOf("knob")}))(t)
	first := s.course("Knob", 1, teaching(knots))
	s.course("Knob igen", 9, teaching(knots))
	s.course("Knob på vand", 12, func(in *course.CreateInput) { in.PrerequisiteSkillIDs = []string{knots} })
	s.course("Knob og snore", 15, nil)
	if _, _, _, suggested := s.path("bo"); suggested != "Knob INTEREST, Knob igen INTEREST, Knob og snore INTEREST, Knob på vand INTEREST" {
		t.Errorf("before: %q", suggested)
	}
	s.attend(first, "bo")
	done, running, _, suggested := s.path("bo")
	if done != "Knob COMPLETED" || running != "" || suggested != "Knob på vand INTEREST, Knob og snore INTEREST" {
		t.Errorf("done %q, running %q, suggested %q", done, running, suggested)
	}
}

// Courses for groups are suggested to their members, and those for a role to whoever holds it.
func TestCoursesForGroupsAreSuggestedToTheirMembers(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	g := s.Group("anna")
	s.Join(g.ID, "bo")
	s.RunPending()
	s.course("For boliggrupper", 9, func(in *course.CreateInput) { in.Audience = &course.AudienceInput{GroupKinds: []group.Kind{g.Kind}} })
	s.course("For ledere", 12, func(in *course.CreateInput) {
		in.Audience = &course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleLeader}}
	})
	for who, want := range map[string]string{"anna": "For boliggrupper GROUP, For ledere GROUP", "bo": "For boliggrupper GROUP", "clara": ""} {
		if _, _, _, suggested := s.path(who); suggested != want {
			t.Errorf("to %s is suggested %q, want %q", who, suggested, want)
		}
	}
}

// What somebody says they have counts as it does when they enrol, and nothing is suggested that they cannot take: what they
// teach, and what nobody can sign up for any more.
func TestSuggestionsAreCoursesThatCanBeTaken(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	knots, bread := s.skill("Knob"), s.skill("Bagning")
	ctx := s.As("bo")
	ct.Must(s.People.SetSkills(ctx, person.SetSkillsInput{Have: optional.ListOf(&person.SkillInput{SkillID: bread}), Wanted: optional.ListOf(knots)}))(t)
	s.course("Knob for øvede", 5, func(in *course.CreateInput) { in.SkillIDs, in.PrerequisiteSkillIDs = []string{knots}, []string{bread} })
	s.course("Knob for alle", 9, teaching(knots))
	s.course("Knob af bo", 3, func(in *course.CreateInput) {
		in.SkillIDs, in.TeacherIDs = []string{knots}, []string{ct.PersonID("bo")}
	})
	s.course("Knob snart", 2, func(in *course.CreateInput) {
		closes := in.Sessions[0].StartsAt.Plus(-40 * time.Hour)
		in.SkillIDs, in.SignUp = []string{knots}, &booking.TermsInput{ClosesAt: &closes}
	})
	s.Clock.Advance(10 * time.Hour)
	_, _, wished, suggested := s.path("bo")
	if wished != "Knob for øvede SKILL_WANTED" || suggested != "Knob for øvede SKILL_WANTED, Knob for alle SKILL_WANTED" {
		t.Errorf("wished %q, suggested %q", wished, suggested)
	}
}

// Wishes in words of their own are on the path until they end, with the course that answers them once it is published.
func TestWishesInWordsAreOnThePath(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	ctx := s.As("bo")
	wish := func(words string) string {
		return ct.Must(s.Wishes.ForCourse(ctx, wishes.ForCourseInput{Text: words}))(t).ID
	}
	knots, bread, spring := wish("Knob"), wish("Bagning"), "Til foråret"
	ct.Must(s.Wishes.Withdraw(ctx, wishes.WithdrawInput{WishID: wish("Sang")}))(t)
	ct.Must(s.Wishes.Answer(s.staff, wishes.AnswerInput{WishIDs: []string{bread}, Text: &spring}))(t)
	c := s.course("Sømandskab", 1, nil)
	ct.Must(s.Wishes.Answer(s.staff, wishes.AnswerInput{WishIDs: []string{knots}, CourseID: &c}))(t)
	s.RunPending()
	if _, _, wished, _ := s.path("bo"); wished != " WISHED, Sømandskab WISHED" && wished != "Sømandskab WISHED,  WISHED" {
		t.Errorf("bo wished %q", wished)
	}
	if _, _, wished, _ := s.path("anna"); wished != "" {
		t.Errorf("anna sees the wishes of bo: %q", wished)
	}
	s.attend(c, "bo")
	if done, _, wished, _ := s.path("bo"); done != "Sømandskab COMPLETED" || wished != " WISHED" {
		t.Errorf("after the course: done %q, wished %q", done, wished)
	}
}

// attend has somebody enrol in a course of one session, attend it, and complete it.
func (s *school) attend(courseID, who string) {
	s.T.Helper()
	ct.Must(s.Courses.Enrol(s.As(who), course.EnrolInput{CourseID: courseID}))(s.T)
	s.Clock.Advance(30 * time.Hour)
	c := ct.Must(s.Courses.Get(s.staff, courseID))(s.T)
	ct.Must(s.Courses.Record(s.staff, course.RecordInput{SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID(who)}}))(s.T)
	ct.Must(s.Courses.Complete(s.staff, course.CompleteInput{CourseID: courseID}))(s.T)
	s.RunPending()
}
