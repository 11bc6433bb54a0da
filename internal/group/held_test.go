package group_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// A request that comes in the night is told in the morning to people who can still answer
// it, if it still waits for an answer.
func TestARequestOfTheNightIsToldToWhoCanAnswerIt(t *testing.T) {
	t.Parallel()
	answer := func(g *group.Group) group.AnswerInput {
		return group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("cara")}
	}
	for name, row := range map[string]struct {
		meanwhile func(t *testing.T, w *ct.World, g *group.Group)
		want      []string
	}{
		"nothing": {func(*testing.T, *ct.World, *group.Group) {}, []string{"anna", "bo"}},
		"withdrawn": {func(t *testing.T, w *ct.World, g *group.Group) {
			if err := leave(w, "cara", g.ID); err != nil {
				t.Error(err)
			}
		}, nil},
		"withdrawn and asked again": {func(t *testing.T, w *ct.World, g *group.Group) {
			if err := leave(w, "cara", g.ID); err != nil {
				t.Error(err)
			}
			w.Join(g.ID, "cara")
			w.Drain()
		}, []string{"anna", "bo"}},
		"approved": {func(t *testing.T, w *ct.World, g *group.Group) {
			ct.Must(w.Groups.Approve(w.As("anna"), answer(g)))(t)
		}, nil},
		"declined": {func(t *testing.T, w *ct.World, g *group.Group) {
			ct.Must(w.Groups.Decline(w.As("anna"), answer(g)))(t)
		}, nil},
		"an approver becomes a member": {func(t *testing.T, w *ct.World, g *group.Group) {
			ct.Must(revoke(w, "anna", "bo", g.ID, group.RoleModerator))(t)
		}, []string{"anna"}},
		"an approver's time is over": {func(t *testing.T, w *ct.World, g *group.Group) {
			ends := w.Clock.Now().Add(time.Hour)
			ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, &ends))(t)
		}, []string{"anna"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", policy(group.JoinAsk))
			w.Join(g.ID, "bo")
			ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
			ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, nil))(t)
			w.Drain()
			for _, name := range []string{"anna", "bo"} {
				w.Phone(name, name)
			}
			w.Clock.Advance(9 * time.Hour) // 23:00
			w.Join(g.ID, "cara")
			w.Drain()
			row.meanwhile(t, w, g)
			w.Clock.Advance(9 * time.Hour)
			w.Drain()
			var got []string
			for _, p := range w.Phones.Pushes() {
				got = append(got, p.Device)
			}
			slices.Sort(got)
			if !slices.Equal(got, row.want) {
				t.Errorf("pushed to %v, want %v", got, row.want)
			}
		})
	}
}

// A person whose role has ended by the clock is not told of later requests.
func TestWhoseRoleHasEndedIsNotTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	w.Join(g.ID, "bo")
	ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
	ends := w.Clock.Now().Add(time.Minute)
	ct.Must(grant(w, "anna", "bo", g.ID, group.RoleModerator, &ends))(t)
	w.Drain()
	w.Phone("anna", "anna")
	w.Phone("bo", "bo")
	w.Clock.Advance(time.Hour)
	w.Join(g.ID, "cara")
	w.Drain()
	if anna, bo := w.Phones.Count("anna"), w.Phones.Count("bo"); anna != 1 || bo != 0 {
		t.Errorf("anna got %d pushes, bo %d", anna, bo)
	}
}

// An answer given in the night that no longer holds in the morning is not told.
func TestAnAnswerThatIsNoLongerSoIsNotTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk))
	w.Phone("cara", "cara")
	w.Join(g.ID, "cara")
	w.Clock.Advance(9 * time.Hour) // 23:00
	ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("cara")}))(t)
	w.Drain()
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("cara")}))(t)
	w.Clock.Advance(9 * time.Hour)
	w.Drain()
	if n := w.Phones.Count("cara"); n != 0 {
		t.Errorf("cara was welcomed %d times", n)
	}
}
