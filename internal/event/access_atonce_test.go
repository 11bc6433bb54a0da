package event_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// momentous is held with a moment at which something else may happen.
func momentous(t *testing.T, change ...func(*group.CreateInput)) (w *ct.World, m *ct.Moment, groupID, eventID string) {
	t.Helper()
	m = &ct.Moment{}
	w = ct.New(t, m.Option())
	groupID, eventID = held(t, w, change...)
	return w, m, groupID, eventID
}

// Cara leaves the group while she is about to get the seat. Whichever of the two calls
// writes her booking first, the other one sees it, and the seat goes to dan.
//
//	the line: finds cara first, asks whether she may, takes the seat, writes her booking
//	cara:     writes the membership, its copy; finds her booking; ends it
func TestLeavingTheGroupMeetsPromotion(t *testing.T) {
	t.Parallel()
	for name, at := range map[string][]struct{ command, collection string }{
		"before the line asks":       {{"findAndModify", "occurrences"}},                                   // bo's seat is released
		"after it has asked":         {{"findAndModify", "occurrences"}, {"findAndModify", "occurrences"}}, // the seat is taken
		"when the seat is hers":      {{"findAndModify", "occurrences"}, {"findAndModify", "occurrences"}, {"update", "bookings"}},
		"when her place says so":     {{"findAndModify", "occurrences"}, {"findAndModify", "occurrences"}, {"update", "bookings"}, {"update", "occurrences"}},
		"before bo's place is ended": {{"update", "bookings"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, g, e := momentous(t, membersOnly)
			seen := false
			do := func() {
				seen = true
				leaveGroup(t, w, g, "cara")
			}
			for i := len(at) - 1; i >= 0; i-- {
				next, step := do, at[i]
				do = func() { m.Before(step.command, step.collection, next) }
			}
			do()
			leave(t, w, "bo", e)
			if !seen {
				t.Fatal("the moment did not come")
			}
			wantPlaces(t, w, e, map[string]string{"bo": "CANCELLED", "cara": lost, "dan": "OFFERED"})
		})
	}
}

// Cara gets the seat while her booking is being ended.
func TestPromotionMeetsLeavingTheGroup(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]struct{ command, collection string }{
		"her membership is written": {"update", "group_memberships"},
		"its copy is written":       {"findAndModify", "persons"},
		"her places are looked for": {"find", "bookings"},
		"her place is ended":        {"update", "bookings"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, g, e := momentous(t, membersOnly)
			seen := false
			cara := w.As("cara")
			m.Before(before.command, before.collection, func() {
				seen = true
				leave(t, w, "bo", e)
			})
			ct.Must(w.Groups.Leave(cara, group.LeaveInput{GroupID: g}))(t)
			if !seen {
				t.Fatal("the moment did not come")
			}
			wantPlaces(t, w, e, map[string]string{"bo": "CANCELLED", "cara": lost, "dan": "OFFERED"})
		})
	}
}

// A slow request has read that bo may sign up, and writes his booking after he has lost
// access. The second walk ends the booking.
func TestWhoSignsUpWhileLosingAccessLosesThePlaceToo(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(t *testing.T, w *ct.World, g string){
		"left":   func(t *testing.T, w *ct.World, g string) { leaveGroup(t, w, g, "dan") },
		"closed": func(t *testing.T, w *ct.World, g string) { show(t, w, g, group.VisibilityHidden) },
	} {
		w := ct.New(t)
		g := w.Group("anna")
		if name == "left" {
			w = ct.New(t)
			g = w.Group("anna", membersOnly)
		}
		e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
		if name == "left" {
			w.Join(g.ID, "dan")
		}
		dan := w.As("dan")
		lose(t, w, g.ID)
		// The date's circle was read before the group closed.
		if name == "closed" {
			w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"openTo": group.Everyone})
		}
		ct.Must(w.Events.Attend(dan, event.AttendInput{OccurrenceID: ct.DateOf(e)}))(t)
		if name == "closed" {
			w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"openTo": g.ID})
		}
		w.Clock.Advance(2 * time.Minute)
		w.Fire()
		wantPlaces(t, w, e, map[string]string{"dan": lost})
	}
}

// Bo leaves, comes back and signs up again before the effects of leaving have run, and
// then they run twice. They do not end his new booking.
func TestALateEndLeavesTheNewPlace(t *testing.T) {
	t.Parallel()
	again := &ct.Repeater{}
	w := ct.New(t, again.Option())
	g, e := held(t, w, membersOnly)
	again.Take()
	leaveGroup(t, w, g, "bo")
	late := again.Take()
	wantPlaces(t, w, e, map[string]string{"bo": lost, "cara": "OFFERED"})
	w.Join(g, "bo")
	if s := attend(t, w, "bo", e); s != "WAITLISTED" {
		t.Fatalf("bo is %s", s)
	}
	for range 2 {
		for _, b := range late {
			_ = w.Outbox.Follow(t.Context(), b.Doc, b.Batch)
		}
		w.Clock.Advance(2 * time.Minute)
		w.Fire()
		wantPlaces(t, w, e, map[string]string{"bo": "WAITLISTED", "cara": "OFFERED"})
	}
	if p := bookingOf(w, "bo", e); p.EndedBecause != nil {
		t.Errorf("the new place says %s", *p.EndedBecause)
	}
	// Nobody is told of the end of a booking that they have again.
	if toldOfEnd(w, "bo") {
		t.Error("bo is told that the place has ended")
	}
}

// A process that dies anywhere in closing a group leaves the rest to the next one.
func TestClosingSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for n := 0; ; n++ {
		w := ct.New(t)
		g, e := held(t, w)
		leaveGroup(t, w, g, "bo")
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n)
		hidden := group.VisibilityHidden
		_, err := dying.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(hidden)})
		if !crasher.Crashed() {
			if err != nil || n < 8 {
				t.Errorf("%d writes and no crash: %v", n, err)
			}
			return
		}
		if n == 0 {
			continue // nothing was written
		}
		w.RunPending()
		w.Clock.Advance(time.Minute)
		w.Fire()
		wantPlaces(t, w, e, map[string]string{"bo": lost, "cara": "OFFERED", "dan": "WAITLISTED"})
		if !toldOfEnd(w, "bo") {
			t.Errorf("after write %d: bo is not told", n)
		}
	}
}
