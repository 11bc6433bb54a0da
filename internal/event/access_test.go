package event_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// When a person loses access, the bookings held for them end at once, and they are told.

func attend(t *testing.T, w *ct.World, name, eventID string) booking.State {
	t.Helper()
	return ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: ct.DateOf(eventID)}))(t).Booking.State
}

func membersOnly(in *group.CreateInput) { in.Visibility = group.VisibilityMembers }

// held is a group of anna's with the members bo, cara and dan, and an event in three days
// with one seat. Bo has the seat, and cara is first in line.
func held(t *testing.T, w *ct.World, change ...func(*group.CreateInput)) (groupID, eventID string) {
	t.Helper()
	g := w.Group("anna", change...)
	w.Join(g.ID, "bo", "cara", "dan")
	e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
	for _, name := range []string{"bo", "cara", "dan"} {
		attend(t, w, name, e)
		w.Clock.Advance(time.Second)
	}
	return g.ID, e
}

func leaveGroup(t *testing.T, w *ct.World, groupID, name string) {
	t.Helper()
	ct.Must(w.Groups.Leave(w.As(name), group.LeaveInput{GroupID: groupID}))(t)
}

func remove(t *testing.T, w *ct.World, groupID, name string, ban bool) {
	t.Helper()
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID(name), Ban: ban}))(t)
}

// bookingsOf are the states of an event's bookings by person, such as "CANCELLED LOST_ACCESS".
func bookingsOf(w *ct.World, eventID string) map[string]string {
	is := map[string]string{}
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		is[p.PersonID] = string(p.State)
		if p.EndedBecause != nil {
			is[p.PersonID] += " " + string(*p.EndedBecause)
		}
	}
	return is
}

func wantPlaces(t *testing.T, w *ct.World, eventID string, want map[string]string) {
	t.Helper()
	is := bookingsOf(w, eventID)
	for name, state := range want {
		if got := is[ct.PersonID(name)]; got != state {
			t.Errorf("%s is %q, want %q", name, got, state)
		}
	}
	w.CheckSeats(eventID)
}

// toldOfEnd reports whether a person was told that their booking has ended.
func toldOfEnd(w *ct.World, name string) bool {
	w.Drain()
	for _, n := range w.Notices(name) {
		if n.Kind == booking.NoticeBookingEnded && n.Channel == notify.Push {
			return true
		}
	}
	return false
}

func bookingOf(w *ct.World, name, eventID string) *booking.Booking {
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		if p.PersonID == ct.PersonID(name) {
			return &p
		}
	}
	w.T.Fatalf("%s has no place", name)
	return nil
}

const lost = "CANCELLED LOST_ACCESS"

func TestWhoLosesAccessLosesThePlace(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*group.CreateInput)
		lose   func(t *testing.T, w *ct.World, groupID string)
		want   map[string]string
	}{
		"left with a seat":    {membersOnly, func(t *testing.T, w *ct.World, g string) { leaveGroup(t, w, g, "bo") }, map[string]string{"bo": lost, "cara": "OFFERED"}},
		"removed with a seat": {membersOnly, func(t *testing.T, w *ct.World, g string) { remove(t, w, g, "bo", false) }, map[string]string{"bo": lost, "cara": "OFFERED"}},
		"banned with a seat":  {membersOnly, func(t *testing.T, w *ct.World, g string) { remove(t, w, g, "bo", true) }, map[string]string{"bo": lost, "cara": "OFFERED"}},
		"left in line":        {membersOnly, func(t *testing.T, w *ct.World, g string) { leaveGroup(t, w, g, "cara") }, map[string]string{"bo": "CONFIRMED", "cara": lost}},
		"left with an offer": {membersOnly, func(t *testing.T, w *ct.World, g string) {
			leaveGroup(t, w, g, "bo")
			leaveGroup(t, w, g, "cara")
		}, map[string]string{"bo": lost, "cara": lost, "dan": "OFFERED"}},
		"left a group that all may see":         {nil, func(t *testing.T, w *ct.World, g string) { leaveGroup(t, w, g, "bo") }, map[string]string{"bo": "CONFIRMED", "cara": "WAITLISTED"}},
		"removed from a group that all may see": {nil, func(t *testing.T, w *ct.World, g string) { remove(t, w, g, "bo", false) }, map[string]string{"bo": "CONFIRMED"}},
		"banned from a group that all may see":  {nil, func(t *testing.T, w *ct.World, g string) { remove(t, w, g, "bo", true) }, map[string]string{"bo": lost, "cara": "OFFERED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			change := row.change
			if change == nil {
				change = func(*group.CreateInput) {}
			}
			g, e := held(t, w, change)
			row.lose(t, w, g)
			wantPlaces(t, w, e, row.want)
			for name, state := range row.want {
				if told := toldOfEnd(w, name); told != (state == lost) {
					t.Errorf("%s, who is %s: told %v", name, state, told)
				}
			}
		})
	}
}

