package event_test

import (
	"maps"
	"strings"
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
)

// Bookings that cannot be erased keep no other from being erased, even if they come first, and more of them
// than one step reads. They are erased once the reason is mended.
func TestABookingThatFailsKeepsNoOther(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	const failing, others = 12, 15
	put := func(fields map[string]any) {
		bookableID := id.New(id.Occurrence)
		maps.Copy(fields, map[string]any{"_id": booking.IDOf(bookableID, ct.PersonID("bo")), "bookableId": bookableID, "personId": ct.PersonID("bo"), "sort": id.Occurrence,
			"state": booking.Cancelled, "guests": 0, "startsAt": ct.Noon, "createdAt": ct.Noon, "queuedAt": ct.Noon, "version": 1})
		w.Put("bookings", fields)
	}
	for range failing {
		put(ct.Stuck())
	}
	for range others {
		put(map[string]any{})
	}
	w.Entomb("bo")
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err == nil || strings.Count(err.Error(), "still have effects") < failing {
		t.Errorf("the failures are told as %v", err)
	}
	if n := w.Count("bookings"); n != failing {
		t.Errorf("%d bookings are left, want the %d that fail", n, failing)
	}
	for _, b := range ct.All[booking.Booking](w, "bookings", map[string]any{}) {
		w.Set(t.Context(), "bookings", b.ID, map[string]any{"due": []string{}, "effects": map[string]any{}})
	}
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil || w.Count("bookings") != 0 {
		t.Errorf("once the reason is mended: %v, %d are left", err, w.Count("bookings"))
	}
}
