package person_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// However many read at once, and whatever they had read when a change came, nobody is taken for who they were before a
// change that is done.
func TestNobodyIsTakenForWhoTheyWereBefore(t *testing.T) {
	t.Parallel()
	w := ct.New(t, testkit.WithSoleWriter())
	me := keep(w)
	var changes, keptSince atomic.Int32 // how often the viewer has changed, and the last change since which they were kept
	var readers sync.WaitGroup
	const last = 60
	for range 4 {
		readers.Go(func() {
			for changes.Load() < last && !t.Failed() {
				least := changes.Load()
				v, isKept, err := w.People.Recognise(t.Context(), annas, i18n.English)
				if got := v.Groups["grp_a"].May; err != nil || got < least {
					t.Errorf("the viewer of change %d after change %d, kept %t: %v", got, least, isKept, err)
				}
				if isKept {
					keptSince.Store(least)
				}
			}
		})
	}
	for n := int32(1); n <= last && !t.Failed(); n++ {
		c := person.GroupCopy{Active: true, Version: int(n)}
		c.May = n
		if _, err := w.People.CopyMembership(t.Context(), me.PersonID, "grp_a", c); err != nil {
			t.Fatal(err)
		}
		changes.Store(n)
		for n < last && keptSince.Load() < n && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
	}
	readers.Wait()
}
