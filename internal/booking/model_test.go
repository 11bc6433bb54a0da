package booking_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

// model says what booking should do, without a database.
type model struct {
	now, start time.Time
	capacity   int
	seats      map[string]int       // the seats that each person holds
	offers     map[string]time.Time // the deadlines of those who have not answered
	line       []string
	wants      map[string]int
	banned     map[string]bool // people who are passed over when it is their turn
	joined     map[string]int  // how often each person has joined the line
	served     []string        // people in the order in which they got seats
	kept       kept
}

// kept says that free seats wait for the head of the line, who needs more of them.
type kept struct {
	who    string
	since  time.Time // zero: no seat is free
	passed bool
	rounds int
}

func (m *model) until() time.Time { return booking.KeptUntil(m.kept.since, m.start, m.kept.rounds) }

func (m *model) nextRound() {
	if m.kept.passed {
		m.kept.rounds++
	}
	m.kept.since, m.kept.passed = time.Time{}, false
}

func (m *model) free() int { return m.capacity - m.taken() }

func (m *model) taken() (n int) {
	for _, s := range m.seats {
		n += s
	}
	return n
}

func (m *model) has(name string) bool { return m.seats[name] > 0 || slices.Contains(m.line, name) }

func (m *model) isOffered(name string) bool { return !m.offers[name].IsZero() }

func (m *model) promote() {
	for len(m.line) > 0 {
		if m.free() <= 0 {
			if !m.kept.since.IsZero() {
				m.nextRound()
			}
			return
		}
		if m.wants[m.line[0]] <= m.free() || !m.keeps(m.line[0]) {
			m.serve(0)
			continue
		}
		if m.until().After(m.now) {
			return
		}
		fits := slices.IndexFunc(m.line, func(name string) bool { return m.wants[name] <= m.free() })
		switch {
		case fits >= 0:
			if who := m.line[fits]; !m.banned[who] && booking.KeptUntil(m.kept.since, m.start, m.kept.rounds).After(m.kept.since) {
				m.kept.passed = true
			}
			m.serve(fits)
		case m.kept.passed:
			m.nextRound()
		default:
			return
		}
	}
}

// keeps begins to keep the free seats for the head of the line; false if that person may
// not have them.
func (m *model) keeps(head string) bool {
	who := fmt.Sprint(head, m.joined[head])
	if m.kept.who != who {
		m.kept = kept{who: who}
	}
	if !m.kept.since.IsZero() {
		return true
	}
	if m.banned[head] {
		return false
	}
	m.kept.since = m.now
	return true
}

// serve gives the i-th in line a seat, or takes them out of line if they are banned.
func (m *model) serve(i int) {
	who := m.line[i]
	m.line = slices.Delete(m.line, i, i+1)
	if m.banned[who] {
		return
	}
	m.seats[who] = m.wants[who]
	m.served = append(m.served, who)
	if deadline, ok := booking.OfferDeadline(m.now, m.start, usual); ok {
		m.offers[who] = deadline
	}
}

// nextInstant is the next instant, up to last, at which something happens by itself: an
// offer runs out, or others are let past the head of the line.
func (m *model) nextInstant(last time.Time) time.Time {
	for _, deadline := range m.offers {
		if deadline.Before(last) {
			last = deadline
		}
	}
	if until := m.until(); !m.kept.since.IsZero() && until.After(m.now) && until.Before(last) {
		last = until
	}
	return last
}

// elapse lets offers run out, in the order of their timers.
func (m *model) elapse() {
	for _, name := range slices.Clone(m.served) {
		if m.isOffered(name) && !m.offers[name].After(m.now) {
			m.leave(name)
		}
	}
	m.promote()
}

// checkTheLine checks what holds for every line: a seat that somebody in line could have
// waits only for a larger party at the head of the line, only until a known instant, and
// longer each time.
func (m *model) checkTheLine(rt *rapid.T, w *ct.World, eventID string) {
	var line []booking.Booking
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		if p.State == booking.Waitlisted {
			line = append(line, p)
		}
	}
	slices.SortFunc(line, func(a, b booking.Booking) int { return a.QueuedAt.Compare(b.QueuedAt) })
	b := w.Bookable(ct.DateOf(eventID))
	for i, p := range line {
		seats := 1 + p.Guests
		switch {
		case seats > *b.Capacity:
			rt.Fatalf("%s waits for %d of %d seats", p.PersonID, seats, *b.Capacity)
		case seats > b.FreeSeats:
		case i == 0:
			rt.Fatalf("%s is first in line beside %d free seats", p.PersonID, b.FreeSeats)
		case b.Kept == nil || b.Kept.Since == nil:
			rt.Fatalf("%s waits beside %d free seats that nothing is kept for", p.PersonID, b.FreeSeats)
		default:
			until := booking.KeptUntil(*b.Kept.Since, m.start, b.Kept.Rounds)
			if !until.After(m.now) || m.start.Sub(until) < m.start.Sub(*b.Kept.Since)/2 {
				rt.Fatalf("%s waits beside %d free seats until %v, since %v", p.PersonID, b.FreeSeats, until, b.Kept.Since)
			}
		}
	}
}

