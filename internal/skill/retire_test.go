package skill_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

func danish(name string) []i18n.Translation { return []i18n.Translation{{Language: "DA", Text: name}} }

// names are the names of the skills that are listed.
func names(t *testing.T, w *ct.World) (list string) {
	t.Helper()
	for _, e := range ct.Must(w.Skills.List(t.Context(), page.Args{First: 10}))(t).Edges {
		list += e.Node.Name(t.Context(), nil) + " "
	}
	return list
}

// A skill that is renamed gives its old name free, and takes no name that another one has.
func TestANameIsFreeOnceItsSkillHasAnother(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	first := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Knob")}))(t)
	ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Sejlads")}))(t)
	_, err := w.Skills.Update(staff, skill.UpdateInput{SkillID: first.ID, Name: danish("SEJLADS")})
	ct.WantKey(t, err, "skill.exists")
	old := first.Version
	first = ct.Must(w.Skills.Update(staff, skill.UpdateInput{SkillID: first.ID, Name: danish("Knob og reb"), ExpectedVersion: &old}))(t)
	_, err = w.Skills.Update(staff, skill.UpdateInput{SkillID: first.ID, Name: danish("Reb"), ExpectedVersion: &old})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("with an old version: %v", err)
	}
	again := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Knob")}))(t)
	if again.ID == first.ID {
		t.Error("the new skill is the renamed one")
	}
	if got := names(t, w); got != "Knob Knob og reb Sejlads " {
		t.Errorf("listed are %s", got)
	}
	_, err = w.Skills.Update(w.As("bo"), skill.UpdateInput{SkillID: first.ID, Name: danish("Reb")})
	ct.WantKind(t, err, fault.KindForbidden)
	log := ct.Must(w.Audit.Of(t.Context(), first.ID))(t)
	if len(log) != 1 || log[0].Action != "updateSkill" || log[0].Actor != ct.PersonID("staff") {
		t.Errorf("the record says %+v", log)
	}
}

// Two staff who give two skills one name at once do not both get it.
func TestTwoDoNotGetOneNameAtOnce(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	staff := w.Grant("staff", auth.RoleStaff)
	a := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Knob")}))(t)
	b := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Reb")}))(t)
	m.Before("update", "skills", func() {
		ct.Must(w.Skills.Update(staff, skill.UpdateInput{SkillID: b.ID, Name: danish("Sejlads")}))(t)
	})
	_, err := w.Skills.Update(staff, skill.UpdateInput{SkillID: a.ID, Name: danish("Sejlads")})
	ct.WantKey(t, err, "skill.exists")
}

// A retired skill stays with whoever has it, and nothing new refers to it, until it is added again.
func TestARetiredSkillStaysWithWhoeverHasIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff, bo := w.Grant("staff", auth.RoleStaff), w.As("bo")
	k := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: danish("Knob")}))(t)
	wish := person.ProfileInput{SkillsWanted: optional.ListOf(k.ID)}
	ct.Must(w.People.CompleteProfile(bo, wish))(t)
	for range 2 {
		if retired := ct.Must(w.Skills.Retire(staff, skill.RetireInput{SkillID: k.ID}))(t); !retired.IsRetired || retired.Version != 2 {
			t.Errorf("retired: %+v", retired)
		}
	}
	if got := names(t, w); got != "" {
		t.Errorf("listed are %s", got)
	}
	ct.Must(w.People.CompleteProfile(bo, wish))(t) // the app sends the whole list again
	_, err := w.People.CompleteProfile(w.As("cara"), wish)
	ct.WantKey(t, err, "skill.retired")
	ct.WantField(t, err, "input.skillsWanted")
	if found := ct.Must(w.Skills.ByIDs(t.Context(), []string{k.ID}))(t); found[k.ID] == nil {
		t.Error("nobody can read what they wished for")
	}
	back := ct.Must(w.Skills.Create(staff, skill.CreateInput{Name: append(danish("knob"), i18n.Translation{Language: "EN", Text: "Knots"})}))(t)
	if back.ID != k.ID || back.IsRetired || len(back.Names) != 2 {
		t.Errorf("it came back as %+v", back)
	}
	ct.Must(w.People.CompleteProfile(w.As("cara"), wish))(t)
	_, err = w.Skills.Retire(staff, skill.RetireInput{SkillID: id.Derive(id.Skill, "nothing")})
	ct.WantKey(t, err, "skill.not_found")
	_, err = w.Skills.Retire(bo, skill.RetireInput{SkillID: k.ID})
	ct.WantKind(t, err, fault.KindForbidden)
}
