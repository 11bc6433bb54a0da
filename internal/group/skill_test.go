package group_test

import (
	"strings"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

func skillOf(w *ct.World, name string) string {
	w.T.Helper()
	return ct.Must(w.Skills.Create(w.Grant("staff", auth.RoleStaff), skill.CreateInput{Name: []i18n.Translation{{Language: "DA", Text: name}}}))(w.T).ID
}

func agrees(w *ct.World, who string, to person.SkillVisibility, skillID string, teaches bool) {
	w.T.Helper()
	in := person.SetSkillsInput{VisibleTo: optional.Of(to), Have: optional.ListOf(&person.SkillInput{SkillID: skillID}), Teach: optional.ListOf[string]()}
	if teaches {
		in.Teach = optional.ListOf(skillID)
	}
	ct.Must(w.People.SetSkills(w.As(who), in))(w.T)
}

// found are the names of those whom a viewer finds in a group, page by page, and how many there are.
func foundBySkill(w *ct.World, viewer, groupID string, f *group.MembershipFilter) (names string, count int, err error) {
	w.T.Helper()
	ctx := w.As(viewer)
	g := ct.Must(w.Groups.Get(ctx, groupID))(w.T)
	own := ct.Must(w.Groups.OwnByGroup(ctx, []string{groupID}))(w.T)[groupID]
	var list []string
	for a := (page.Args{First: 1}); ; {
		c, err := w.Groups.Memberships(ctx, g, own, group.ListFilter{Skills: f}, a)
		if err != nil {
			return "", 0, err
		}
		for _, e := range c.Edges {
			for _, who := range []string{"anna", "bo", "clara", "dan"} {
				if ct.PersonID(who) == e.Node.PersonID {
					list = append(list, who)
				}
			}
		}
		count = *ct.Must(c.TotalCount(ctx))(w.T)
		if !c.PageInfo.HasNextPage {
			return strings.Join(list, " "), count, nil
		}
		a.After = *c.PageInfo.EndCursor
	}
}

// Leaders find members who agreed to be found by what they can; nobody else finds anybody.
func TestLeadersFindWhoCanHelp(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, other := w.Group("anna").ID, w.Group("dan").ID
	knots, bread := skillOf(w, "Knob"), skillOf(w, "Bagning")
	agrees(w, "bo", person.VisibleToLeaders, knots, true) // before joining
	w.Join(g, "bo")
	w.Join(g, "clara")
	w.RunPending()
	agrees(w, "clara", person.VisibleToEveryone, knots, false)
	w.RunPending()
	teach := true
	check := func(when, viewer, groupID string, f group.MembershipFilter, want string) {
		t.Helper()
		got, count, err := foundBySkill(w, viewer, groupID, &f)
		if err != nil || got != want || count != len(strings.Fields(want)) {
			t.Errorf("%s: %s finds %q (%d), %v; want %q", when, viewer, got, count, err, want)
		}
	}
	check("both", "anna", g, group.MembershipFilter{SkillID: &knots}, "bo clara")
	check("who teaches it", "anna", g, group.MembershipFilter{SkillID: &knots, CanTeach: &teach}, "bo")
	check("who teaches anything", "anna", g, group.MembershipFilter{CanTeach: &teach}, "bo")
	check("another skill", "anna", g, group.MembershipFilter{SkillID: &bread}, "")
	check("another group", "dan", other, group.MembershipFilter{SkillID: &knots}, "")
	for _, viewer := range []string{"bo", "staff"} {
		if _, _, err := foundBySkill(w, viewer, g, &group.MembershipFilter{SkillID: &knots}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s finds by skill: %v", viewer, err)
		}
	}
	agrees(w, "bo", person.VisibleToNobody, knots, true)
	check("bo agrees no more", "anna", g, group.MembershipFilter{SkillID: &knots}, "clara")
	agrees(w, "bo", person.VisibleToMembers, bread, false)
	w.RunPending()
	check("bo can something else", "anna", g, group.MembershipFilter{SkillID: &bread}, "bo")
	ct.Must("", leave(w, "bo", g))(t)
	w.RunPending()
	check("bo has left", "anna", g, group.MembershipFilter{SkillID: &bread}, "")
	w.Join(g, "bo")
	w.RunPending()
	check("bo is back", "anna", g, group.MembershipFilter{SkillID: &bread}, "bo")
}

// Nobody is shown whose document says no, also while their membership says yes.
func TestNobodyIsFoundBeforeTheMembershipHasHeard(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, knots := w.Group("anna").ID, skillOf(w, "Knob")
	w.Join(g, "bo")
	agrees(w, "bo", person.VisibleToLeaders, knots, false)
	w.RunPending()
	w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"skillsVisibleTo": person.VisibleToNobody})
	if got, count, err := foundBySkill(w, "anna", g, &group.MembershipFilter{SkillID: &knots}); got != "" || count != 0 || err != nil {
		t.Errorf("anna finds %q (%d), %v", got, count, err)
	}
}

// An older copy does not replace a newer one, and a state that no member has is refused with a filter.
func TestFilterOfOtherStatesIsRefused(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, knots := w.Group("anna"), skillOf(w, "Knob")
	state := group.StateRequested
	own := ct.Must(w.Groups.OwnByGroup(w.As("anna"), []string{g.ID}))(t)[g.ID]
	_, err := w.Groups.Memberships(w.As("anna"), g, own, group.ListFilter{State: &state, Skills: &group.MembershipFilter{SkillID: &knots}}, page.Args{First: 1})
	ct.WantKey(t, err, "group.skill.state")
}
