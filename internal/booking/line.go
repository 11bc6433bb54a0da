package booking

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Position is a place in line, from 1.
type Position int

// LineKey is the key by which Positions finds the booking's place in line. It carries what the
// place follows from, so that the booking need not be read again.
func (b *Booking) LineKey() string {
	return strconv.FormatInt(b.QueuedAt.UnixMilli(), 10) + "@" + b.ID
}

// waiter is a booking in line, as a LineKey tells it.
type waiter struct {
	key, bookingID, bookableID string
	since                      time.Time
}

func waiterOf(key string) (w waiter, ok bool) {
	millis, bookingID, _ := strings.Cut(key, "@")
	n, err := strconv.ParseInt(millis, 10, 64)
	bookableID, _, isPair := strings.Cut(bookingID, ":")
	return waiter{key, bookingID, bookableID, time.UnixMilli(n).UTC()}, err == nil && isPair
}

// before reports whether one stands ahead of the other in the same line.
func (w waiter) before(other waiter) bool {
	if !w.since.Equal(other.since) {
		return w.since.Before(other.since)
	}
	return w.bookingID < other.bookingID
}

// Positions are the places in line of bookings, by their LineKey. However many bookings are
// asked for, and in however many lines, the database is asked twice at most: for how many
// stand ahead of the first booking of each line, and, if there are several bookings of a line,
// who stands between them.
func (s *Service) Positions(ctx context.Context, keys []string) (map[string]Position, error) {
	lines := map[string][]waiter{}
	for _, key := range keys {
		if w, ok := waiterOf(key); ok {
			lines[w.bookableID] = append(lines[w.bookableID], w)
		}
	}
	var firsts []waiter
	var stretches [][2]waiter
	for _, line := range lines {
		first, last := line[0], line[0]
		for _, w := range line {
			if w.before(first) {
				first = w
			}
			if last.before(w) {
				last = w
			}
		}
		firsts = append(firsts, first)
		if len(line) > 1 {
			stretches = append(stretches, [2]waiter{first, last})
		}
	}
	ahead, err := s.store.countAhead(ctx, firsts)
	if err != nil {
		return nil, err
	}
	between, err := s.store.stretches(ctx, stretches)
	if err != nil {
		return nil, err
	}
	found := make(map[string]Position, len(keys))
	for bookableID, line := range lines {
		for _, w := range line {
			found[w.key] = Position(ahead[bookableID] + max(between[bookableID][w.bookingID], 1))
		}
	}
	return found, nil
}

// LineLength is how many bookings are in line.
type LineLength int

// LineLengths are the lengths of the lines of these things, by thing. Things without a line are
// missing.
func (s *Service) LineLengths(ctx context.Context, bookableIDs []string) (map[string]LineLength, error) {
	return s.store.lineLengths(ctx, bookableIDs)
}
