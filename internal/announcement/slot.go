package announcement

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

// The limits of announcements a day, by the municipality's calendar. What is to be sent later counts on
// the day on which it is to be sent.
const (
	groupADay     = 3 // in one group
	messagesADay  = 3 // to people with a booking at one date, or in one course
	broadcastsDay = 5
	authorADay    = 10 // of one author, wherever they speak
	urgentADay    = 3  // urgent ones, which count for themselves
	draftsADay    = 20 // of one author
)

// maxCorrections is how often the text of an announcement can be replaced.
const maxCorrections = 5

// sorts of slots.
const (
	slotSent   = "sent"
	slotUrgent = "urgent"
	slotDraft  = "draft"
)

// slots are the few slots of an author for a day, of which an announcement takes one by an index that
// allows each only once: so calls at once cannot make more announcements than there are slots. Whoever
// knows the author's id cannot compute them.
type slots struct {
	names  []string
	inAll  int           // how many there are
	here   int           // how many may be of one scope; 0: all
	within time.Duration // until there are new ones
	isThen bool          // they are those of a day ahead, for which nobody has to wait
}

// slotsFor are the slots of which the announcement needs one in its present state.
func (s *Service) slotsFor(v auth.Viewer, a *Announcement) slots {
	now := s.now()
	day := clock.Day(now, clock.Copenhagen)
	if a.PublishAt != nil && a.State != StateDraft {
		day = clock.Day(*a.PublishAt, clock.Copenhagen)
	}
	of := slots{inAll: authorADay, isThen: day != clock.Day(now, clock.Copenhagen), within: clock.NextAt(now, clock.Copenhagen, "00:00").Sub(now)}
	kind := slotSent
	switch {
	case a.State == StateDraft:
		kind, of.inAll = slotDraft, draftsADay
	case a.IsUrgent:
		kind, of.inAll = slotUrgent, urgentADay
	case a.GroupID != "":
		of.here = groupADay
	case a.Bookable != nil:
		of.here = messagesADay
	default:
		of.here = broadcastsDay
	}
	for i := range of.inAll {
		of.names = append(of.names, id.Derive(id.Announcement, kind, v.PersonID, v.Account, day, strconv.Itoa(i)))
	}
	return of
}

// takeSlot gives the announcement the first slot that is free, if it has none of these. Returns Exhausted
// if the author has made enough that day, in this scope or in all.
func (s *Service) takeSlot(ctx context.Context, a *Announcement) error {
	of := s.slotsFor(auth.FromContext(ctx), a)
	if slices.Contains(of.names, a.Slot) {
		return nil
	}
	taken, err := s.store.bySlots(ctx, of.names)
	if err != nil {
		return err
	}
	here := 0
	for _, other := range taken {
		if other.scope() == a.scope() {
			here++
		}
	}
	free := slices.IndexFunc(of.names, func(slot string) bool { return taken[slot] == nil })
	switch {
	case of.here > 0 && here >= of.here:
		return of.fullHere()
	case free < 0:
		return of.full(a)
	}
	a.Slot = of.names[free]
	return nil
}

// fullHere refuses an announcement for which there is no slot left in its scope.
func (of slots) fullHere() error {
	f := fault.Exhausted("announcement.too_many", of.within)
	if of.isThen {
		f = fault.Exhausted("announcement.too_many_then", of.within)
	}
	return f.With("Max", of.here)
}

// full refuses an announcement for which there is no slot left.
func (of slots) full(a *Announcement) error {
	f := fault.Exhausted("announcement.too_many_in_all", of.within)
	switch {
	case a.State == StateDraft:
		f = fault.Exhausted("announcement.too_many_drafts", of.within)
	case a.IsUrgent:
		f = fault.Exhausted("announcement.too_many_urgent", of.within)
	case of.isThen:
		f = fault.Exhausted("announcement.too_many_then", of.within)
	}
	return f.With("Max", of.inAll)
}

// withSlot calls write, once the announcement has a slot, and again with the next one as long as
// another call has taken it first: each turn then finds one more slot taken.
func (s *Service) withSlot(ctx context.Context, a *Announcement, write func() error) error {
	of := s.slotsFor(auth.FromContext(ctx), a)
	for range of.inAll + 1 {
		if err := s.takeSlot(ctx, a); err != nil {
			return err
		}
		err := write()
		if !fault.Is(err, fault.KindConflict) || fault.HasCode(err, fault.CodeVersionConflict) {
			return err
		}
		a.Slot = ""
	}
	return of.full(a)
}
