package course_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// clubs is a world with two groups in two areas: anna leads a housing group and bo parents; cara and dan are in both, and keep
// the money of one each. eva is in neither.
func clubs(t *testing.T) (w *ct.World, areas []string) {
	t.Helper()
	w = ct.New(t)
	for _, a := range ct.Must(w.LoadAreas(t.Context()))(t)[:2] {
		areas = append(areas, a.ID)
	}
	for i, row := range []struct {
		leader, treasurer string
		kind              group.Kind
	}{{"anna", "cara", group.KindHousing}, {"bo", "dan", group.KindParents}} {
		g := w.Group(row.leader, func(in *group.CreateInput) { in.Name, in.Kind, in.AreaID = "Klub "+row.leader, row.kind, &areas[i] })
		w.Join(g.ID, "cara", "dan")
		ct.Must(w.Groups.GrantRole(w.As(row.leader), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID(row.treasurer), Key: group.RoleTreasurer}))(t)
	}
	w.As("eva")
	return w, areas
}

// toldOf are the people who hear of a course when it is published.
func toldOf(w *ct.World, c *course.Course) string {
	var told []string
	for _, name := range []string{"anna", "bo", "cara", "dan", "eva"} {
		for _, n := range w.Notices(name) {
			if n.SubjectID == c.ID {
				told = append(told, name)
			}
		}
	}
	return strings.Join(told, " ")
}

// suggestedTo are the people for whom a course is found by their groups.
func suggestedTo(t *testing.T, w *ct.World, c *course.Course) string {
	t.Helper()
	var names []string
	for _, name := range []string{"anna", "bo", "cara", "dan", "eva"} {
		var in []course.Belonging
		ctx := w.As(name)
		for _, e := range ct.Must(w.Groups.Own(ctx, page.Args{First: 50}))(t).Edges {
			g := ct.Must(w.Groups.Get(ctx, e.Node.GroupID))(t)
			b := course.Belonging{Kind: g.Kind, AreaID: g.AreaID}
			for _, held := range e.Node.Held(g) {
				b.Roles = append(b.Roles, held.Role.Key)
			}
			in = append(in, b)
		}
		found := ct.Must(w.Courses.MeantFor(ctx, "", in, 50))(t)
		if slices.ContainsFunc(found, func(f *course.Course) bool { return f.ID == c.ID }) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// Publishing tells exactly those for whom a course is meant, whatever the length of the pages in which they are walked.
func TestPublishingTellsExactlyThoseItIsFor(t *testing.T) {
	t.Parallel()
	w, areas := clubs(t)
	for _, row := range []struct {
		in   course.AudienceInput
		want string
	}{
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}}, "cara dan"},
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}, GroupKinds: []group.Kind{group.KindHousing}}, "cara"},
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}, AreaIDs: areas[1:2]}, "dan"},
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}, GroupKinds: []group.Kind{group.KindHousing}, AreaIDs: areas[1:2]}, ""},
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer, group.RoleLeader}}, "anna bo cara dan"},
		{course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleMember}, GroupKinds: []group.Kind{group.KindParents}}, "bo cara dan"},
		{course.AudienceInput{GroupKinds: []group.Kind{group.KindHousing}}, "anna cara dan"},
		{course.AudienceInput{GroupKinds: []group.Kind{group.KindAssociation}}, ""},
		{course.AudienceInput{AreaIDs: areas[:1]}, ""}, // nobody lives there
		{course.AudienceInput{}, ""},
	} {
		_, staff, c := schoolIn(t, w, 1)
		c = ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SkillIDs: optional.ListOf[string](), RulesEdit: course.RulesEdit{Audience: optional.Of(row.in)}}))(t)
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
		w.Drain()
		if got := toldOf(w, c); got != row.want {
			t.Errorf("%+v: told are %q, want %q", row.in, got, row.want)
		}
		if got := suggestedTo(t, w, c); got != row.want && len(row.in.GroupKinds)+len(row.in.GroupRoles) > 0 {
			t.Errorf("%+v: suggested to %q, want %q", row.in, got, row.want)
		}
	}
}

