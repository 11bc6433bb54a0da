package resolvers

import (
	"cmp"
	"context"

	"faellesskab/graph/model"
	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/person"
)

func joinOutcome(m *group.Membership) model.JoinOutcome {
	if cmp.Or(m.Became, m.State) == group.StateActive {
		return &model.JoinedGroup{Membership: m}
	}
	return &model.JoinRequestPending{Membership: m}
}

func (r *Resolver) bookingOutcome(s *booking.SignedUp) model.BookingOutcome {
	b := r.Bookings.Show(s.Booking)
	if s.Refusal != "" {
		return &model.BookingRefused{Code: s.Refusal, Message: s.Message, Booking: b, OpensAt: s.OpensAt, ClosedAt: s.ClosedAt, MissingSkillIDs: s.MissingSkillIDs}
	}
	switch s.Gave {
	case booking.Waitlisted:
		return &model.WaitlistJoined{Booking: b, Position: s.Position}
	case booking.PendingApproval:
		return &model.ApprovalPending{Booking: b}
	}
	return &model.BookingConfirmed{Booking: b}
}

// learner is the viewer, if the course asks for skills that they have to have; nil otherwise.
func learner(ctx context.Context, c *course.Course) (*person.Person, error) {
	if len(c.PrerequisiteSkillIDs) == 0 {
		return nil, nil
	}
	return maybe[*person.Person](ctx, auth.FromContext(ctx).PersonID)
}

// bookingCan are the viewer's actions on a booking. An offer, an approval, and
// checking in depend on the thing that is booked.
func (r *Resolver) bookingCan(ctx context.Context, b *booking.Booking) ([]booking.Action, error) {
	var of booking.Known
	var err error
	if r.Bookings.IsJudgedByRights(ctx, b) {
		if of.Rights, err = lookup[booking.Rights](ctx, b.BookableID); err != nil {
			return nil, err
		}
	}
	if b.State == booking.Offered || b.State == booking.PendingApproval || of.Rights.ChecksIn && r.Bookings.IsAtDoor(b) {
		of.Thing, err = lookup[*booking.Bookable](ctx, b.BookableID)
	}
	return r.Bookings.Can(ctx, b, of), err
}

// contactOf is how to reach somebody without an account, for those who decide who comes.
func contactOf(ctx context.Context, b *booking.Booking) (*string, error) {
	if b.Contact == nil {
		return nil, nil //nolint:nilnil // the schema's null
	}
	may, err := lookup[booking.Rights](ctx, b.BookableID)
	if err != nil || !may.Runs {
		return nil, err
	}
	return b.Contact, nil
}

// linePosition is a booking's place in line; nil unless it is in line.
func linePosition(ctx context.Context, b *booking.Booking) (*int, error) {
	if b.State != booking.Waitlisted {
		return nil, nil //nolint:nilnil // the schema's null
	}
	found, err := lookup[booking.Position](ctx, b.LineKey())
	place := int(found)
	return &place, err
}

// lineLength is how many bookings are in line for a thing with these seats.
func lineLength(ctx context.Context, bookableID string, seats booking.Seats) (*int, error) {
	if !seats.HasQueue {
		return new(int), nil
	}
	found, err := lookup[booking.LineLength](ctx, bookableID)
	n := int(found)
	return &n, err
}

// builders are the fælles-skabere of an area who still are that.
func (r *Resolver) builders(ctx context.Context, a *area.Area) ([]*person.Person, error) {
	people, err := many[*person.Person](ctx, a.CommunityBuilderIDs)
	return r.People.Builders(people), err
}
