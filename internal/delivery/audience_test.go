package delivery_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
)

// News about several dates reaches the people of all of them, each person once.
func TestACauseAboutSeveralDatesTellsThePeopleOfAll(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan", "eva")
	first, second := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
	w.MustAttend("bo", first.ID, 0)
	w.MustAttend("cara", second.ID, 0)
	w.MustAttend("dan", first.ID, 0)
	w.MustAttend("dan", second.ID, 0)
	work(w)
	w.Phones.Reset()
	w.Notifier.PageBy(2)
	w.Enqueue(notify.Cause{Key: "series", Kind: event.NoticePublished, Subject: first.ID, GroupID: g.ID, Data: map[string]string{"Title": "Fællesspisning"},
		Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{ct.DateOf(second.ID), ct.DateOf(first.ID)}}}})
	work(w)
	wantPushed(t, w, "bo", "cara", "dan")
	for name, reasons := range map[string]int{"bo": 1, "cara": 1, "dan": 2, "eva": 0} {
		for _, n := range w.Notices(name) {
			if n.Cause == "series" && len(n.Reasons) != reasons {
				t.Errorf("%s is told for %d reasons, want %d: %+v", name, len(n.Reasons), reasons, n.Reasons)
			}
		}
	}
}