// A walk over members of several groups finds everybody once, in order, whatever the length of its pages.
func TestAWalkOverMembersOfGroupsFindsEverybodyOnce(t *testing.T) {
	t.Parallel()
	w, _ := clubs(t)
	var want []string
	for _, name := range []string{"anna", "bo", "cara", "dan"} {
		want = append(want, ct.PersonID(name))
	}
	slices.Sort(want)
	for limit := 1; limit < 6; limit++ {
		var got []string
		for after := ""; ; {
			found := ct.Must(w.Groups.WalkMeant(t.Context(), group.Meant{}, after, limit))(t)
			for _, f := range found {
				got = append(got, f.PersonID)
			}
			if len(found) < limit {
				break
			}
			after = found[len(found)-1].PersonID
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: %q, want %q", limit, got, want)
		}
	}
}

// People are told why: by a group that they know. Roles that have ended and groups that are closed count no more.
func TestThoseItIsForHearWhy(t *testing.T) {
	t.Parallel()
	w, _ := clubs(t)
	_, staff, c := schoolIn(t, w, 1)
	own := w.Group("fie", func(in *group.CreateInput) { in.Name = "Lukket" })
	w.Join(own.ID, "eva")
	ct.Must(w.Groups.GrantRole(w.As("fie"), group.GrantRoleInput{GroupID: own.ID, PersonID: ct.PersonID("eva"), Key: group.RoleTreasurer}))(t)
	ct.Must(w.Groups.Archive(w.As("fie"), group.ArchiveInput{GroupID: own.ID}))(t)
	late := w.Group("gry", func(in *group.CreateInput) { in.Name = "Sen" })
	w.Join(late.ID, "hans")
	end := w.Clock.Now().Add(time.Hour)
	ct.Must(w.Groups.GrantRole(w.As("gry"), group.GrantRoleInput{GroupID: late.ID, PersonID: ct.PersonID("hans"), Key: group.RoleTreasurer, ExpiresAt: &end}))(t)
	w.Clock.Advance(2 * time.Hour)
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, RulesEdit: course.RulesEdit{
		Audience: optional.Of(course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}})}}))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Drain()
	for name, want := range map[string]string{"cara": "Fordi du er medlem af Klub anna", "dan": "Fordi du er medlem af Klub bo", "eva": "", "hans": "", "fie": ""} {
		got := ""
		for _, n := range w.Notices(name) {
			if n.SubjectID == c.ID {
				got = n.Why()[0].Text(w.As(name))
			}
		}
		if got != want {
			t.Errorf("%s hears %q, want %q", name, got, want)
		}
	}
}

func TestAudiences(t *testing.T) {
	t.Parallel()
	treasurer := course.Belonging{Kind: group.KindLokalforum, AreaID: "a", Roles: []string{group.RoleTreasurer}}
	for _, row := range []struct {
		of   course.Audience
		home string
		in   []course.Belonging
		want bool
	}{
		{course.Audience{}, "a", nil, false},
		{course.Audience{AreaIDs: []string{"a"}}, "a", nil, true},
		{course.Audience{AreaIDs: []string{"a"}}, "b", []course.Belonging{treasurer}, false},
		{course.Audience{GroupKinds: []group.Kind{group.KindLokalforum}}, "b", []course.Belonging{treasurer}, true},
		{course.Audience{GroupKinds: []group.Kind{group.KindHousing}}, "b", []course.Belonging{treasurer}, false},
		{course.Audience{GroupRoles: []course.GroupRole{group.RoleTreasurer}}, "b", []course.Belonging{treasurer}, true},
		{course.Audience{GroupRoles: []course.GroupRole{group.RoleLeader}}, "b", []course.Belonging{treasurer}, false},
		{course.Audience{GroupRoles: []course.GroupRole{group.RoleMember}}, "b", []course.Belonging{treasurer}, true},
		{course.Audience{GroupRoles: []course.GroupRole{group.RoleTreasurer}, AreaIDs: []string{"a"}}, "b", []course.Belonging{treasurer}, true},
		{course.Audience{GroupRoles: []course.GroupRole{group.RoleTreasurer}, AreaIDs: []string{"b"}}, "b", []course.Belonging{treasurer}, false},
	} {
		if got := row.of.IsFor(row.home, row.in); got != row.want {
			t.Errorf("%s: %t", fmt.Sprintf("%+v for %s, %+v", row.of, row.home, row.in), got)
		}
	}
}

