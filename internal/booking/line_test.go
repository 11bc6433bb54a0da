package booking_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// putTiedLine puts people in line for an event's date, several of them within the same
// millisecond, and among them others who are not in line. It returns the line in its order.
func putTiedLine(w *ct.World, random *rand.Rand, eventID string) (line []booking.Booking) {
	w.T.Helper()
	date := w.Bookable(ct.DateOf(eventID))
	for i := range 12 {
		personID := ct.PersonID(fmt.Sprint("waiter", i))
		b := booking.Booking{ID: booking.IDOf(date.ID, personID), BookableID: date.ID, Sort: id.Occurrence, PersonID: personID, State: booking.Waitlisted,
			StartsAt: date.StartsAt, CreatedAt: w.Clock.Now(), QueuedAt: w.Clock.Now().Add(time.Duration(random.IntN(4)) * time.Millisecond), Version: 1}
		if i%4 == 3 {
			b.State = booking.Offered
		} else {
			line = append(line, b)
		}
		ct.Must(w.DB.Collection(bookings).InsertOne(w.T.Context(), &b))(w.T)
	}
	slices.SortFunc(line, func(a, b booking.Booking) int {
		if c := a.QueuedAt.Compare(b.QueuedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return line
}

// People know their place in line, also if they joined at the same instant as others. However
// many bookings a page has, and in however many lines, two commands find all their places.
func TestPlacesInLineOfAPage(t *testing.T) {
	t.Parallel()
	counter, random := &testkit.Counter{}, testkit.Random(t)
	w := ct.New(t, testkit.WithCounter(counter))
	g := w.Group("anna").ID
	want := map[string]booking.Position{}
	var keys, alone []string
	for range 3 {
		line := putTiedLine(w, random, w.PublishedEvent("anna", g, ct.Seats(1)).ID)
		for i, b := range line {
			want[b.LineKey()] = booking.Position(i + 1)
			keys = append(keys, b.LineKey())
		}
		alone = append(alone, line[len(line)/2].LineKey())
	}
	random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	pages := [][]string{keys, alone, nil}
	for n := range keys {
		pages = append(pages, keys[n:n+1], keys[:n])
	}
	for _, page := range pages {
		counter.Reset()
		got := ct.Must(w.Bookings.Positions(t.Context(), page))(t)
		if n := counter.Count(); n > 2 || len(page) == 0 && n > 0 {
			t.Errorf("%d places cost %v", len(page), counter.Commands())
		}
		if len(got) != len(page) {
			t.Errorf("of %d places %d are known", len(page), len(got))
		}
		for _, key := range page {
			if got[key] != want[key] {
				t.Errorf("%s of a page of %d: place %d, want %d", key, len(page), got[key], want[key])
			}
		}
	}
	counter.Reset()
	if ct.Must(w.Bookings.Positions(t.Context(), alone))(t); counter.Count() != 1 {
		t.Errorf("one place in each line costs %v", counter.Commands())
	}
}
