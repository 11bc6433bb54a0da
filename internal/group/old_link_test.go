package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// A decision of the group about a person still counts after the person has done something themselves: they ask,
// take it back and ask again, and the old link still does not let them in.
func TestAskingAgainMakesNoOldLinkGood(t *testing.T) {
	t.Parallel()
	out := map[string]func(w *ct.World, g string){
		"removed": func(w *ct.World, g string) { ct.Must(remove(w, "anna", "bo", g, false))(w.T) },
		"a lifted ban": func(w *ct.World, g string) {
			ct.Must(remove(w, "anna", "bo", g, true))(w.T)
			ct.Must(liftBan(w, "anna", "bo", g))(w.T)
		},
		"declined": func(w *ct.World, g string) {
			ct.Must("", leave(w, "bo", g))(w.T)
			w.Join(g, "bo")
			ct.Must(w.Groups.Decline(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(w.T)
		},
	}
	since := map[string]func(w *ct.World, g string){
		"asks":          func(w *ct.World, g string) { w.Join(g, "bo") },
		"takes it back": func(w *ct.World, g string) { w.Join(g, "bo"); ct.Must("", leave(w, "bo", g))(w.T) },
		"asks on and on": func(w *ct.World, g string) { // more steps than a history keeps
			for range 15 {
				w.Clock.Advance(8 * time.Hour) // nobody may ask so often on one day
				w.Join(g, "bo")
				ct.Must("", leave(w, "bo", g))(w.T)
			}
		},
	}
	for name, end := range out {
		for then, do := range since {
			t.Run(name+"/"+then, func(t *testing.T) {
				t.Parallel()
				w := ct.New(t)
				g := w.Group("anna", policy(group.JoinAsk)).ID
				old := link(w, "anna", g)
				w.Clock.Advance(time.Minute)
				ct.Must(joinBy(w, "bo", g, old))(t)
				end(w, g)
				w.Clock.Advance(time.Minute)
				do(w, g)
				_, err := joinBy(w, "bo", g, old)
				ct.WantKey(t, err, "group.invitation.not_found")
				w.Clock.Advance(time.Minute)
				if m, err := joinBy(w, "bo", g, link(w, "anna", g)); err != nil || m.State != group.StateActive {
					t.Errorf("by a new link: %+v, %v", m, err)
				}
			})
		}
	}
}

// A person who was kept out and has been let in since is like everybody else: if they leave by themselves, they
// can come back, also by an old link.
func TestWhoWasLetInSinceComesBackByAnOldLink(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]func(w *ct.World, g string){
		"approved": func(w *ct.World, g string) {
			w.Join(g, "bo")
			ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(w.T)
		},
		"invited":    func(w *ct.World, g string) { mustInvite(w, "anna", "bo", g); w.Join(g, "bo") },
		"a new link": func(w *ct.World, g string) { ct.Must(joinBy(w, "bo", g, link(w, "anna", g)))(w.T) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", policy(group.JoinAsk)).ID
			old := link(w, "anna", g)
			w.Clock.Advance(time.Minute)
			ct.Must(joinBy(w, "bo", g, old))(t)
			ct.Must(remove(w, "anna", "bo", g, false))(t)
			w.Clock.Advance(time.Minute)
			in(w, g)
			ct.Must("", leave(w, "bo", g))(t)
			ct.Must(joinBy(w, "bo", g, old))(t)
		})
	}
}

// A person who was kept out of a hidden group learns no more from their old link than a
// stranger does from a wrong one.
func TestALinkTellsNothingToWhoWasKeptOut(t *testing.T) {
	t.Parallel()
	for _, ban := range []bool{false, true} {
		w := ct.New(t)
		g := w.Group("anna", hidden, policy(group.JoinInvite)).ID
		old := link(w, "anna", g)
		ct.Must(joinBy(w, "bo", g, old))(t)
		ct.Must(w.Groups.Invitation(w.As("bo"), old))(t)
		w.Clock.Advance(time.Minute)
		ct.Must(remove(w, "anna", "bo", g, ban))(t)
		ct.WantKey(t, mistake(w.Groups.Invitation(w.As("bo"), old)), "group.invitation.not_found")
		ct.Must(w.Groups.Invitation(w.As("cara"), old))(t)
		w.Clock.Advance(time.Minute)
		_, err := w.Groups.Invitation(w.As("bo"), link(w, "anna", g))
		if (err == nil) == ban {
			t.Errorf("a new link tells bo, banned: %t, %v", ban, err)
		}
	}
}
