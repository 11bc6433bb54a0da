package event_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

var eventCollections = []string{"events", "occurrences", "bookings"}

// busy has the events at which a person does everything that events can keep about them.
type busy struct {
	next     string // an event with one seat, which they have, with cara in line
	line     string // an event for which they are in line between dan and cara
	kept     string // an event whose free seats wait for their party
	past     string // an event that they attended with two guests, as did dan
	gone     string // an event whose seat they gave back before it happened
	offered  string // an event at which a seat is offered to them, with cara behind them
	organise string // an event that they have written
}

// signUp makes a person do all that.
func signUp(w *ct.World, name string) busy {
	w.T.Helper()
	g := w.Group(name)
	at := func(days int, seats int) string {
		return w.PublishedAt(name, g.ID, w.Clock.Now().Add(time.Duration(days)*24*time.Hour), ct.Seats(seats)).ID
	}
	for _, other := range []string{"cara", "dan"} {
		w.Person(other)
	}
	b := busy{next: at(10, 1), line: at(11, 1), kept: at(12, 3), past: at(1, 9), gone: at(1, 9), offered: at(13, 1)}
	b.organise = b.next
	attend := func(who, eventID string, guests int) {
		w.Clock.Advance(time.Second) // first come, first served
		w.MustAttend(who, eventID, guests)
	}
	leave := func(who, eventID string) {
		if err := w.Leave(who, eventID); err != nil {
			w.T.Fatal(err)
		}
	}
	attend(name, b.past, 2)
	attend("dan", b.past, 0)
	attend(name, b.gone, 0)
	leave(name, b.gone)
	attend(name, b.next, 0)
	attend("cara", b.next, 0)
	attend("dan", b.line, 0)
	attend(name, b.line, 0)
	attend("cara", b.line, 0)
	attend("dan", b.kept, 1)
	attend("cara", b.kept, 0)
	attend(name, b.kept, 2)
	leave("cara", b.kept)
	attend("dan", b.offered, 0)
	attend(name, b.offered, 0)
	attend("cara", b.offered, 0)
	leave("dan", b.offered)
	for eventID, want := range map[string]booking.State{b.next: booking.Confirmed, b.line: booking.Waitlisted, b.offered: booking.Offered} {
		if got := w.StateOf(name, eventID); got != want {
			w.T.Fatalf("%s's place is %s, want %s", name, got, want)
		}
	}
	w.Clock.Advance(48 * time.Hour)
	return b
}

// checkErased checks that nothing is left of a person, and nothing was taken from others.
func checkErased(w *ct.World, b busy, name string) {
	w.T.Helper()
	w.RunPending()
	for _, c := range eventCollections {
		if found := testkit.Mentions(w.T, w.DB, c, ct.PersonID(name)); len(found) > 0 {
			w.T.Errorf("%s still names them: %v", c, found)
		}
	}
	for _, eventID := range []string{b.next, b.line, b.kept, b.gone, b.offered} {
		w.CheckSeats(eventID)
		for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
			if p.PersonID == "" && eventID != b.gone {
				w.T.Errorf("nobody has the place %+v at what is still to come", p)
			}
		}
	}
	for eventID, want := range map[string]booking.State{b.next: booking.Offered, b.line: booking.Waitlisted, b.offered: booking.Offered} {
		if got := w.StateOf("cara", eventID); got != want {
			w.T.Errorf("cara's place is %s, want %s", got, want)
		}
	}
	past, places := w.CheckSeats(b.past), w.BookingsAt(ct.DateOf(b.past))
	if past.SeatsTaken != 4 || len(places) != 2 {
		w.T.Errorf("of four who came %d are counted, in %d places", past.SeatsTaken, len(places))
	}
	for _, p := range places {
		if p.PersonID == ct.PersonID("dan") {
			continue
		}
		if p.PersonID != "" || p.State != booking.Confirmed || p.Guests != 2 || !p.CreatedAt.Equal(p.StartsAt) || p.LastClaim != "" || len(p.Effects)+len(p.Due) > 0 {
			w.T.Errorf("nobody's place is %+v", p)
		}
	}
}

func TestNothingIsLeftOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	entries := append(w.Events.Part().Collections, w.Bookings.Part().Collections...)
	bos := signUp(w, "bo")
	if got := w.Bookable(ct.DateOf(bos.kept)); got.Kept == nil || !strings.Contains(got.Kept.For, ct.PersonID("bo")) {
		t.Fatalf("seats wait for %+v, not for bo's party", got.Kept)
	}
	for _, c := range eventCollections {
		if len(testkit.Mentions(t, w.DB, c, ct.PersonID("bo"))) == 0 {
			t.Fatalf("%s does not name bo to begin with", c)
		}
		if len(ct.ExportFrom(t, entries, c, "bo")) == 0 {
			t.Errorf("bo is told nothing of %s", c)
		}
	}
	danAt := func(eventID string) []booking.Booking {
		return ct.All[booking.Booking](w, "bookings", map[string]any{"_id": booking.IDOf(ct.DateOf(eventID), ct.PersonID("dan"))})
	}
	before := append(danAt(bos.past), danAt(bos.line)...)
	w.Entomb("bo")
	ct.EraseFrom(t, entries, "bo")
	checkErased(w, bos, "bo")
	if diff := cmp.Diff(before, append(danAt(bos.past), danAt(bos.line)...)); diff != "" {
		t.Errorf("dan's places (-before +after):\n%s", diff)
	}
	for _, e := range ct.All[event.Event](w, "events", nil) {
		if e.OrganiserID != "" || e.Title == "" || e.State != event.StatePublished {
			t.Errorf("the group's event is %+v", e)
		}
	}
	places := ct.All[booking.Booking](w, "bookings", nil)
	ct.EraseFrom(t, entries, "bo")
	if diff := cmp.Diff(places, ct.All[booking.Booking](w, "bookings", nil)); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
	for _, c := range eventCollections {
		if got := ct.ExportFrom(t, entries, c, "bo"); len(got) > 0 {
			t.Errorf("of %s is left %v", c, got)
		}
	}
}

// If the process dies at any point of an erasure, a later one comes to the same end.
func TestAnErasureThatDiesGoesOn(t *testing.T) {
	t.Parallel()
	w, crasher := ct.New(t), testkit.NewCrasher()
	g := w.Group("anna")
	w.Person("cara")
	died := 0
	for n := 1; ; n++ {
		name := "bo" + strconv.Itoa(n)
		w.Person(name)
		past := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(24*time.Hour), ct.Seats(9)).ID
		next := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(240*time.Hour), ct.Seats(1)).ID
		w.MustAttend(name, past, 2)
		w.MustAttend(name, next, 0)
		w.MustAttend("cara", next, 0)
		w.Clock.Advance(48 * time.Hour)
		w.Entomb(name)
		crasher.Revive()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n)
		err := ct.TryEraseFrom(t, dying.Events.Part().Collections, name)
		if err == nil && !crasher.Crashed() {
			break
		}
		died++
		w.Clock.Advance(time.Minute) // failed effects are due again
		ct.EraseFrom(t, w.Events.Part().Collections, name)
		w.RunPending()
		if left := testkit.MentionsAnywhere(t, w.DB, ct.PersonID(name)); len(left["bookings"])+len(left["occurrences"]) > 0 {
			t.Errorf("they are still named: %v", left)
		}
		w.CheckSeats(next)
		if b, places := w.CheckSeats(past), w.BookingsAt(ct.DateOf(past)); b.SeatsTaken != 3 || len(places) != 1 || w.StateOf("cara", next) != booking.Offered {
			t.Errorf("of three who came %d are counted, in %d places; cara is %s", b.SeatsTaken, len(places), w.StateOf("cara", next))
		}
		if t.Failed() {
			t.Fatalf("after %d writes", n)
		}
	}
	if died < 10 {
		t.Errorf("the process died %d times only", died)
	}
}