// A group that closes leaves its members their bookings, and ends those of others.
func TestAGroupThatClosesEndsThePlacesOfOthers(t *testing.T) {
	t.Parallel()
	for _, v := range []group.Visibility{group.VisibilityMembers, group.VisibilityHidden} {
		w := ct.New(t)
		g, e := held(t, w)
		leaveGroup(t, w, g, "bo")
		leaveGroup(t, w, g, "dan")
		wantPlaces(t, w, e, map[string]string{"bo": "CONFIRMED", "cara": "WAITLISTED", "dan": "WAITLISTED"})
		show(t, w, g, v)
		wantPlaces(t, w, e, map[string]string{"bo": lost, "cara": "OFFERED", "dan": lost})
		if !toldOfEnd(w, "bo") || !toldOfEnd(w, "dan") || toldOfEnd(w, "cara") {
			t.Errorf("%s: not told what ended", v)
		}
		for _, n := range w.Notices("bo") {
			if title, body := w.Read("bo", n); n.Kind == booking.NoticeBookingEnded && strings.Contains(title+body, "Haven") {
				t.Errorf("the news names the group: %s | %s", title, body)
			}
		}
	}
}

// People who are banned from a group cannot sign up for its public events.
func TestTheBannedTakeNoSeat(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, e := held(t, w)
	remove(t, w, g, "bo", true)
	_, err := w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: ct.DateOf(e)})
	ct.WantKey(t, err, "booking.banned")
	date := ct.Must(w.Events.Occurrence(w.As("bo"), ct.DateOf(e)))(t)
	if slices.Contains(w.Events.CanOfDate(w.As("bo"), date, nil, nil), event.ActionAttend) {
		t.Error("the banned are told that they can sign up")
	}
	wantPlaces(t, w, e, map[string]string{"bo": lost, "cara": "OFFERED"})
}

// crowded is a public group with an event at which n people who are no members have a
// booking.
func crowded(t *testing.T, w *ct.World, n int) (groupID, eventID string) {
	t.Helper()
	g := w.Group("anna")
	e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
	attend(t, w, "anna", e)
	ids := make([]string, n)
	for i := range ids {
		ids[i] = ct.PersonID(fmt.Sprint("line", i))
	}
	w.PutPeople(ids)
	w.PutLine(e, n)
	return g.ID, e
}

func TestALargeGroupClosesInSteps(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	const n = event.AccessStep*2 + 3
	g, e := crowded(t, w, n)
	show(t, w, g, group.VisibilityMembers)
	count := func() (ended int) {
		for _, state := range bookingsOf(w, e) {
			if state == lost {
				ended++
			}
		}
		return ended
	}
	if got := count(); got != event.AccessStep {
		t.Errorf("the request ended %d places", got)
	}
	w.Fire()
	if got := count(); got != n {
		t.Errorf("%d of %d places ended", got, n)
	}
	w.CheckSeats(e)
}

// Nobody stays in line for an event that does not happen, or has begun.
func TestALineEndsWithWhatItIsFor(t *testing.T) {
	t.Parallel()
	const over = "CANCELLED OVER"
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "cara", "dan", "eva")
	two := func() string {
		e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(1)).ID
		for _, name := range []string{"bo", "cara", "dan"} {
			attend(t, w, name, e)
			w.Clock.Advance(time.Second)
		}
		return e
	}
	cancelled, begun, moved := two(), two(), two()
	leave(t, w, "bo", cancelled)
	wantPlaces(t, w, cancelled, map[string]string{"cara": "OFFERED", "dan": "WAITLISTED"})
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: cancelled}))(t)
	wantPlaces(t, w, cancelled, map[string]string{"bo": "CANCELLED", "cara": over, "dan": over})
	w.Drain()
	for name, want := range map[string]int{"bo": 0, "cara": 1, "dan": 1} {
		n := 0
		for _, notice := range w.Notices(name) {
			if notice.Kind == event.NoticeCancelled && notice.Channel == notify.Push {
				n++
			}
			if notice.Kind == booking.NoticeBookingEnded {
				t.Errorf("%s is told twice", name)
			}
		}
		if n != want {
			t.Errorf("%s is told %d times that it does not happen, want %d", name, n, want)
		}
	}
	start := clock.LocalOf(w.Clock.Now().Add(96*time.Hour), clock.Copenhagen)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: moved, StartsAt: optional.Of(start)}))(t)
	w.Clock.Advance(72 * time.Hour)
	w.Fire()
	wantPlaces(t, w, begun, map[string]string{"bo": "CONFIRMED", "cara": over, "dan": over})
	wantPlaces(t, w, moved, map[string]string{"bo": "CONFIRMED", "cara": "WAITLISTED", "dan": "WAITLISTED"})
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	wantPlaces(t, w, moved, map[string]string{"bo": "CONFIRMED", "cara": over, "dan": over})
}
