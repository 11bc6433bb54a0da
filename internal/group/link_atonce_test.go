package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/testkit"
)

// The process dies right after the write by which a link, or all links, were revoked. From then on
// the link lets nobody in, also before anybody finishes what is left. Links made since do.
func TestARevokedLinkLetsNobodyInAtOnce(t *testing.T) {
	t.Parallel()
	for _, isOne := range []bool{true, false} {
		w := ct.New(t)
		g := w.Group("anna", hidden).ID
		code, in := link(w, "anna", g), group.RevokeLinkInput{GroupID: g}
		if isOne {
			in.Code = &code
		}
		crasher := testkit.NewCrasher()
		dying, anna := w.Again(testkit.WithCrasher(crasher)), w.As("anna")
		crasher.After(1)
		_, _ = dying.Groups.RevokeLink(anna, in)
		w.Clock.Advance(time.Second)
		newer := link(w, "anna", g)
		for range 2 {
			wantClosed(t, w, g, code)
			ct.Must(w.Groups.Invitation(w.As("zoe"), newer))(t)
			w.RunPending()
		}
		left := ct.All[struct{ Revoking map[string]any }](w, "groups", map[string]any{"_id": g})
		if len(left) != 1 || len(left[0].Revoking) != 0 {
			t.Errorf("one link %t: the group keeps %+v", isOne, left)
		}
	}
}

// Somebody opens a link, and their process has read it, when another revokes it and ends it, so that
// the group says nothing of it any more.
func TestALinkThatIsRevokedWhileItIsReadLetsNobodyIn(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	other := w.Again()
	for name, open := range map[string]func(g, code string) error{
		"look": func(_, code string) error { _, err := w.Groups.Invitation(w.As("zoe"), code); return err },
		"join": func(g, code string) error {
			_, err := w.Groups.Join(w.As("zoe"), group.JoinInput{GroupID: g, InvitationCode: &code})
			return err
		},
	} {
		g := w.Group("anna", hidden).ID
		code := link(w, "anna", g)
		w.As("zoe")
		m.Before("find", "groups", func() {
			ct.Must(other.Groups.RevokeLink(other.As("anna"), group.RevokeLinkInput{GroupID: g, Code: &code}))(t)
		})
		if err := open(g, code); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
}
