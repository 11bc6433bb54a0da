package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// RollCall is the last record of who was at one part of a thing, such as a session of a course.
// It is kept in the document of the thing.
type RollCall struct {
	Number int    `bson:"number"` // how often attendance at the part has been recorded
	People int    `bson:"people"` // how many were there
	Batch  string `bson:"batch"`  // the batch of effects that writes it into the bookings
}

// Presence says in a booking whether the person was at one part of the thing, and by which
// record. A record that comes late changes nothing that a later one has written.
type Presence struct {
	By  int  `bson:"by"` // the number of the record; of a check-in, that of the record before
	Was bool `bson:"was"`
	// At is when the person was let in, and UndoneAt when that was last undone.
	At       *time.Time `bson:"at,omitempty"`
	UndoneAt *time.Time `bson:"undoneAt,omitempty"`
}

// Recorded are the parts of the thing at which the person was, by the records, or was not.
func (b *Booking) Recorded(was bool) []string {
	var parts []string
	for part, p := range b.Presences {
		if p.Was == was {
			parts = append(parts, part)
		}
	}
	slices.Sort(parts)
	return parts
}

// WasAt reports whether the person was at a part of the thing.
func (b *Booking) WasAt(part string) bool { return b.Presences[part].Was }

// Attendance says who was at one part of a thing.
type Attendance struct {
	BookableID string
	Part       string
	PersonIDs  []string
	// Version is that of the thing, Last the last record of the part, and Erasures a count of
	// the thing, when the noun found that attendance may be recorded.
	Version  int
	Last     RollCall
	Erasures int
}

type attendanceArgs struct {
	BookableID string
	Part       string
	Number     int // of the record
	PersonIDs  []string
}

// Record records who was at a part of a thing, in place of an earlier record. The write of the
// thing decides, also which of two records is the later one, and the bookings follow.
// Returns NotFound for a person without a seat, or who is being erased, and VERSION_CONFLICT if
// the thing has been changed, attendance recorded, or somebody erased, since the noun looked.
func (s *Service) Record(ctx context.Context, a Attendance, outcome []outbox.Effect) error {
	ids := idsOf(a.BookableID, a.PersonIDs)
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, bookingID := range ids {
		if b := found[bookingID]; b == nil || b.State != Confirmed || b.Nobody != "" {
			return &fault.Error{Kind: fault.KindNotFound, Key: "course.not_enrolled", Field: "input.personIds"}
		}
	}
	args := attendanceArgs{BookableID: a.BookableID, Part: a.Part, Number: a.Last.Number + 1, PersonIDs: a.PersonIDs}
	effects := append([]outbox.Effect{outbox.New(kindAttendance, args)}, outcome...)
	return s.Outbox.Commit(ctx, s.bookableRef(a.BookableID), effects, func(b outbox.Batch) error {
		return s.store.record(ctx, a, RollCall{Number: args.Number, People: len(a.PersonIDs), Batch: b.ID}, b)
	})
}

func idsOf(bookableID string, personIDs []string) []string {
	ids := make([]string, len(personIDs))
	for i, personID := range personIDs {
		ids[i] = IDOf(bookableID, personID)
	}
	return ids
}

// finishRecords writes records of attendance into the bookings that a crash has kept from them.
func (s *Service) finishRecords(ctx context.Context, bookableID string) error {
	calls, err := s.store.rollCalls(ctx, bookableID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	var batches []string
	for _, r := range calls {
		if r.Batch != "" { // check-ins count people without a record
			batches = append(batches, r.Batch)
		}
	}
	return s.Outbox.RunPendingEach(ctx, s.bookableRef(bookableID), batches)
}

// Settle goes through the people who had a seat at a thing that is over, for a completion of it. Those for whom came
// returns true get the state ATTENDED, and others NO_SHOW. What came writes is written before
// the state. A completion that has been undone settles nothing.
func (s *Service) Settle(ctx context.Context, bookableID string, completion int, came func(ctx context.Context, b *Booking) (bool, error)) error {
	if err := s.finishRecords(ctx, bookableID); err != nil {
		return err
	}
	for {
		list, err := s.store.unsettled(ctx, bookableID, completion)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, b := range list {
			attended, err := came(ctx, b)
			if err != nil {
				return err
			}
			settled := actMiss
			if attended {
				settled = actAttend
			}
			if _, err := settled.doTo(b); err != nil {
				return err
			}
			if err := s.store.settle(ctx, b, completion); err != nil {
				return err
			}
		}
	}
}

// Unsettle undoes a completion of a thing, and those before: whoever has ATTENDED or NO_SHOW has a seat again. What take
// writes is written before the state. With all it also goes through bookings of which this is known already, to which a
// process that came late may have given something.
func (s *Service) Unsettle(ctx context.Context, bookableID string, completion int, all bool, take func(ctx context.Context, b *Booking) error) error {
	return s.store.walkSettled(bookableID).Each(ctx, func(b *Booking) error {
		isKnown := b.UndoneIn != nil && *b.UndoneIn >= completion
		if isKnown && !all {
			return nil
		}
		if err := take(ctx, b); err != nil || isKnown {
			return err
		}
		if _, err := actReopen.doTo(b); err != nil {
			return err
		}
		return s.store.unsettle(ctx, b, completion)
	})
}
