package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/testkit"
)

// A worker may die while it walks several dates and audiences, page by page: the next
// one tells everybody once, with all their reasons.
func TestAWorkerDiesInTheMiddleOfSeveralDates(t *testing.T) {
	t.Parallel()
	for _, writes := range []int{2, 3, 4, 5, 9, 14} { // between the pages of the dates, and of the group
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo", "dan")
			first, second := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
			w.MustAttend("bo", first.ID, 0)
			w.MustAttend("dan", first.ID, 0)
			w.MustAttend("dan", second.ID, 0)
			work(w)
			w.Phones.Reset()
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			w.Notifier.PageBy(1)
			dying.Notifier.PageBy(1)
			w.Enqueue(notify.Cause{Key: "series", Kind: event.NoticePublished, Subject: first.ID, GroupID: g.ID, Data: map[string]string{"Title": "Fællesspisning"},
				Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{ct.DateOf(second.ID), ct.DateOf(first.ID)}},
					{Kind: group.AudienceMembers, IDs: []string{g.ID}}}})
			crasher.After(writes)
			if err := dying.Notifier.Drain(t.Context()); err == nil {
				t.Error("the dead worker noticed nothing")
			}
			w.Clock.Advance(31 * time.Second)
			w.Drain()
			// A push that was under way when the worker died may come twice.
			if got := slices.Compact(pushed(w)); !slices.Equal(got, []string{"anna", "bo", "dan"}) {
				t.Errorf("pushes to %v", got)
			}
			for name, reasons := range map[string]int{"anna": 1, "bo": 2, "dan": 3} {
				told := 0
				for _, n := range w.Notices(name) {
					if n.Cause != "series" {
						continue
					}
					if told++; len(n.Reasons) != reasons {
						t.Errorf("%s has the reasons %+v, want %d", name, n.Reasons, reasons)
					}
				}
				if told != 1 {
					t.Errorf("%s has %d notices", name, told)
				}
			}
		})
	}
}
