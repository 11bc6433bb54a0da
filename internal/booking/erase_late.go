package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// outsleepAfter is how long a first booking may be on its way before somebody looks whether its
// person has been erased meanwhile. An erasure looks a second time much later, and finds what was
// written until then. So almost nobody costs another query.
const outsleepAfter = privacy.LooksAgain / 4

// hasOutslept reports whether the person of a first booking that has just been written was erased
// while it was on its way.
func (s *Service) hasOutslept(ctx context.Context, b *Booking) (bool, error) {
	if b.PersonID == "" || s.now().Sub(b.CreatedAt) < outsleepAfter {
		return false, nil
	}
	erased, err := s.Erased(ctx, []string{b.PersonID})
	return len(erased) > 0, err
}

// removeOutslept removes a booking that has just been written for a claim, if its person has been
// erased meanwhile. The seat belongs to the claim, which gives it back if it still stands.
func (s *Service) removeOutslept(ctx context.Context, b *Booking) (gone bool, err error) {
	if has, err := s.hasOutslept(ctx, b); err != nil || !has {
		return false, err
	}
	return s.store.remove(ctx, b)
}

// eraseOutslept erases a booking in line that has just been written, if its person has been erased
// meanwhile. Returns NotFound then.
func (s *Service) eraseOutslept(ctx context.Context, b *Booking) error {
	if has, err := s.hasOutslept(ctx, b); err != nil || !has {
		return err
	}
	if err := s.erase(ctx, b.BookableID, b.PersonID); err != nil {
		return err
	}
	return fault.NotFound("person.not_found")
}
