package event

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// mayRun returns an error unless the viewer decides who comes to a date: NotFound if they may not see its
// event, and Forbidden if they are none of its organisers.
func (s *Service) mayRun(ctx context.Context, occurrenceID string) error {
	o, err := s.Occurrence(ctx, occurrenceID)
	if err != nil {
		return err
	}
	e, err := s.visible(ctx, o.EventID)
	if err != nil {
		return err
	}
	if !e.canPost(auth.FromContext(ctx), s.now()) {
		return fault.Forbidden("group.permission")
	}
	return nil
}

// organisers are those who decide who comes to a date.
func (s *Service) organisers(ctx context.Context, occurrenceID string) ([]notify.AudienceOf, error) {
	o, err := s.store.occurrence(ctx, occurrenceID)
	if err != nil {
		return nil, err
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil {
		return nil, err
	}
	all := []notify.AudienceOf{{Kind: group.AudiencePosters, IDs: []string{e.GroupID}}}
	if len(e.CoOrganiserIDs) > 0 {
		why := &notify.Reason{Kind: notify.ReasonGroupLeader, Subject: e.GroupID, Words: map[string]string{"Group": e.Card.Name}}
		all = append(all, notify.AudienceOf{Kind: notify.AudiencePeople, IDs: e.CoOrganiserIDs, Why: why})
	}
	return all, nil
}

// maxContinued is how many events of a chain are asked for a date that took place.
const maxContinued = 5

// lastTime is the last date of the same series that took place, also of an event that this one continues; empty if there is
// none.
func (s *Service) lastTime(ctx context.Context, occurrenceID string) (string, error) {
	o, err := s.store.occurrence(ctx, occurrenceID)
	if err != nil {
		return "", err
	}
	eventID := o.EventID
	for range maxContinued {
		if last, err := s.store.lastDate(ctx, eventID, s.now()); err != nil || last != "" {
			return last, err
		}
		e, err := s.store.get(ctx, eventID)
		if err != nil || e.ContinuesID == "" {
			return "", fault.UnlessNotFound(err)
		}
		eventID = e.ContinuesID
	}
	return "", nil
}

// rights say what the viewer may do with others' bookings of these dates.
func (s *Service) rights(ctx context.Context, ids []string) (map[string]booking.Rights, error) {
	dates, err := s.OccurrencesByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var eventIDs []string
	for _, o := range dates {
		eventIDs = append(eventIDs, o.EventID)
	}
	events, err := s.ByIDs(ctx, eventIDs)
	if err != nil {
		return nil, err
	}
	v, may := auth.FromContext(ctx), make(map[string]booking.Rights, len(dates))
	for occurrenceID, o := range dates {
		if e := events[o.EventID]; e != nil {
			may[occurrenceID] = booking.Rights{Runs: e.canPost(v, s.now()), ChecksIn: e.canCheckIn(v, s.now())}
		}
	}
	return may, nil
}
