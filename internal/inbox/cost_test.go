package inbox_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/page"
	"faellesskab/internal/testkit"
)

// A notice goes to a hundred thousand people at once, and each index that it is in is one more
// write for each of them. The manual says how many there are.
func TestWhatANoticeCosts(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.PublishedEvent("anna", g, nil)
	w.Drain()
	list := ct.All[map[string]any](w, "notices", map[string]any{"personId": ct.PersonID("bo")})
	if len(list) != 1 {
		t.Fatalf("bo has %d notices", len(list))
	}
	indexes := 1 // that of the ids
	for _, i := range ct.Indexes() {
		if i.Collection != "notices" {
			continue
		}
		switch has := testkit.Has(i, list[0]); {
		case i.Having != "" && list[0][i.Having] == nil: // the index leaves it out
		case has == len(i.Keys):
			indexes++
		case !i.Sparse || has > 0:
			t.Errorf("the index %v is full of nulls: it has %d fields of a usual notice", i.Keys, has)
		}
	}
	manual := string(ct.Must(os.ReadFile("../../docs/OPERATIONS.md"))(t))
	if says := fmt.Sprintf("A notice is in %s indexes", []string{"no", "one", "two", "three", "four", "five"}[indexes]); !strings.Contains(manual, says) {
		t.Errorf("the manual does not say: %s", says)
	}
}

// The number on the icon is read more often than the inbox: it costs neither the names of people nor the words of
// reasons.
func TestANumberCostsLessThanTheListItCounts(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", asks)
	w.Join(g.ID, "cara") // anna hears who asks
	open := w.Group("dan")
	w.Join(open.ID, "bo")
	e := w.PublishedEvent("dan", open.ID, nil)
	w.MustAttend("bo", e.ID, 0)
	ct.Must(w.Events.Cancel(w.As("dan"), event.CancelInput{EventID: e.ID}))(t) // bo hears of it because he has a seat
	w.Drain()
	counter := &testkit.Counter{}
	w = w.Again(testkit.WithCounter(counter))
	for _, reader := range []string{"anna", "bo"} {
		as := w.As(reader)
		cost := func(read func() error) []string {
			counter.Reset()
			if err := read(); err != nil {
				t.Fatal(err)
			}
			return counter.Commands()
		}
		list := cost(func() error { _, err := w.Inbox.List(as, page.Args{First: 50}); return err })
		number := cost(func() error { _, err := w.Inbox.UnreadCount(as); return err })
		if len(number) >= len(list) {
			t.Errorf("%s: the number costs %v, the list %v", reader, number, list)
		}
	}
}