// If a person's sign-up died with the seat taken, the erasure first gives them the booking, and then
// removes it.
func TestASeatOnItsWayIsErased(t *testing.T) {
	t.Parallel()
	w, crasher := ct.New(t), testkit.NewCrasher()
	e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(1)).ID
	w.Person("bo")
	w.MustAttend("bo", e, 0)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(1)
	_, _ = dying.Attend("bo", e, 0)
	if b := w.Bookable(ct.DateOf(e)); b.SeatsTaken != 1 || len(b.Claims) != 1 {
		t.Fatalf("no seat is on its way: %+v", b)
	}
	w.Entomb("bo")
	ct.EraseFrom(t, w.Events.Part().Collections, "bo")
	if b := w.CheckSeats(e); b.SeatsTaken != 0 {
		t.Errorf("%d seats are taken", b.SeatsTaken)
	}
	if found := testkit.Mentions(t, w.DB, "occurrences", ct.PersonID("bo")); len(found) > 0 {
		t.Errorf("the date names bo: %v", found)
	}
}

// However many bookings somebody has, one step ends only some of them.
func TestAnErasureTakesSteps(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	const many = 25
	for range many {
		bookableID := id.New(id.Occurrence)
		w.Put("bookings", map[string]any{"_id": booking.IDOf(bookableID, ct.PersonID("bo")), "bookableId": bookableID, "personId": ct.PersonID("bo"),
			"state": booking.Cancelled, "guests": 0, "startsAt": ct.Noon, "createdAt": ct.Noon, "queuedAt": ct.Noon, "version": 1})
	}
	w.Entomb("bo")
	entries := append(w.Events.Part().Collections, w.Bookings.Part().Collections...)
	bookings := entries[slices.IndexFunc(entries, func(c privacy.Collection) bool { return c.Name == "bookings" })]
	for before := many; ; {
		left, err := bookings.Erase(t.Context(), ct.PersonID("bo"))
		now := w.Count("bookings")
		if err != nil || before-now > 10 || left && before == now || !left && now > 0 {
			t.Fatalf("of %d places %d are left, and more: %t, %v", before, now, left, err)
		}
		if !left {
			return
		}
		before = now
	}
}

func TestAPersonIsToldWhatEventsKeep(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna", func(in *group.CreateInput) { in.Name = "Haven" }).ID, ct.Seats(5))
	w.MustAttend("bo", e.ID, 2)
	w.MustAttend("cara", e.ID, 0)
	entries := append(w.Events.Part().Collections, w.Bookings.Part().Collections...)
	var got struct {
		Title, State string
		Guests       int
	}
	records := ct.ExportFrom(t, entries, "bookings", "bo")
	if len(records) != 1 {
		t.Fatalf("bo's places are %v", records)
	}
	if err := json.Unmarshal([]byte(records[0]), &got); err != nil || got.Title != e.Title || got.State != "CONFIRMED" || got.Guests != 2 {
		t.Errorf("bo's place is %+v, %v", got, err)
	}
	organised := ct.ExportFrom(t, entries, "events", "anna")
	if len(organised) != 1 || !strings.Contains(organised[0], `"group":"Haven"`) || strings.Contains(organised[0], ct.PersonID("bo")) {
		t.Errorf("anna's events are %v", organised)
	}
}

// The walk that looks later for bookings of a person who has left a group ends, also when
// the person is erased in between.
func TestAWalkThroughWhatAnErasedPersonHasEnds(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g}))(t)
	walks := func() int {
		return len(ct.All[ct.Ref](w, "timers", map[string]any{"kind": "event.access"}))
	}
	if walks() == 0 {
		t.Fatal("nothing looks later")
	}
	w.Entomb("bo")
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	if n := walks(); n > 0 {
		t.Errorf("%d walks have failed", n)
	}
}

// A booking that belongs to nobody is shown as nobody's own, not even to anonymous viewers.
func TestNobodysPlaceIsNobodys(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna").ID, nil)
	w.MustAttend("bo", e.ID, 0)
	w.Clock.Advance(48 * time.Hour)
	w.Entomb("bo")
	ct.EraseFrom(t, w.Events.Part().Collections, "bo")
	places := w.BookingsAt(ct.DateOf(e.ID))
	if len(places) != 1 || places[0].PersonID != "" {
		t.Fatalf("the places are %+v", places)
	}
	if found := ct.Must(w.Events.AttendancesByIDs(t.Context(), []string{places[0].ID}))(t); len(found) > 0 {
		t.Errorf("a stranger finds %v", found)
	}
}
