package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

// Connection is a page of bookings.
type Connection = page.Connection[*Booking]

const (
	listOf  = "bookings"
	listOwn = "own_bookings"
	// ListUpcoming is the name in the cursors of what a person has signed up for, of all nouns.
	ListUpcoming = "upcoming"
	// ListPast is the same of what they were at.
	ListPast = "past"
	// ListWithin is the same of both, within a span.
	ListWithin = "within"
)

// These are the states of bookings that stand in the two lists.
var (
	comingStates = append([]State{Attended}, awaited...)
	pastStates   = []State{Confirmed, Attended, NoShow}
	shownStates  = []State{Confirmed, Offered, Waitlisted, PendingApproval, Attended, NoShow}
)

func bySignUp(b *Booking) page.Position {
	return page.Position{Key: page.TimeKey(b.CreatedAt), ID: b.ID}
}

func byStart(b *Booking) page.Position {
	return page.Position{Key: page.TimeKey(b.StartsAt), ID: b.ID}
}

// List are the bookings of a thing in one state (CONFIRMED if nil), in the order of signing
// up. The noun checks whether the viewer may see them.
func (s *Service) List(ctx context.Context, bookableID string, state *State, a page.Args) (*Connection, error) {
	want := Confirmed
	if state != nil {
		want = *state
	}
	k, err := a.OpenTime(listOf)
	if err != nil {
		return nil, err
	}
	list, err := s.store.bookingsAt(ctx, bookableID, want, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listOf, a, list, bySignUp), nil
}

// Own are the viewer's bookings of things of one sort, newest first.
func (s *Service) Own(ctx context.Context, sort string, a page.Args) (*Connection, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	k, err := a.OpenTime(listOwn)
	if err != nil {
		return nil, err
	}
	list, err := s.store.newestOf(ctx, v.PersonID, sort, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listOwn, a, list, bySignUp), nil
}

// Upcoming are the viewer's bookings of things of one sort that start at or after an instant and
// will still be used, or are being used, soonest first. Keep leaves out those whose thing is over,
// does not happen or is no longer visible, which only the things themselves can tell.
func (s *Service) Upcoming(ctx context.Context, sort string, from time.Time, a page.Args, keep func([]*Booking) ([]*Booking, error)) (*Connection, error) {
	return s.walk(ctx, ListUpcoming, own{Sort: sort, States: comingStates, From: from}, a, keep)
}

// Past are the viewer's bookings of things of one sort that have started and at which they had
// a seat, the latest first. Keep leaves out those whose thing is not over, did not happen or is no
// longer visible.
func (s *Service) Past(ctx context.Context, sort string, a page.Args, keep func([]*Booking) ([]*Booking, error)) (*Connection, error) {
	return s.walk(ctx, ListPast, own{Sort: sort, States: pastStates, Before: s.now(), IsBackwards: true}, a, keep)
}

// Stretch is a stretch of time, and the sort of things that start in it; To is nil if it does not end.
type Stretch struct {
	Sort string
	From time.Time
	To   *time.Time
}

// Within are the viewer's bookings of things of one sort that start at or after an instant, and before another (nil: whenever),
// and that have not ended without a seat, soonest first. Keep leaves out those whose thing does not happen or is no longer visible.
func (s *Service) Within(ctx context.Context, in Stretch, a page.Args, keep func([]*Booking) ([]*Booking, error)) (*Connection, error) {
	of := own{Sort: in.Sort, States: shownStates, From: in.From}
	if in.To != nil {
		of.Before = *in.To
	}
	return s.walk(ctx, ListWithin, of, a, keep)
}

// Shown are up to limit of the bookings of Within that start at or after an instant.
func (s *Service) Shown(ctx context.Context, sort string, from time.Time, limit int) ([]*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.byStart(ctx, own{PersonID: v.PersonID, Sort: sort, States: shownStates, From: from}, page.Keyset{Limit: limit})
}

