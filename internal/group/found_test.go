package group_test

import (
	"fmt"
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// A person who started a group and heard no answer sees it in the list. They join, or
// ask to, before the group has made them a member. They lead it all the same, and count
// once.
func TestWhoStartsAGroupLeadsItWhateverTheyDoMeanwhile(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		policy group.JoinPolicy
		do     func(w *ct.World, g string)
	}{
		"joins":                  {group.JoinOpen, func(*ct.World, string) {}},
		"asks":                   {group.JoinAsk, func(*ct.World, string) {}},
		"asks and takes it back": {group.JoinAsk, func(w *ct.World, g string) { ct.Must("", leave(w, "anna", g))(w.T) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, r := &ct.Moment{}, &ct.Repeater{}
			w := ct.New(t, m.Option(), r.Option())
			came := false
			m.Before("insert", "group_memberships", func() {
				came = true
				g := ct.Must(w.Groups.List(w.As("anna"), nil, page.Args{First: 1}))(t).Edges[0].Node
				w.Join(g.ID, "anna")
				row.do(w, g.ID)
			})
			r.Take()
			g := w.Group("anna", policy(row.policy)).ID
			late := r.Take()
			if !came {
				t.Fatal("the moment did not come")
			}
			for range 2 {
				w.RunPending()
				n, leaders := members(t, w, g)
				if got := held(t, w, "anna", g); n != 1 || !slices.Contains(got, group.RoleLeader) || len(leaders) != 1 {
					t.Errorf("anna holds %v; it counts %d members and %d leaders", got, n, len(leaders))
				}
				if got := may(t, w, "anna", g); !slices.Contains(got, group.ManageMembers) {
					t.Errorf("anna may %v", got)
				}
				repeat(t, w, late)
			}
			// A late effect makes nobody a leader again.
			w.Join(g, "bo")
			if row.policy == group.JoinAsk {
				ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(t)
			}
			ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t)
			ct.Must(revoke(w, "anna", "anna", g, group.RoleLeader))(t)
			repeat(t, w, late)
			if got := held(t, w, "anna", g); !slices.Equal(got, []string{group.RoleMember}) {
				t.Errorf("anna gave it up and holds %v", got)
			}
			ct.Must("", leave(w, "anna", g))(t)
			repeat(t, w, late)
			if own := membershipOf(t, w, "anna", g); own.State != group.StateLeft {
				t.Errorf("anna left and is %s", own.State)
			}
		})
	}
}

// The last group that a person has room for is made once, even if they ask twice.
func TestTheLastGroupIsMadeAlsoWhenAskedTwice(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	copies := map[string]person.GroupCopy{}
	for i := range group.MaxGroups - 1 {
		copies[id.Derive(id.Group, fmt.Sprint(i))] = person.GroupCopy{Active: true, Version: 1}
	}
	_ = w.As("bo")
	w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"groups": copies})
	key := "11111111-1111-4111-8111-111111111111"
	create := func(key *string) (*group.Group, error) {
		return w.Groups.Create(w.As("bo"), group.CreateInput{ClientMutationID: key, Name: "Den sidste", Kind: group.KindHousing,
			Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen})
	}
	first := ct.Must(create(&key))(t)
	if again, err := create(&key); err != nil || again.ID != first.ID {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	ct.WantKey(t, mistake(create(nil)), "group.join.full")
}
