package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
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
