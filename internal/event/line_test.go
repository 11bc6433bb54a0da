package event_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
)

// A person who may no longer take a seat does not keep it from the next in line.
func TestASeatPassesWhoCannotTakeIt(t *testing.T) {
	t.Parallel()
	now := func(w *ct.World) map[string]any { return map[string]any{"bannedAt": w.Clock.Now()} }
	for name, row := range map[string]struct {
		in   time.Duration // the time until the start
		lose func(t *testing.T, w *ct.World, groupID string)
		want booking.State // the state of dan, who is next
	}{
		"removed, offered": {72 * time.Hour, func(t *testing.T, w *ct.World, groupID string) {
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID("cara")}))(t)
		}, booking.Offered},
		"left, granted at once": {20 * time.Hour, func(t *testing.T, w *ct.World, groupID string) {
			ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: groupID}))(t)
		}, booking.Confirmed},
		"banned": {72 * time.Hour, func(t *testing.T, w *ct.World, _ string) {
			w.Set(t.Context(), "persons", ct.PersonID("cara"), now(w))
		}, booking.Offered},
		"disabled": {72 * time.Hour, func(t *testing.T, w *ct.World, _ string) {
			w.Set(t.Context(), "persons", ct.PersonID("cara"), map[string]any{"disabledAt": w.Clock.Now()})
		}, booking.Offered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
			w.Join(g.ID, "bo", "cara", "dan")
			e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(row.in), ct.Seats(1)).ID
			for _, name := range []string{"bo", "cara", "dan"} {
				ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: ct.DateOf(e)}))(t)
				w.Clock.Advance(time.Second)
			}
			row.lose(t, w, g.ID)
			leave(t, w, "bo", e)
			if cara, dan := w.StateOf("cara", e), w.StateOf("dan", e); cara != booking.Cancelled || dan != row.want {
				t.Errorf("cara is %s, dan is %s", cara, dan)
			}
			for _, p := range w.BookingsAt(ct.DateOf(e)) {
				if because := p.EndedBecause; (because != nil && *because == booking.EndedLostAccess) != (p.PersonID == ct.PersonID("cara")) {
					t.Errorf("%s is %s because %v", p.PersonID, p.State, because)
				}
			}
			w.CheckSeats(e)
		})
	}
}

// A person who was taken out of line may join it again like anybody else.
func TestWhoWasTakenOutOfLineMayComeAgain(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
	w.Join(g.ID, "bo", "cara")
	e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
	attend := func(name string) {
		ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: ct.DateOf(e)}))(t)
	}
	attend("bo")
	attend("cara")
	ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: g.ID}))(t)
	leave(t, w, "bo", e)
	attend("bo")
	w.Join(g.ID, "cara")
	attend("cara")
	leave(t, w, "bo", e)
	for _, p := range w.BookingsAt(ct.DateOf(e)) {
		if p.EndedBecause != nil || p.PersonID == ct.PersonID("cara") && p.State != booking.Offered {
			t.Errorf("%s is %s because %v", p.PersonID, p.State, p.EndedBecause)
		}
	}
	w.CheckSeats(e)
}

// No text tells people to sign up for an event without seats.
func TestAnEventWithoutSeatsOffersNone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(0))
	for seats, want := range []bool{false, true} {
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Capacity: optional.Of(seats)}))(t)
		seen := ct.Must(w.Events.Occurrence(w.As("bo"), ct.DateOf(e.ID)))(t)
		if can := slices.Contains(w.Events.CanOfDate(w.As("bo"), seen, nil, nil), event.ActionAttend); can != want {
			t.Errorf("%d seats: %t", seats, can)
		}
		if r := ct.Must(w.Attend("bo", e.ID, 0))(t); (r.Refusal == "") != want {
			t.Errorf("%d seats: %+v", seats, r)
		}
	}
}

// A capacity that is taken away gives everybody in line their seats, large parties too, and
// nobody waits any more.
func TestWithoutACapacityNobodyWaits(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(1))
	ct.Must(w.Attend("bo", e.ID, 0))(t)
	for name, guests := range map[string]int{"cara": 0, "dan": 0} {
		ct.Must(w.Attend(name, e.ID, guests))(t)
		w.Clock.Advance(time.Second)
	}
	changed := ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Capacity: optional.Null[int]()}))(t)
	if changed.Capacity != nil {
		t.Errorf("the capacity is %d", *changed.Capacity)
	}
	for _, p := range w.BookingsAt(ct.DateOf(e.ID)) {
		if p.State != booking.Confirmed && p.State != booking.Offered {
			t.Errorf("%s is %s", p.PersonID, p.State)
		}
	}
	if b := w.CheckSeats(e.ID); b.Capacity != nil || b.SeatsLeft() != nil || b.HasQueue {
		t.Errorf("the date has %+v", b.Seats)
	}
	if r := ct.Must(w.Attend("eva", e.ID, 10))(t); r.Refusal != "" || r.Booking.State != booking.Confirmed {
		t.Errorf("eva and ten guests: %+v", r)
	}
	w.CheckSeats(e.ID)
}
