package group_test

import (
	"slices"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
)

// beforeTheEnd calls do between the write by which the group decides that a leader goes, and the one by which
// their membership ends.
func beforeTheEnd(m *ct.Moment, do func()) (came func() bool) {
	done := false
	m.Before("find", "group_memberships", func() { // the membership is read
		m.Before("find", "group_memberships", func() { // the group has decided
			done = true
			do()
		})
	})
	return func() bool { return done }
}

// A leader who is banned leaves before the ban has reached their membership. They are banned all the same, as
// any person who has left can be.
func TestALeaderDoesNotLeaveToEscapeTheBan(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(w *ct.World, g string) error{
		"leaves":               func(w *ct.World, g string) error { return leave(w, "bo", g) },
		"leaves and is back":   func(w *ct.World, g string) error { _ = leave(w, "bo", g); w.Join(g, "bo"); return nil },
		"is removed by others": func(w *ct.World, g string) error { _, err := remove(w, "cara", "bo", g, false); return err },
		"is banned by others":  func(w *ct.World, g string) error { _, err := remove(w, "cara", "bo", g, true); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, _, g := led(t)
			w.Join(g, "cara")
			ct.Must(grant(w, "anna", "cara", g, group.RoleLeader, nil))(t)
			came := beforeTheEnd(m, func() {
				if err := meanwhile(w, g); err != nil {
					t.Error(err)
				}
			})
			ct.Must(remove(w, "anna", "bo", g, true))(t)
			if !came() {
				t.Fatal("the moment did not come")
			}
			w.RunPending()
			if own := membershipOf(t, w, "bo", g); own.State != group.StateBanned {
				t.Errorf("bo was banned and is %s", own.State)
			}
			_, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g})
			ct.WantKey(t, err, "group.join.banned")
			if n, _ := members(t, w, g); n != 2 {
				t.Errorf("it counts %d members", n)
			}
		})
	}
}

// The effects of a leader's ban run once more after the ban was lifted and he is back. He stays.
func TestALateBanBansNobodyAgain(t *testing.T) {
	t.Parallel()
	w, _, r, g := led(t)
	r.Take()
	ct.Must(remove(w, "anna", "bo", g, true))(t)
	late := r.Take()
	ct.Must(liftBan(w, "anna", "bo", g))(t)
	repeat(t, w, late)
	if m := membershipOf(t, w, "bo", g); m.State != group.StateRemoved {
		t.Errorf("after the ban was lifted bo is %s", m.State)
	}
	w.Join(g, "bo")
	repeat(t, w, late)
	if m := membershipOf(t, w, "bo", g); m.State != group.StateActive {
		t.Errorf("bo came back and is %s", m.State)
	}
}

// A leader who is removed is named again before the removal has reached their membership. The group and the
// membership agree afterwards, and the group never has a leader who is no member.
func TestWhoIsNamedAgainMeanwhileIsAMemberWhoLeads(t *testing.T) {
	t.Parallel()
	for _, ban := range []bool{false, true} {
		w, m, _, g := led(t)
		came := beforeTheEnd(m, func() { ct.Must(grant(w, "anna", "bo", g, group.RoleLeader, nil))(t) })
		ct.Must(remove(w, "anna", "bo", g, ban))(t)
		if !came() {
			t.Fatal("the moment did not come")
		}
		w.RunPending()
		_, leaders := members(t, w, g)
		own := membershipOf(t, w, "bo", g)
		leads := own.State == group.StateActive && slices.Contains(held(t, w, "bo", g), group.RoleLeader)
		if leads != slices.Contains(leaders, ct.PersonID("bo")) {
			t.Errorf("ban %t: bo is %s and holds %v; the group is led by %v", ban, own.State, own.Holds, leaders)
		}
	}
}
