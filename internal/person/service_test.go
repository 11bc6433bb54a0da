package person_test

import (
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

func TestBannedIsNotLetIn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for field, key := range map[string]string{"bannedAt": "person.banned", "disabledAt": "person.disabled"} {
		w.As(field)
		w.Set(t.Context(), "persons", ct.PersonID(field), map[string]any{field: ct.Noon})
		_, err := w.People.SignIn(t.Context(), auth.Claims{UID: "uid-" + field}, i18n.Danish)
		ct.WantKey(t, err, key)
	}
}

func TestProfileIsOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("anna", auth.RoleStaff)
	area := ct.Must(w.Areas.Ensure(t.Context(), "nord", "Nord", "Byen"))(t)
	skill := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Førstehjælp"}}))(t)
	bo, name := w.As("bo"), "Bo Bo"
	in := person.ProfileInput{DisplayName: optional.Of(name), HomeAreaID: optional.Of(area.ID), Interests: optional.ListOf("haver", " Haver"), SkillsWanted: optional.ListOf(skill.ID, skill.ID)}
	p := ct.Must(w.People.CompleteProfile(bo, in))(t)
	if p.DisplayName != name || p.HomeAreaID(bo) != area.ID || len(p.OwnSkillsWanted) != 1 || len(p.Interests(bo)) != 1 {
		t.Errorf("profile %+v", p)
	}
	if p.HomeAreaID(staff) != "" || p.Interests(staff) != nil || p.Language(staff) != nil || p.Roles(staff) != nil {
		t.Error("somebody else is told")
	}
	unknown := "area_00000000000000000000000000"
	_, err := w.People.CompleteProfile(bo, person.ProfileInput{HomeAreaID: optional.Of(unknown)})
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.People.CompleteProfile(t.Context(), in)
	ct.WantKind(t, err, fault.KindUnauthenticated)
	if found := ct.Must(w.People.ByIDs(t.Context(), []string{p.ID}))(t); len(found) != 0 {
		t.Error("an anonymous viewer sees people")
	}
}
