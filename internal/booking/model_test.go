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
)

// model is what booking should do, written down without a database.
type model struct {
	now, start time.Time
	capacity   int
	seats      map[string]int       // how many seats each holds
	offers     map[string]time.Time // who of them has not answered, and until when
	line       []string
	wants      map[string]int
	banned     map[string]bool // who is passed over when it is their turn
}

func (m *model) taken() (n int) {
	for _, s := range m.seats {
		n += s
	}
	return n
}

func (m *model) has(name string) bool { return m.seats[name] > 0 || slices.Contains(m.line, name) }

func (m *model) isOffered(name string) bool { return !m.offers[name].IsZero() }

func (m *model) promote() {
	for len(m.line) > 0 && m.capacity-m.taken() >= m.wants[m.line[0]] {
		if m.banned[m.line[0]] {
			m.line = m.line[1:]
			continue
		}
		m.seats[m.line[0]] = m.wants[m.line[0]]
		if deadline, ok := booking.OfferDeadline(m.now, m.start, usual); ok {
			m.offers[m.line[0]] = deadline
		}
		m.line = m.line[1:]
	}
}

// wait lets offers run out.
func (m *model) wait(d time.Duration) {
	m.now = m.now.Add(d)
	for name, deadline := range m.offers {
		if !deadline.After(m.now) {
			delete(m.seats, name)
			delete(m.offers, name)
		}
	}
	m.promote()
}

// take says whether the person gets a seat at once.
func (m *model) take(name string, seats int) booking.State {
	m.wants[name] = seats
	if len(m.line) == 0 && m.capacity-m.taken() >= seats {
		m.seats[name] = seats
		return booking.Confirmed
	}
	m.line = append(m.line, name)
	return booking.Waitlisted
}

func (m *model) leave(name string) {
	delete(m.seats, name)
	delete(m.offers, name)
	m.line = slices.DeleteFunc(m.line, func(n string) bool { return n == name })
	m.promote()
}

// TestMain asks for fewer sequences than rapid does by itself: each step asks a
// database many times. -rapid.checks=200 looks longer.
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

// Any sequence of coming, going, answers, waiting, bans and changes of capacity ends
// as the model says, also when every effect of a step is carried out twice more, as by processes
// that come late.
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
			seats: map[string]int{}, offers: map[string]time.Time{}, wants: map[string]int{}, banned: map[string]bool{}}
		for _, name := range names {
			ban(name, nil)
		}
		// Starts are by the whole second.
		m.start = m.now.Truncate(time.Second).Add(time.Duration(rapid.IntRange(20, 96).Draw(rt, "start")) * time.Hour)
		e := w.PublishedAt("anna", g.ID, m.start, &m.capacity).ID
		name := rapid.SampledFrom(names)
		steps := map[string]func(*rapid.T){
			"take": func(rt *rapid.T) {
				who, seats := name.Draw(rt, "who"), rapid.IntRange(1, 3).Draw(rt, "seats")
				r, err := w.Attend(who, e, seats-1)
				if m.has(who) {
					if !fault.Is(err, fault.KindConflict) {
						rt.Fatalf("%s took a second place: %+v, %v", who, r, err)
					}
					return
				}
				if state := m.take(who, seats); err != nil || r.Attendance.State != state {
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
				if _, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: &n}); err != nil {
					rt.Fatal(err)
				}
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
				w.Clock.Advance(d)
				w.Fire()
				m.wait(d)
			},
			"promote": func(rt *rapid.T) {
				if err := w.Events.Booking.Promote(rt.Context(), ct.DateOf(e)); err != nil {
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) {
				w.Clock.Advance(time.Millisecond)
				m.now = m.now.Add(time.Millisecond)
				m.compare(rt, w, e)
				late := again.Take()
				for range 2 {
					for _, b := range late {
						w.Outbox.Carry(rt.Context(), b.Doc, b.Batch)
					}
					if _, err := w.Outbox.Sweep(rt.Context(), 0); err != nil {
						rt.Fatal(err)
					}
				}
				again.Take()
				m.compare(rt, w, e)
			},
		}
		rt.Repeat(steps)
		w.CheckSeats(e)
	})
}

func (m *model) compare(rt *rapid.T, w *ct.World, eventID string) {
	got := map[string]string{}
	for _, p := range w.Places(ct.DateOf(eventID)) {
		if p.State.Stands() {
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
