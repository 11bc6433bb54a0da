package announcement

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerPublish is the kind of the timer that sends an announcement at its time.
const timerPublish = "announcement.publish"

type publishArgs struct {
	AnnouncementID string
	At             time.Time
}

// Update changes the texts of an announcement that has not been sent. It is a draft then: one that waited
// for a second person or for its time no longer does, and one that was rejected can be published again.
// Returns Problems, NotFound, Forbidden, Conflict if it was sent, and VERSION_CONFLICT.
func (s *Service) Update(ctx context.Context, in UpdateInput) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateAnnouncement", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.change(), ActionEdit, func(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
		a.State, a.AuthorID, a.PublishAt, a.Reason = StateDraft, auth.FromContext(ctx).PersonID, nil, nil
		a.Decided = Decisions{} // they were about another text
		a.Titles, a.Texts = in.Title, in.Text
		return nil, nil
	})
}

// Publish sends a draft, at once or at its time, or lets it wait for a second person. Whoever does that is
// its author from then on. Returns what Update does, and Exhausted.
func (s *Service) Publish(ctx context.Context, in PublishInput) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "publishAnnouncement", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.change(), ActionPublish, func(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
		if a.IsUrgent && in.PublishAt != nil {
			return nil, fault.Invalid("input.publishAt", "announcement.urgent_later")
		}
		if err := checkAhead(in.PublishAt, s.now()); err != nil {
			return nil, err
		}
		a.AuthorID, a.PublishAt = auth.FromContext(ctx).PersonID, in.PublishAt
		effects, err := s.goOn(ctx, a)
		if a.isMunicipal() {
			effects = append(effects, s.entry(ctx, call.Operation, a))
		}
		return effects, err
	})
}

// goOn sends the announcement, lets it wait for its time, or for a second person, and returns what is to
// follow.
func (s *Service) goOn(ctx context.Context, a *Announcement) ([]outbox.Effect, error) {
	needsSecond, err := s.needsSecond(ctx, a)
	switch {
	case err != nil:
		return nil, err
	case needsSecond:
		a.State = StatePending
		return s.asks(a), nil
	case a.PublishAt != nil && a.PublishAt.After(s.now()):
		a.State = StateScheduled
		return []outbox.Effect{timer.Effect(timer.New(a.ID+":publish:"+strconv.Itoa(a.Version), timerPublish, *a.PublishAt,
			publishArgs{a.ID, *a.PublishAt}))}, nil
	}
	return s.send(a), nil
}

// needsSecond reports whether a second person has to approve it, and has not.
func (s *Service) needsSecond(ctx context.Context, a *Announcement) (bool, error) {
	if a.IsUrgent || a.Decided.ApprovedAt != nil {
		return a.Decided.ApprovedAt == nil, nil
	}
	people, err := s.Notifier.CountAudience(ctx, a.audience(), s.approvalOver+1)
	return people > s.approvalOver, err
}

// send are the effects that tell people, for the write that decides to send.
func (s *Service) send(a *Announcement) []outbox.Effect {
	now := s.now()
	a.State, a.SentAt = StateSent, &now
	return []outbox.Effect{notify.Effect(a.cause()), timer.Effect(a.keepTimer(now))}
}

// publishNow sends an announcement at its time, unless it waits for that no longer. If it goes to so
// many people by now that a second person must approve it, it waits for one. If nobody stands for it any
// more, it is not sent, and its author is told.
func (s *Service) publishNow(ctx context.Context, p publishArgs) error {
	a, err := s.store.get(ctx, p.AnnouncementID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if a.State != StateScheduled || a.PublishAt == nil || !a.PublishAt.Equal(p.At) {
		return nil
	}
	stands, err := s.stillStands(ctx, a)
	if err != nil {
		return err
	}
	a.Version++
	var effects []outbox.Effect
	if !stands {
		a.State = StateRejected
		if a.AuthorID != "" {
			effects = []outbox.Effect{notify.Effect(a.decided(a.AuthorID, "", "LAPSED"))}
		}
	} else if effects, err = s.goOn(ctx, a); err != nil {
		return err
	}
	a.setListings()
	return s.Outbox.Commit(ctx, outbox.Ref{Collection: collection, ID: a.ID}, effects, func(b outbox.Batch) error {
		return s.store.update(ctx, a, b)
	})
}

// stillStands reports whether somebody stands for the announcement: its author, or the second person, and
// whoever it is may still announce there. Staff who approved what is said in a group have let so many people
// be told, and do not speak for the group.
func (s *Service) stillStands(ctx context.Context, a *Announcement) (bool, error) {
	in, err := s.surroundings(ctx, a)
	if err != nil {
		return false, err
	}
	people, err := s.People.Load(ctx, a.people())
	if err != nil {
		return false, err
	}
	for _, personID := range []string{a.AuthorID, a.Decided.ApproverID} {
		p := people[personID]
		if p == nil || p.Admits() != nil {
			continue
		}
		if st := s.standingIn(in, p.Viewer(), a); st.isOpen && st.speaks(a) {
			return true, nil
		}
	}
	return false, nil
}
