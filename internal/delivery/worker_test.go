package delivery_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/page"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// The worker dies after its n-th write, for every n, and another one takes over when the
// lease has ended. Everybody is told, and a phone that gets the push twice gets it under
// the same collapse id.
func TestWorkerDiesAnywhere(t *testing.T) {
	t.Parallel()
	for n := range 9 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo", "cara")
			w.PublishedEvent("anna", g.ID, nil)
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(n)
			if err := dying.Notifier.Drain(t.Context()); err == nil && crasher.Crashed() && n < 6 {
				t.Error("the dead worker noticed nothing")
			}
			w.Clock.Advance(31 * time.Second)
			w.Drain()
			for _, name := range []string{"bo", "cara"} {
				if len(w.Notices(name)) != 1 {
					t.Errorf("%s has %d notices", name, len(w.Notices(name)))
				}
				keys := map[string]int{}
				for _, p := range w.Phones.Pushes() {
					if p.Device == name {
						keys[p.CollapseKey]++
					}
				}
				if len(keys) != 1 {
					t.Errorf("%s was told under %v", name, keys)
				}
			}
			if c := w.Chunks(); len(c) != 1 || c[0].State != "DONE" || len(c[0].People) != 2 {
				t.Errorf("chunks %+v", c)
			}
			if j := w.Jobs(event.NoticePublished)[0]; j.State != "DONE" || j.Counts.Pushed != 2 {
				t.Errorf("job %+v", j)
			}
		})
	}
}

// Two workers never hold the same job. A worker that has slept past its lease is refused.
func TestFenceRefusesWhoLostTheLease(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	other := w.Again()
	w.PublishedEvent("anna", g.ID, nil)
	m.Before("insert", "notices", func() { // the first worker falls asleep here
		w.Clock.Advance(31 * time.Second)
		other.Join(g.ID, "cara") // the second worker finds one more member
		other.Drain()
		if j := w.Jobs(event.NoticePublished)[0]; j.Fence != 2 || j.State != "DONE" {
			t.Errorf("the second worker left %+v", j)
		}
	})
	w.Drain()
	if j := w.Jobs(event.NoticePublished)[0]; j.Fence != 2 || j.State != "DONE" || j.Counts.Pushed != 2 {
		t.Errorf("the first worker wrote after it woke: %+v", j)
	}
	wantPushed(t, w, "bo")
	if len(w.Notices("bo")) != 1 {
		t.Errorf("notices %+v", w.Notices("bo"))
	}
}

func TestQuotaPutsPushesOff(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	w.Phones.ScriptAll(fcmsim.QuotaExceeded(time.Minute))
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	w.Phones.ScriptAll(fcmsim.OK())
	w.Clock.Advance(59 * time.Second)
	w.Drain()
	wantPushed(t, w)
	w.Clock.Advance(time.Minute)
	w.Drain()
	wantPushed(t, w, "bo", "cara")
}

func TestInbox(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "cara")
	for range 5 {
		w.PublishedEvent("anna", g.ID, nil)
		w.Drain()
		w.Clock.Advance(time.Second)
	}
	bo := w.As("bo")
	var ids []string
	for after := ""; ; {
		c := ct.Must(w.Inbox.List(bo, page.Args{First: 2, After: after}))(t)
		for _, e := range c.Edges {
			if n := len(ids); n > 0 && e.Node.CreatedAt.After(ct.Noon.Add(time.Duration(5-n)*time.Second)) {
				t.Errorf("the %dth is from %v", n, e.Node.CreatedAt)
			}
			ids = append(ids, e.Node.ID)
		}
		if !c.PageInfo.HasNextPage {
			break
		}
		after = *c.PageInfo.EndCursor
	}
	if len(ids) != 5 {
		t.Fatalf("pages hold %v", ids)
	}
	if n := ct.Must(w.Inbox.UnreadCount(bo))(t); n != 5 {
		t.Errorf("%d unread", n)
	}
	if n := ct.Must(w.Inbox.MarkRead(bo, inbox.MarkReadInput{NoticeIDs: ids[:2]}))(t); n != 3 {
		t.Errorf("%d left", n)
	}
	if n := ct.Must(w.Inbox.MarkRead(bo, inbox.MarkReadInput{NoticeIDs: ids[:2]}))(t); n != 3 {
		t.Errorf("read twice: %d left", n)
	}
	_, err := w.Inbox.MarkRead(w.As("cara"), inbox.MarkReadInput{NoticeIDs: ids[2:3]})
	ct.WantKind(t, err, fault.KindNotFound)
	if found := ct.Must(w.Inbox.ByIDs(w.As("cara"), ids))(t); len(found) != 0 {
		t.Errorf("cara sees bo's %v", found)
	}
	if n := ct.Must(w.Inbox.UnreadCount(bo))(t); n != 3 {
		t.Errorf("%d unread", n)
	}
	_, err = w.Inbox.List(t.Context(), page.Args{First: 1})
	ct.WantKind(t, err, fault.KindUnauthenticated)
}