// So it is with more groups than one command looks through.
func TestAWalkOverManyGroupsFindsEverybodyOnce(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var want []string
	for i := range 45 { // five roles in 40 groups are one command
		leader := fmt.Sprint("leader", i)
		w.Group(leader, func(in *group.CreateInput) { in.Name = "Klub " + leader })
		want = append(want, ct.PersonID(leader))
	}
	slices.Sort(want)
	roles := []string{group.RoleOrganiser, group.RoleModerator, group.RoleLeader, group.RoleTreasurer, group.RoleCaretaker}
	var got []string
	for after := ""; ; {
		found := ct.Must(w.Groups.WalkMeant(t.Context(), group.Meant{Roles: roles}, after, 4))(t)
		for _, f := range found {
			got = append(got, f.PersonID)
		}
		if len(found) < 4 {
			break
		}
		after = found[len(found)-1].PersonID
	}
	if !slices.Equal(got, want) {
		t.Errorf("found %d of %d: %q", len(got), len(want), got)
	}
}

// Everybody who holds a role now is found once, whatever the length of the pages: people with it in several groups, with two
// roles in one group, and with one that has ended in a group and the same in another.
func TestAWalkOverSeveralGroupsPassesNobodyOver(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	end := w.Clock.Now().Add(time.Hour)
	roles := []string{group.RoleOrganiser, group.RoleModerator, group.RoleTreasurer}
	wanted := map[string]bool{}
	for i := range 10 {
		leader := fmt.Sprint("leader", i%4)
		g := w.Group(leader, func(in *group.CreateInput) { in.Name = fmt.Sprint("Klub ", i) })
		for j := range 3 {
			name := fmt.Sprint("member", (i+j*7)%13)
			w.Join(g.ID, name)
			in := group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID(name), Key: roles[(i+j)%3]}
			if (i+j)%4 > 0 {
				in.ExpiresAt = &end
			} else {
				wanted[in.PersonID] = true
			}
			ct.Must(w.Groups.GrantRole(w.As(leader), in))(t)
		}
	}
	w.Clock.Advance(2 * time.Hour)
	want := slices.Sorted(maps.Keys(wanted))
	many := slices.Repeat(roles, 20) // so many that one command looks through three groups
	for limit := 1; limit < 9; limit++ {
		var got []string
		for after := ""; ; {
			found := ct.Must(w.Groups.WalkMeant(t.Context(), group.Meant{Roles: many}, after, limit))(t)
			for _, f := range found {
				got = append(got, f.PersonID)
			}
			if len(found) < limit {
				break
			}
			after = found[len(found)-1].PersonID
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: found %d of %d: %q, want %q", limit, len(got), len(want), got, want)
		}
	}
}

// Whoever no longer keeps the money of a group is not told in the morning of a course for those who do.
func TestWhoStepsDownInTheNightIsNotTold(t *testing.T) {
	t.Parallel()
	w, _ := clubs(t)
	_, staff, c := schoolIn(t, w, 3)
	c = ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SkillIDs: optional.ListOf[string](),
		RulesEdit: course.RulesEdit{Audience: optional.Of(course.AudienceInput{GroupRoles: []course.GroupRole{group.RoleTreasurer}})}}))(t)
	for _, name := range []string{"cara", "dan"} {
		w.Phone(name, name)
	}
	until(t, w, "2026-05-01T23:00")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Drain()
	w.Phones.Reset()
	for _, e := range ct.Must(w.Groups.Own(w.As("cara"), page.Args{First: 50}))(t).Edges {
		if g := ct.Must(w.Groups.Get(w.As("cara"), e.Node.GroupID))(t); g.Kind == group.KindHousing {
			ct.Must(w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{GroupID: g.ID, PersonID: ct.PersonID("cara"), Key: group.RoleTreasurer}))(t)
		}
	}
	w.Drain()
	until(t, w, "2026-05-02T08:00")
	if got := pushedTo(w); len(got["cara"]) > 0 || len(got["dan"]) != 1 {
		t.Errorf("the phones got %q", got)
	}
}
