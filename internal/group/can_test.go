package group_test

import (
	"fmt"
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// withMembership gives a stranger a membership of a group in a state, with its copy, and that many other
// groups.
func withMembership(w *ct.World, name string, g *group.Group, state group.MembershipState, others int) {
	w.T.Helper()
	copies := map[string]person.GroupCopy{}
	for i := range others {
		copies[id.Derive(id.Group, fmt.Sprint(i))] = person.GroupCopy{Active: true, Version: 1}
	}
	_ = w.As(name)
	if state != "" {
		personID := ct.PersonID(name)
		m := &group.Membership{ID: id.Pair(g.ID, personID), GroupID: g.ID, PersonID: personID, State: state, Holds: []group.Holding{},
			Since: w.Clock.Now(), History: []group.Change{{State: state, At: w.Clock.Now(), By: personID}}, Version: 1}
		ct.Must(w.DB.Collection("group_memberships").InsertOne(w.T.Context(), m))(w.T)
		copies[g.ID] = m.Copy(g)
	}
	w.Set(w.T.Context(), "persons", ct.PersonID(name), map[string]any{"groups": copies})
}

// For joining and leaving, viewerCan lists exactly what the server accepts: with every join policy, in every
// state, and for people who are in as many groups as allowed.
func TestViewerCanOfComingAndGoingIsWhatTheServerAccepts(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	acts := []struct {
		is func(can []group.Action) bool
		do func(name, g string) error
	}{
		{func(can []group.Action) bool {
			return slices.Contains(can, group.ActionJoin) || slices.Contains(can, group.ActionRequestToJoin)
		}, func(name, g string) error {
			m, err := w.Groups.Join(w.As(name), group.JoinInput{GroupID: g})
			if err == nil && m.State != group.StateActive && m.State != group.StateRequested {
				err = fmt.Errorf("joined as %s", m.State)
			}
			return err
		}},
		{offers(group.ActionLeave), func(name, g string) error { return leave(w, name, g) }},
		{offers(group.ActionDeclineInvitation), func(name, g string) error { return mistake(decline(w, name, g)) }},
		{offers(group.ActionMute), func(name, g string) error {
			return mistake(w.Groups.SetNotifications(w.As(name), group.NotificationsInput{GroupID: g, Level: notify.LevelInbox}))
		}},
		{offers(group.ActionViewMembers), func(name, g string) error {
			ctx := w.As(name)
			own := ct.Must(w.Groups.OwnByGroup(ctx, []string{g}))(t)[g]
			seen, err := w.Groups.Get(ctx, g)
			if err != nil {
				return err
			}
			_, err = w.Groups.Memberships(ctx, seen, own, group.ListFilter{}, page.Args{First: 1})
			return err
		}},
	}
	n := 0
	for door, with := range []func(*group.CreateInput){policy(group.JoinOpen), policy(group.JoinAsk), policy(group.JoinInvite), hidden} {
		g := w.Group("anna", with)
		for _, state := range group.States {
			for _, others := range []int{0, group.MaxGroups} {
				for i, act := range acts {
					if others > 0 && (i > 0 || state == group.StateActive) || i > 2 && door > 0 {
						continue // only joining takes room, and not every act depends on the door
					}
					n++
					name := fmt.Sprint("stander-", n)
					withMembership(w, name, g, state, others)
					seen, err := w.Groups.Get(w.As(name), g.ID)
					if err != nil {
						continue // people who may not know of the group are offered nothing
					}
					can := actions(w, name, seen)
					if err := act.do(name, g.ID); (err == nil) != act.is(can) {
						t.Errorf("%s %s, %s, in %d others: can %v, and act %d ends in %v", g.Visibility, g.JoinPolicy, state, others, can, i, err)
					}
				}
			}
		}
	}
}

func offers(a group.Action) func(can []group.Action) bool {
	return func(can []group.Action) bool { return slices.Contains(can, a) }
}
