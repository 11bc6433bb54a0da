package person_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

func skillNamed(w *ct.World, name string) string {
	w.T.Helper()
	return ct.Must(w.Skills.Create(w.Grant("staff", auth.RoleStaff), skill.CreateInput{Name: []i18n.Translation{{Language: "DA", Text: name}}}))(w.T).ID
}

func says(w *ct.World, who string, to person.SkillVisibility, teach []string, have ...string) {
	w.T.Helper()
	in := person.SetSkillsInput{VisibleTo: optional.Of(to), Teach: optional.ListOf(teach...)}
	var list []*person.SkillInput
	for _, skillID := range have {
		list = append(list, &person.SkillInput{SkillID: skillID})
	}
	in.Have = optional.ListOf(list...)
	ct.Must(w.People.SetSkills(w.As(who), in))(w.T)
	w.RunPending()
}

// seen are the skills of a person as a viewer sees them; ok is false if they are hidden.
func seen(viewer context.Context, w *ct.World, who string) (ids []string, ok bool) {
	w.T.Helper()
	p := ct.Must(w.People.Get(viewer, ct.PersonID(who)))(w.T)
	list := w.People.PersonSkills(viewer, p)
	for _, k := range list {
		ids = append(ids, k.SkillID)
	}
	return ids, list != nil
}

// Skills are seen by those whom the person has chosen, and by nobody until they choose.
func TestSkillsAreSeenByWhomThePersonChose(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.Join(g, "clara")
	w.As("dan")
	knots := skillNamed(w, "Knob")
	ct.Must(w.People.SetSkills(w.As("bo"), person.SetSkillsInput{Have: optional.ListOf(&person.SkillInput{SkillID: knots})}))(t)
	for _, step := range []struct {
		to   person.SkillVisibility
		seen string
	}{
		{"", "bo"}, {person.VisibleToLeaders, "anna bo"}, {person.VisibleToMembers, "anna bo clara"},
		{person.VisibleToEveryone, "anna bo clara dan staff"}, {person.VisibleToNobody, "bo"},
	} {
		if step.to != "" {
			says(w, "bo", step.to, nil, knots)
		}
		var by []string
		for _, who := range []string{"anna", "bo", "clara", "dan", "staff"} {
			if ids, ok := seen(w.As(who), w, "bo"); ok && slices.Equal(ids, []string{knots}) {
				by = append(by, who)
			}
		}
		if got := strings.Join(by, " "); got != step.seen {
			t.Errorf("%q: seen by %s, want %s", step.to, got, step.seen)
		}
	}
	says(w, "bo", person.VisibleToMembers, nil, knots)
	ct.Must("", leave(w, "clara", g))(t)
	if _, ok := seen(w.As("clara"), w, "bo"); ok {
		t.Error("whoever has left the group sees what its members can")
	}
}

func leave(w *ct.World, who, groupID string) error {
	_, err := w.Groups.Leave(w.As(who), group.LeaveInput{GroupID: groupID})
	return err
}

// A wish ends with the skill that a course gives. If it is taken back, the wish is there again, and what another course
// gave stays.
func TestAWishEndsWithTheSkill(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx, knots := t.Context(), skillNamed(w, "Knob")
	ct.Must(w.People.SetSkills(w.As("bo"), person.SetSkillsInput{Wanted: optional.ListOf(knots)}))(t)
	grant := func(courseID string, want bool) {
		t.Helper()
		if isNew := ct.Must(w.People.GrantSkill(ctx, ct.PersonID("bo"), knots, person.SkillGrant{CourseID: courseID, At: ct.Noon}))(t); isNew != want {
			t.Errorf("by %s it is new: %t", courseID, isNew)
		}
	}
	check := func(when, by string, wanted int) {
		t.Helper()
		_, p := w.Person("bo")
		if p.Skills[knots].CourseID != by || len(p.OwnSkillsWanted) != wanted {
			t.Errorf("%s: it is by %q, and %d are wanted", when, p.Skills[knots].CourseID, len(p.OwnSkillsWanted))
		}
	}
	grant("crs_1", true)
	grant("crs_1", true) // again, after a crash
	check("given", "crs_1", 0)
	grant("crs_2", false)
	take := func(courseID string) {
		t.Helper()
		ct.Must("", w.People.TakeBackSkill(ctx, ct.PersonID("bo"), knots, courseID))(t)
	}
	take("crs_3")
	check("another course took nothing", "crs_1", 0)
	take("crs_1")
	check("the first was undone", "crs_2", 0)
	take("crs_2")
	take("crs_2")
	check("both were undone", "", 1)
}

// What courses gave is told apart from what people say, and stays when they say nothing.
func TestWhatIsEarnedIsToldApart(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	knots, bread := skillNamed(w, "Knob"), skillNamed(w, "Bagning")
	w.As("bo")
	ct.Must(w.People.GrantSkill(t.Context(), ct.PersonID("bo"), knots, person.SkillGrant{CourseID: "crs_1", At: ct.Noon.Add(-time.Hour)}))(t)
	level := person.LevelExpert
	p := ct.Must(w.People.SetSkills(w.As("bo"), person.SetSkillsInput{Have: optional.ListOf(&person.SkillInput{SkillID: bread, Level: &level}), Teach: optional.ListOf(knots)}))(t)
	list := w.People.PersonSkills(w.As("bo"), p)
	if len(list) != 2 || !list[0].IsEarned() || !list[0].CanTeach || list[0].Level != nil || list[1].IsEarned() || *list[1].Level != level {
		t.Errorf("%+v", list)
	}
	p = ct.Must(w.People.SetSkills(w.As("bo"), person.SetSkillsInput{Have: optional.NoList[*person.SkillInput](), Teach: optional.NoList[string]()}))(t)
	if list = w.People.PersonSkills(w.As("bo"), p); len(list) != 1 || !list[0].IsEarned() || list[0].CanTeach {
		t.Errorf("afterwards %+v", list)
	}
}
