package announcement

import (
	"context"
	"slices"
	"strconv"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// handOver has what an employee has written for the municipality, or for people in courses, and not sent yet, be a
// colleague's who may announce there. It would not go out at its time once the first no longer may.
func (s *Service) handOver(ctx context.Context, a person.HandedOver) error {
	to, err := s.People.Receiver(ctx, a)
	if err != nil || to == nil {
		return err
	}
	return s.passOn(ctx, a, func(open *Announcement, in around) bool {
		isOfOffice := open.isMunicipal() || open.CourseID() != ""
		return isOfOffice && in.has(open) && s.standingIn(in, to.Viewer(), open).speaks(open)
	})
}

// handCommittee does the same for what is said in a committee, and at its events, once the colleague leads it.
func (s *Service) handCommittee(ctx context.Context, a group.HandedOver) error {
	return s.passOn(ctx, a.HandedOver, func(open *Announcement, in around) bool {
		return open.GroupID == a.GroupID || open.OccurrenceID() != "" && in.hosts[open.Bookable.ID].GroupID == a.GroupID
	})
}

// passOn has the drafts of a person, and what waits for its time, be another's, if goes says so. What waits for a
// second person stays: whoever takes over may be just that person, and sees it anyway.
func (s *Service) passOn(ctx context.Context, a person.HandedOver, goes func(open *Announcement, in around) bool) error {
	list, err := s.store.openOf(ctx, a.FromID)
	if err != nil || len(list) == 0 {
		return err
	}
	in, err := s.surroundings(ctx, list...)
	if err != nil {
		return err
	}
	for _, open := range list {
		if !goes(open, in) {
			continue
		}
		if err := s.pass(ctx, open, a); err != nil {
			return err
		}
	}
	return nil
}

// pass has one announcement be another's, unless they have approved it: then it is theirs to stand for already.
func (s *Service) pass(ctx context.Context, open *Announcement, a person.HandedOver) error {
	if open.AuthorID != a.FromID || open.Decided.ApproverID == a.ToID {
		return nil
	}
	open.AuthorID = a.ToID
	if !slices.Contains(open.FormerAuthorIDs, a.FromID) {
		open.FormerAuthorIDs = append(open.FormerAuthorIDs, a.FromID)
	}
	open.Version++
	var news []outbox.Effect
	if open.State == StateScheduled {
		news = append(news, notify.Effect(area.HandedOver(open.ID, a.ToID, strconv.Itoa(open.Version), open.titleWords(open.Titles))))
	}
	err := s.Outbox.Commit(ctx, outbox.Ref{Collection: collection, ID: open.ID}, news, func(b outbox.Batch) error {
		return s.store.update(ctx, open, b)
	})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		return err
	}
	// Somebody has changed it meanwhile: it may be sent, or theirs.
	now, err := s.store.get(ctx, open.ID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if now.isOpen() {
		return s.pass(ctx, now, a)
	}
	return nil
}

// isOpen reports whether it is a draft or waits for its time.
func (a *Announcement) isOpen() bool { return a.State == StateDraft || a.State == StateScheduled }

// wrote reports whether it is, or was before a handover, the person's text.
func (a *Announcement) wrote(v auth.Viewer) bool {
	return v.PersonID != "" && (a.AuthorID == v.PersonID || slices.Contains(a.FormerAuthorIDs, v.PersonID))
}
