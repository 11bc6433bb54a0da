package announcement_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
)

// A person who leads many groups may make ten announcements a day in all and three in each,
// however many calls come at once.
func TestAnAuthorIsLimitedOverAllGroups(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	groups := make([]string, 5)
	for i := range groups {
		groups[i] = w.Group("anna").ID
	}
	anna := w.As("anna")
	var all atomic.Int32
	each := make([]atomic.Int32, len(groups))
	var wg sync.WaitGroup
	for range 4 {
		for i, groupID := range groups {
			wg.Go(func() {
				switch _, err := w.Announcements.ToGroup(anna, said(groupID)); {
				case err == nil:
					all.Add(1)
					each[i].Add(1)
				case !fault.Is(err, fault.KindExhausted):
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if all.Load() != 10 {
		t.Errorf("%d were made", all.Load())
	}
	for i := range each {
		if n := each[i].Load(); n > 3 {
			t.Errorf("%d were made in one group", n)
		}
	}
	other := w.Group("anna")
	_, err := w.Announcements.ToGroup(w.As("anna"), said(other.ID))
	ct.WantKey(t, err, "announcement.too_many_in_all")
	_, err = w.Announcements.Broadcast(w.Grant("anna", auth.RoleStaff), spoken())
	ct.WantKey(t, err, "announcement.too_many_in_all")
	bo := w.Group("bo")
	for range 3 {
		ct.Must(w.Announcements.ToGroup(w.As("bo"), said(bo.ID)))(t)
	}
	_, err = w.Announcements.ToGroup(w.As("bo"), said(bo.ID))
	ct.WantKey(t, err, "announcement.too_many")
}