// Latest are up to limit of the viewer's bookings of things of one sort, those that start last first:
// of things at which they had a seat, or which will still be used or are being used.
func (s *Service) Latest(ctx context.Context, sort string, isPast bool, limit int) ([]*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	of := own{PersonID: v.PersonID, Sort: sort, States: comingStates, IsBackwards: true}
	if isPast {
		of.States, of.Before = pastStates, s.now()
	}
	return s.store.byStart(ctx, of, page.Keyset{Limit: limit})
}

// LatestShown are up to limit of the bookings of Within of things of one sort, those that start last first.
func (s *Service) LatestShown(ctx context.Context, sort string, limit int) ([]*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.byStart(ctx, own{PersonID: v.PersonID, Sort: sort, States: shownStates, IsBackwards: true}, page.Keyset{Limit: limit})
}

// HasSeat reports whether the person has, or had, a seat for certain.
func (s State) HasSeat() bool { return slices.Contains(pastStates, s) }

func (s *Service) walk(ctx context.Context, list string, of own, a page.Args, keep func([]*Booking) ([]*Booking, error)) (*Connection, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	k, err := a.OpenTime(list)
	if err != nil {
		return nil, err
	}
	of.PersonID = v.PersonID
	return page.Walk[*Booking]{List: list, Position: byStart, Keep: keep, Read: func(k page.Keyset) ([]*Booking, error) {
		return s.store.byStart(ctx, of, k)
	}}.Page(a, k)
}

// Last says behind which booking a walk goes on: the start of its thing, and its id; empty
// at the beginning.
type Last struct {
	StartsAt time.Time
	ID       string
}

// Awaited are up to limit bookings of a person, for coming things of one sort, that will
// still be used, in the order of the starts.
func (s *Service) Awaited(ctx context.Context, personID, sort string, after Last, limit int) ([]*Booking, error) {
	k := page.Keyset{Limit: limit}
	if after.ID != "" {
		k.Position = page.Position{Key: page.TimeKey(after.StartsAt), ID: after.ID}
	}
	return s.store.byStart(ctx, own{PersonID: personID, Sort: sort, States: awaited, From: s.now()}, k)
}

// OwnOf are the viewer's own bookings of these things, by thing. Things that they never
// booked are missing.
func (s *Service) OwnOf(ctx context.Context, bookableIDs []string) (map[string]*Booking, error) {
	v := auth.FromContext(ctx)
	if v.IsAnonymous() {
		return map[string]*Booking{}, nil
	}
	ids := make([]string, len(bookableIDs))
	for i, bookableID := range bookableIDs {
		ids[i] = IDOf(bookableID, v.PersonID)
	}
	found, err := s.store.byIDs(ctx, ids)
	own := make(map[string]*Booking, len(found))
	for _, b := range found {
		own[b.BookableID] = b
	}
	return own, err
}

// ByIDs are the bookings with those ids, by id. Bookings of others are missing unless all
// is true.
func (s *Service) ByIDs(ctx context.Context, ids []string, all bool) (map[string]*Booking, error) {
	found, err := s.store.byIDs(ctx, ids)
	v := auth.FromContext(ctx)
	for bookingID, b := range found {
		if !all && !b.IsOf(v.PersonID) {
			delete(found, bookingID)
		}
	}
	return found, err
}

// Placed tells which of these people have a seat or a claim on one, or are in line, or were in line
// until the thing was over. Only the claims of things are read at which somebody has no booking; the
// bookings are read again then, since a claim may have become one meanwhile.
func (s *Service) Placed(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	found, err := s.store.placed(ctx, asked)
	if err != nil {
		return nil, err
	}
	var missing []notify.Concern
	var things []string
	for _, c := range asked {
		if !found[c] {
			missing, things = append(missing, c), append(things, c.Subject)
		}
	}
	claims, err := s.store.claims(ctx, things)
	if err != nil || len(missing) == 0 {
		return found, err
	}
	again, err := s.store.placed(ctx, missing)
	for _, c := range missing {
		_, hasClaim := claims[c.Subject][c.PersonID]
		found[c] = hasClaim || again[c]
	}
	return found, err
}

// Map is what f makes of each booking, by the same keys.
func Map[V any](found map[string]*Booking, f func(*Booking) V) map[string]V {
	out := make(map[string]V, len(found))
	for key, b := range found {
		out[key] = f(b)
	}
	return out
}
