package booking

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Seated are the bookings of people who have a seat, in the order of the people's ids, after a
// given one. Of the bookings of these three lists only the person and the state are known. Whoever
// has signed up, and whose booking waits to be written, is among them, without a state. People in line
// are not, although a seat may be taken for them: it may be one that they will be offered, and they do
// not know of it.
func (s *Service) Seated(ctx context.Context, bookableID, after string, limit int) ([]Booking, error) {
	return s.withClaimants(ctx, bookableID, after, limit, func() ([]Booking, error) {
		return s.store.people(ctx, bookableID, []State{Confirmed}, after, limit)
	})
}

// Holders are the bookings of people who have a seat, are offered one or are in line.
func (s *Service) Holders(ctx context.Context, bookableID, after string, limit int) ([]Booking, error) {
	return s.withClaimants(ctx, bookableID, after, limit, func() ([]Booking, error) {
		return s.store.people(ctx, bookableID, awaited, after, limit)
	})
}

// InStates are the bookings in some states.
func (s *Service) InStates(ctx context.Context, bookableID string, states []State, after string, limit int) ([]Booking, error) {
	find := func() ([]Booking, error) { return s.store.people(ctx, bookableID, states, after, limit) }
	if !slices.Contains(states, Confirmed) {
		return find()
	}
	return s.withClaimants(ctx, bookableID, after, limit, find)
}

// Concerned are Holders, and the bookings of people who were in line until the thing was over, who are told
// that there is nothing to wait for.
func (s *Service) Concerned(ctx context.Context, bookableID, after string, limit int) ([]Booking, error) {
	return s.withClaimants(ctx, bookableID, after, limit, func() ([]Booking, error) {
		return s.store.peopleOr(ctx, bookableID, awaited, after, limit)
	})
}

// Returning are the bookings of people who have a seat, and of those who were in line until the thing was over.
func (s *Service) Returning(ctx context.Context, bookableID, after string, limit int) ([]Booking, error) {
	return s.store.peopleOr(ctx, bookableID, []State{Confirmed}, after, limit)
}

// withClaimants adds to the bookings that are found those of people who have a claim and no booking
// yet. The claims are read first: the booking of a claim that is gone by then is found.
func (s *Service) withClaimants(ctx context.Context, bookableID, after string, limit int, find func() ([]Booking, error)) ([]Booking, error) {
	newcomers, err := s.newcomers(ctx, bookableID)
	if err != nil {
		return nil, err
	}
	list, err := find()
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(b Booking) bool { return slices.Contains(newcomers, b.PersonID) })
	for _, personID := range newcomers {
		if personID > after {
			list = append(list, Booking{BookableID: bookableID, PersonID: personID})
		}
	}
	slices.SortFunc(list, func(a, b Booking) int { return strings.Compare(a.PersonID, b.PersonID) })
	return list[:min(len(list), limit)], nil
}

// newcomers are people who have a claim, and are neither in line nor offered a seat.
func (s *Service) newcomers(ctx context.Context, bookableID string) ([]string, error) {
	claims, err := s.store.claims(ctx, []string{bookableID})
	if err != nil || len(claims[bookableID]) == 0 {
		return nil, err
	}
	claimants := slices.DeleteFunc(slices.Collect(maps.Keys(claims[bookableID])), func(key string) bool { return strings.HasPrefix(key, strangerMark) })
	found, err := s.store.byIDs(ctx, idsOf(bookableID, claimants))
	return slices.DeleteFunc(claimants, func(personID string) bool {
		b := found[IDOf(bookableID, personID)]
		return b != nil && (b.State == Waitlisted || b.State == Offered)
	}), err
}
