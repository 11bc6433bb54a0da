package skill_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/page"
	"faellesskab/internal/skill"
)

func TestNoTwoSkillsOfOneName(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	named := func(name string) skill.CreateInput {
		return skill.CreateInput{Name: []i18n.Translation{{Language: "DA", Text: name}}}
	}
	for _, name := range []string{"Ålerøgning", "Bagning", "Ærlighed"} {
		ct.Must(w.Skills.Create(staff, named(name)))(t)
	}
	_, err := w.Skills.Create(staff, named(" bagning "))
	ct.WantKey(t, err, "skill.exists")
	_, err = w.Skills.Create(w.As("bo"), named("Andet"))
	ct.WantKind(t, err, fault.KindForbidden)
	var order string
	for _, e := range ct.Must(w.Skills.List(t.Context(), page.Args{First: 10}))(t).Edges {
		order += e.Node.Name(t.Context(), nil) + " "
	}
	if order != "Bagning Ærlighed Ålerøgning " {
		t.Errorf("in the order %s", order)
	}
	ct.WantKind(t, w.Skills.Offered(t.Context(), []string{"skl_x"}, nil), fault.KindNotFound)
}
