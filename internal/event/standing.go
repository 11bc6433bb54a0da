package event

import (
	"cmp"
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// subjects lets news be about events.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Event, State: s.subjectState, States: s.subjectStates,
		Visible: func(ctx context.Context, eventID string) error {
			_, err := s.Get(ctx, eventID)
			return err
		}, Thread: s.thread}}
}

// thread is the event whose mute counts for one; the event itself if it is gone.
func (s *Service) thread(ctx context.Context, eventID string) (string, error) {
	e, err := s.store.get(ctx, eventID)
	if err != nil {
		return eventID, fault.UnlessNotFound(err)
	}
	return e.ThreadID(), nil
}

// subjectState is the present state of a piece of news about an event.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	states, err := s.subjectStates(ctx, []notify.News{n})
	if err != nil {
		return notify.SubjectState{}, err
	}
	return states[0], nil
}

// subjectStates are the present states of news about events. News of one date is as the date is, of which the event is
// only asked if the date is not as the news says: it may be late.
func (s *Service) subjectStates(ctx context.Context, list []notify.News) ([]notify.SubjectState, error) {
	var dateIDs, eventIDs []string
	for _, n := range list {
		if dateID := dateOf(n); dateID != "" {
			dateIDs = append(dateIDs, dateID)
		} else {
			eventIDs = append(eventIDs, n.Subject)
		}
	}
	dates, err := s.store.occurrencesByIDs(ctx, dateIDs)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		if o := dates[dateOf(n)]; o != nil && o.State != wantedState(n.Kind) {
			eventIDs = append(eventIDs, o.EventID)
		}
	}
	events, err := s.store.byIDs(ctx, eventIDs)
	states := make([]notify.SubjectState, len(list))
	for i, n := range list {
		if err != nil {
			break
		}
		if o := dates[dateOf(n)]; o != nil {
			states[i], err = s.stateOfDate(o, events[o.EventID], n)
		} else if e := events[n.Subject]; e != nil {
			states[i], err = s.stateOf(e, n)
		}
	}
	return states, err
}

// wantedState is the state in which news of a kind is true.
func wantedState(k notify.Kind) State {
	if k == NoticeCancelled {
		return StateCancelled
	}
	return StatePublished
}

func (s *Service) stateOf(e *Event, n notify.News) (notify.SubjectState, error) {
	now := notify.SubjectState{Alive: e.State == wantedState(n.Kind), MembersOnly: isForMembers(e.OpenTo), Thread: e.ThreadID(), Words: e.words(), ExpiresAt: &e.StartsAt,
		MayKnow: func(v auth.Viewer) bool { return e.CanSee(v, s.now()) }}
	if e.State == StateCancelled {
		now.Now = "cancelled"
	}
	if n.Kind == NoticePublished {
		var a publishedArgs
		err := n.Args.Decode(&a)
		now.Words["Group"] = e.nameIn(a.GroupID)
		return now, err
	}
	if hosting, ok, err := e.stateOfHosting(n, now); ok {
		return hosting, err
	}
	if n.Kind == NoticeNamed {
		var err error
		now.ExpiresAt = &e.EndsAt
		now.Words["Group"] = e.Card.Name
		now.Alive, err = e.isOrganisedWith(n.Args)
		return now, err
	}
	return now, nil
}

// stateOfDate is the present state of news about a date. The event is nil unless the date is in another state than the news
// says.
func (s *Service) stateOfDate(o *Occurrence, e *Event, n notify.News) (notify.SubjectState, error) {
	if e != nil && o.Synced < e.Version {
		o.State, o.CancelReason = e.State, e.CancelReason // the date is about to follow
	}
	now := notify.SubjectState{Alive: o.State == wantedState(n.Kind), MembersOnly: isForMembers(o.OpenTo), Thread: cmp.Or(o.Thread, o.EventID), Words: o.words(), ExpiresAt: &o.EndsAt,
		MayKnow: func(v auth.Viewer) bool { return o.isKnownTo(v, s.now()) }}
	if o.State == StateCancelled {
		now.Now = "cancelled"
	}
	switch n.Kind {
	case NoticeReminder, booking.NoticeSeatGranted, booking.NoticeSeatOffered, booking.NoticeBookingEnded, booking.NoticeRequested, booking.NoticeApproved:
		now.ExpiresAt = &o.StartsAt
	}
	return s.herald.State(s.thingOf(o), n, now)
}

// isKnownTo reports whether a viewer may know of the date, of which people have been told before, so that it was public.
func (o *Occurrence) isKnownTo(v auth.Viewer, now time.Time) bool {
	isIn := v.InGroup(o.GroupID) || slices.ContainsFunc(o.CoGroupIDs, v.InGroup)
	return o.State.isKnown() && (o.OpenTo == group.Everyone || isIn || o.Card.Group().Allows(v, group.PostEvents, now))
}