// take says whether the person gets a seat at once.
func (m *model) take(name string, seats int) booking.State {
	m.wants[name] = seats
	if len(m.line) == 0 && m.capacity-m.taken() >= seats {
		m.seats[name] = seats
		return booking.Confirmed
	}
	m.line = append(m.line, name)
	m.joined[name]++
	m.promote()
	return booking.Waitlisted
}

// bring says how a change of a person's number of guests ends: nil if it is accepted.
func (m *model) bring(name string, seats int) *fault.Kind {
	refused := func(k fault.Kind) *fault.Kind { return &k }
	had := m.seats[name]
	waits := slices.Contains(m.line, name)
	if waits {
		had = m.wants[name]
	}
	switch {
	case had == 0:
		return refused(fault.KindNotFound)
	case seats > had && seats > m.capacity:
		return refused(fault.KindInvalid)
	case !waits && seats > had && (len(m.line) > 0 || m.free() < seats-had):
		return refused(fault.KindConflict)
	}
	m.wants[name] = seats
	if waits {
		m.joined[name]++ // free seats wait for the party anew
	} else {
		m.seats[name] = seats
	}
	if waits || seats < had {
		m.promote()
	}
	return nil
}

func (m *model) leave(name string) {
	delete(m.seats, name)
	delete(m.offers, name)
	m.line = slices.DeleteFunc(m.line, func(n string) bool { return n == name })
	m.promote()
}

// TestMain sets fewer sequences than rapid's default, since each step asks a database many
// times. -rapid.checks=200 looks longer.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "8"); err != nil {
		panic(err)
	}
	if err := flag.Set("rapid.shrinktime", "5s"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}

