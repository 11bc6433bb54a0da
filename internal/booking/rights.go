package booking

import (
	"context"
	"maps"
	"slices"
)

// Rights are what a viewer may do with others' bookings of a thing.
type Rights struct {
	Runs     bool // they decide who comes
	ChecksIn bool // they stand at the door
	// Parts are the parts at whose doors they stand, if not at all of them; nil: at all.
	Parts []string
}

// stands reports whether the viewer stands at the door of a part.
func (r Rights) stands(part string) bool {
	return r.ChecksIn && (r.Parts == nil || slices.Contains(r.Parts, part))
}

// Rights say what the viewer may do with others' bookings of these things of any sort, by thing. Things that
// they may not see are missing.
func (s *Service) Rights(ctx context.Context, bookableIDs []string) (map[string]Rights, error) {
	all := map[string]Rights{}
	for _, sort := range s.sorts {
		own := slices.DeleteFunc(slices.Clone(bookableIDs), func(bookableID string) bool { return !sort.has(bookableID) })
		if len(own) == 0 {
			continue
		}
		found, err := sort.Rights(ctx, own)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, found)
	}
	return all, nil
}

// mayAdmit returns an error unless the viewer may sign others up: those who decide who comes may, and at the
// door those who check people in.
func (s *Service) mayAdmit(ctx context.Context, bookableID string, atTheDoor bool) error {
	if atTheDoor {
		_, err := s.AtDoor(ctx, bookableID)
		return err
	}
	return s.MayRun(ctx, bookableID)
}

// MayRun returns NotFound or Forbidden unless the viewer decides who comes to a thing.
func (s *Service) MayRun(ctx context.Context, bookableID string) error {
	sort, err := s.sortOf(bookableID)
	if err != nil {
		return err
	}
	return sort.MayRun(ctx, bookableID)
}
