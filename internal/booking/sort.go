package booking

import (
	"context"
	"fmt"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Sort is one sort of thing that can be booked, such as the dates of events. Its noun
// registers it. The ids of the things begin with its prefix, by which a booking finds it.
type Sort struct {
	// Prefix is the prefix of the ids of the things.
	Prefix string
	// Things is their collection, which belongs to the noun. Its documents embed Seats.
	Things string
	// Tell adds to a booking in the export of its person what the noun knows: the title of
	// the thing, and when the sessions were.
	Tell func(ctx context.Context, b *Booking, r *Record) error
	// About is what news of a seat says about the thing: a cause without key, kind and
	// audience. known are the words for people who hear no more news of it: they say what was
	// told, and not what was changed a moment ago.
	About func(ctx context.Context, bookableID string) (c notify.Cause, known map[string]string, err error)
	// MayTake reports whether a person in line may still take a seat. They may have left
	// the group or been banned since.
	MayTake func(ctx context.Context, b *Bookable, personID string) (bool, error)
	// Seen are those of the things that the viewer may see, by id, without their seats and with their parts.
	Seen func(ctx context.Context, ids []string) (map[string]*Bookable, error)
	// Missing is the fault for a thing that the viewer may not see.
	Missing func() *fault.Error
	// Owner is the document that a thing follows, such as the event of a date; nil if things
	// follow no other document.
	Owner func(ctx context.Context, bookableID string) (outbox.Ref, error)
	// Follow makes a thing follow its owner as far as signing up goes, if what should do so has failed
	// so far; nil if things follow no other document.
	Follow func(ctx context.Context, bookableID string) error
	// MayRun returns NotFound or Forbidden unless the viewer may decide who comes.
	MayRun func(ctx context.Context, bookableID string) error
	// Rights say what the viewer may do with others' bookings of these things, by id. Things that they may
	// not see are missing.
	Rights func(ctx context.Context, ids []string) (map[string]Rights, error)
	// Organisers are those who decide who comes.
	Organisers func(ctx context.Context, bookableID string) ([]notify.AudienceOf, error)
	// LastTime is the last thing of the same series that took place; empty if there is none. It is nil if
	// things have no series.
	LastTime func(ctx context.Context, bookableID string) (string, error)
	// Show is a booking as the noun shows it.
	Show func(b *Booking) View
}

func (s *Sort) has(bookableID string) bool { return id.Prefix(bookableID) == s.Prefix }

// Host is what package announcement must know of a thing, to let somebody speak to the people who have
// booked it.
type Host struct {
	Titles i18n.Text
	// GroupID is the group in which it is; empty: none.
	GroupID string
	// ThreadID is the event or course whose mute counts.
	ThreadID string
	CanSee   func(v auth.Viewer, now time.Time) bool
	// MaySpeak reports whether a viewer may speak to these people, as those who organise it may.
	MaySpeak func(v auth.Viewer, now time.Time) bool
	// Led reports whether a viewer leads, or has led, one part of it; nil: its parts are led by those who may speak.
	Led func(v auth.Viewer, part string, now time.Time) bool
}

// HasLed reports whether a viewer leads, or has led, one part of the thing, which they may see.
func (h Host) HasLed(v auth.Viewer, part string, now time.Time) bool {
	if h.CanSee == nil || !h.CanSee(v, now) {
		return false
	}
	if h.Led == nil {
		return h.MaySpeak(v, now)
	}
	return h.Led(v, part, now)
}

// Register lets things of a sort be booked. It is called once for each sort, before the
// service is used.
func (s *Service) Register(sort Sort) {
	s.sorts[sort.Prefix], s.store.collections[sort.Prefix] = &sort, sort.Things
	s.Outbox.Watch(sort.Things)
}

// sortOf is the sort of a thing. A thing of a sort that only a newer version knows is an
// error, so that what is to be done with it is tried again.
func (s *Service) sortOf(bookableID string) (*Sort, error) {
	sort := s.sorts[id.Prefix(bookableID)]
	if sort == nil {
		return nil, fmt.Errorf("bookings of %s: nothing that can be booked", bookableID)
	}
	return sort, nil
}

func (s *Service) about(ctx context.Context, bookableID string) (notify.Cause, error) {
	sort, err := s.sortOf(bookableID)
	if err != nil {
		return notify.Cause{}, err
	}
	c, _, err := sort.About(ctx, bookableID)
	return c, err
}

// aboutKnown is about for people who hear no more news of the thing.
func (s *Service) aboutKnown(ctx context.Context, bookableID string) (notify.Cause, error) {
	sort, err := s.sortOf(bookableID)
	if err != nil {
		return notify.Cause{}, err
	}
	c, known, err := sort.About(ctx, bookableID)
	c.Data = known
	return c, err
}

func (s *Service) mayTake(ctx context.Context, b *Bookable, personID string) (bool, error) {
	sort, err := s.sortOf(b.ID)
	if err != nil {
		return false, err
	}
	return sort.MayTake(ctx, b, personID)
}

// follow makes a thing follow its owner.
func (s *Service) follow(ctx context.Context, bookableID string) error {
	sort, err := s.sortOf(bookableID)
	if err != nil || sort.Follow == nil {
		return err
	}
	return sort.Follow(ctx, bookableID)
}

// seen is a thing as the viewer sees it. Returns NotFound if they may not see it, and
// Forbidden if its group has banned them.
func (s *Service) seen(ctx context.Context, bookableID string) (*Bookable, error) {
	sort, err := s.sortOf(bookableID)
	if err != nil {
		return nil, err
	}
	found, err := sort.Seen(ctx, []string{bookableID})
	switch b := found[bookableID]; {
	case err != nil:
		return nil, err
	case b == nil:
		return nil, sort.Missing()
	case b.Bars(auth.FromContext(ctx).BannedFrom):
		return nil, fault.Forbidden("booking.banned")
	default:
		return b, nil
	}
}