// Any sequence of signing up, leaving, changes of guests, answers, waiting, bans and changes of capacity ends
// as the model says, even if every effect of a step runs twice more, as late processes may
// run it.
func TestBookingFollowsItsModel(t *testing.T) {
	t.Parallel()
	again := &ct.Repeater{}
	w := ct.New(t, again.Option())
	g := w.Group("anna")
	names := []string{"bo", "cara", "dan", "eva", "finn"}
	for _, name := range names {
		w.Person(name)
	}
	ban := func(name string, at *time.Time) {
		w.Set(t.Context(), "persons", ct.PersonID(name), map[string]any{"bannedAt": at})
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{now: w.Clock.Now(), capacity: rapid.IntRange(0, 4).Draw(rt, "capacity"),
			seats: map[string]int{}, offers: map[string]time.Time{}, wants: map[string]int{}, banned: map[string]bool{}, joined: map[string]int{}}
		for _, name := range names {
			ban(name, nil)
		}
		// Starts are whole seconds.
		m.start = m.now.Truncate(time.Second).Add(time.Duration(rapid.IntRange(20, 96).Draw(rt, "start")) * time.Hour)
		e := w.PublishedAt("anna", g.ID, m.start, &m.capacity).ID
		name := rapid.SampledFrom(names)
		steps := map[string]func(*rapid.T){
			"take": func(rt *rapid.T) {
				who, seats := name.Draw(rt, "who"), rapid.IntRange(1, 4).Draw(rt, "seats")
				r, err := w.Attend(who, e, seats-1)
				if m.has(who) {
					if !fault.Is(err, fault.KindConflict) {
						rt.Fatalf("%s took a second place: %+v, %v", who, r, err)
					}
					return
				}
				if m.capacity == 0 {
					if err != nil || r.Refusal != booking.RefusedFull {
						rt.Fatalf("%s wants %d of none: %+v, %v", who, seats, r, err)
					}
					return
				}
				if seats > m.capacity {
					if !fault.Is(err, fault.KindInvalid) {
						rt.Fatalf("%s wants %d of %d: %+v, %v", who, seats, m.capacity, r, err)
					}
					return
				}
				if state := m.take(who, seats); err != nil || r.Booking.State != state {
					rt.Fatalf("%s wants %d: got %+v, %v, want %s", who, seats, r, err, state)
				}
			},
			"leave": func(rt *rapid.T) {
				who := name.Draw(rt, "who")
				err := w.Leave(who, e)
				if (err == nil) != m.has(who) {
					rt.Fatalf("%s leaves: %v", who, err)
				}
				m.leave(who)
			},
			"bring": func(rt *rapid.T) {
				who, seats := name.Draw(rt, "who"), rapid.IntRange(1, 4).Draw(rt, "seats")
				err := w.Bring(who, e, seats-1)
				if refused := m.bring(who, seats); (err == nil) != (refused == nil) || refused != nil && !fault.Is(err, *refused) {
					rt.Fatalf("%s brings %d: %v, want %v", who, seats, err, refused)
				}
			},
			"ban or readmit": func(rt *rapid.T) {
				who := name.Draw(rt, "who")
				m.banned[who] = !m.banned[who]
				if m.banned[who] {
					ban(who, &m.now)
				} else {
					ban(who, nil)
				}
			},
			"capacity": func(rt *rapid.T) {
				m.capacity = rapid.IntRange(0, 5).Draw(rt, "capacity")
				n := m.capacity
				if _, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(n)}); err != nil {
					rt.Fatal(err)
				}
				m.line = slices.DeleteFunc(m.line, func(name string) bool { return m.wants[name] > n })
				m.promote()
			},
			"accept": func(rt *rapid.T) {
				who := name.Draw(rt, "who")
				err := w.Accept(who, e)
				if (err == nil) != m.isOffered(who) {
					rt.Fatalf("%s accepts: %v", who, err)
				}
				delete(m.offers, who)
			},
			"decline": func(rt *rapid.T) {
				who := name.Draw(rt, "who")
				err := w.Decline(who, e)
				if (err == nil) != m.isOffered(who) {
					rt.Fatalf("%s declines: %v", who, err)
				}
				if err == nil {
					m.leave(who)
				}
			},
			"wait": func(rt *rapid.T) {
				d := time.Duration(rapid.IntRange(1, 14).Draw(rt, "hours")) * time.Hour
				if m.start.Sub(m.now) < d+time.Hour {
					rt.Skip("the evening begins")
				}
				for end := m.now.Add(d); m.now.Before(end); {
					at := m.nextInstant(end)
					w.Clock.Advance(at.Sub(m.now))
					m.now = at
					w.Fire()
					m.elapse()
				}
			},
			"promote": func(rt *rapid.T) {
				if err := w.Events.Booking.Promote(rt.Context(), ct.DateOf(e)); err != nil {
					rt.Fatal(err)
				}
				m.promote()
			},
			"": func(rt *rapid.T) {
				w.Clock.Advance(time.Millisecond)
				m.now = m.now.Add(time.Millisecond)
				m.compare(rt, w, e)
				late := again.Take()
				for range 2 {
					for _, b := range late {
						_ = w.Outbox.Follow(rt.Context(), b.Doc, b.Batch)
					}
					if _, err := w.Outbox.Sweep(rt.Context(), 0); err != nil {
						rt.Fatal(err)
					}
				}
				again.Take()
				m.compare(rt, w, e)
				m.checkTheLine(rt, w, e)
			},
		}
		rt.Repeat(steps)
		w.CheckSeats(e)
		wantNothing(t, w)
	})
}

func (m *model) compare(rt *rapid.T, w *ct.World, eventID string) {
	got := map[string]string{}
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		if p.State.IsSignedUp() {
			got[p.PersonID] = fmt.Sprintf("%s %d %v", p.State, 1+p.Guests, p.OfferExpiresAt)
		}
	}
	want := map[string]string{}
	for name, seats := range m.seats {
		state, until := booking.Confirmed, (*time.Time)(nil)
		if deadline, isOffered := m.offers[name]; isOffered {
			state, until = booking.Offered, &deadline
		}
		want[ct.PersonID(name)] = fmt.Sprintf("%s %d %v", state, seats, until)
	}
	for _, name := range m.line {
		want[ct.PersonID(name)] = fmt.Sprintf("%s %d <nil>", booking.Waitlisted, m.wants[name])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		rt.Fatalf("places %v, want %v (line %v, capacity %d)", got, want, m.line, m.capacity)
	}
	b := w.Bookable(ct.DateOf(eventID))
	if b.SeatsTaken != m.taken() || b.FreeSeats != m.capacity-m.taken() {
		rt.Fatalf("%d taken, %d free; want %d, %d", b.SeatsTaken, b.FreeSeats, m.taken(), m.capacity-m.taken())
	}
}
