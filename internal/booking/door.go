package booking

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// doorOpens is how long before a start people are let in.
const doorOpens = 2 * time.Hour

// DoorPart is a part of a thing to which people are let in: a session of a course, or a whole date, whose one
// part has no id.
type DoorPart struct {
	ID         string
	Start, End clock.Moment
	// IsOthers says that others stand at its door, and not the viewer: see AtDoor.
	IsOthers bool
}

// Opens is the instant from which people are let in.
func (p DoorPart) Opens() time.Time { return p.Start.At.Add(-doorOpens) }

// Closes is the midnight, by the clock on the wall, of the day on which the part ends: an end at midnight
// belongs to the day before.
func (p DoorPart) Closes() time.Time {
	return clock.NextAt(p.End.At.Add(-time.Second), p.End.Zone, "00:00")
}

// IsOpenAt reports whether people are let in at an instant.
func (p DoorPart) IsOpenAt(at time.Time) bool { return !at.Before(p.Opens()) && at.Before(p.Closes()) }

// door is the door of a thing that was read with its end and its zone, as one part.
func (b *Bookable) door() DoorPart {
	return DoorPart{Start: clock.Moment{At: b.StartsAt, Zone: b.TimeZone}, End: clock.Moment{At: b.EndsAt, Zone: b.TimeZone}}
}

// IsHeld reports whether the thing is published, so that people come.
func (b *Bookable) IsHeld() bool { return b.State == published }

// IsCancelled reports whether the thing does not happen.
func (b *Bookable) IsCancelled() bool { return b.State == cancelled }

// AtDoor is a thing with its parts, at whose door the viewer lets people in. Returns NotFound if they may not see
// it, and Forbidden if they may not let people in.
func (s *Service) AtDoor(ctx context.Context, bookableID string) (*Bookable, error) {
	b, err := s.seen(ctx, bookableID)
	if err != nil {
		return nil, err
	}
	may, err := s.Rights(ctx, []string{bookableID})
	if err == nil && !may[bookableID].ChecksIn {
		err = fault.Forbidden("checkin.permission")
	}
	for i := range b.Parts {
		b.Parts[i].IsOthers = !may[bookableID].stands(b.Parts[i].ID)
	}
	return b, err
}
