package booking

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// newsEnded is what the keys of news of an ended place say.
const newsEnded = "ended"

// end ends a place that the person does not give up, frees its seats for the next in
// line, and tells them why; about is what the news says of the bookable thing. ok is
// false if the place has changed since it was read.
func (s *Service) end(ctx context.Context, p *Place, because EndedBecause, about notify.Cause) (ok bool, err error) {
	hadSeat, held := p.State == Confirmed, p.State.Holds()
	p.State, p.EndedBecause, p.OfferExpiresAt = Cancelled, &because, nil
	p.Version++
	var effects []outbox.Effect
	if held {
		effects = append(effects, s.releaseEffect(p))
	}
	effects = append(effects, s.promoteEffect(p.BookableID))
	if because.isNews() {
		effects = append(effects, notify.Effect(p.endedNews(about, hadSeat)))
	}
	batch := s.Outbox.Batch(effects...)
	ok, err = s.store.write(ctx, p, batch)
	if ok {
		s.Outbox.Carry(ctx, s.placeRef(p.BookableID, p.PersonID), batch)
	}
	return ok, err
}

// isNews reports whether people are told of it: what is over they hear of by itself,
// and an offer has said when it ends.
func (e EndedBecause) isNews() bool { return e != EndedOver && e != EndedOfferLapsed }

func (p *Place) endedKey() string { return notify.Key(p.ID, newsEnded, strconv.Itoa(p.Version)) }

// endedNews is what the person is told. They may not see the thing any more, so it
// says what they knew, and no group.
func (p *Place) endedNews(about notify.Cause, hadSeat bool) notify.Cause {
	words := map[string]string{}
	maps.Copy(words, about.Data)
	delete(words, "Group")
	words["Because"] = string(*p.EndedBecause)
	c := notify.Cause{Key: p.endedKey(), Kind: notify.KindPlaceEnded, Subject: about.Subject, Data: words, ExpiresAt: about.ExpiresAt,
		Audiences: []notify.Audience{{Kind: notify.AudiencePeople, IDs: []string{p.PersonID},
			Why: &notify.Reason{Kind: notify.ReasonHadPlace, Subject: p.BookableID}}}}
	if hadSeat {
		c.TurnsUpAt = about.ExpiresAt // they would turn up in vain
	}
	return c
}

// Ended reports whether what news by its key says is still so: that a place has
// ended. Who has signed up again is not told of it.
func (o *Offers) Ended(ctx context.Context, key string) (bool, error) {
	placeID, version, _ := strings.Cut(key, notify.Key("", newsEnded, ""))
	s, bookableID, personID := o.of(placeID)
	if s == nil {
		return false, nil
	}
	p, err := s.store.place(ctx, bookableID, personID)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return err == nil && strconv.Itoa(p.Version) == version, err
}

// endMisfits takes those out of line whose party is larger than there is room for.
// A timer goes on with a long line.
func (s *Service) endMisfits(ctx context.Context, bookableID string) error {
	b, err := s.store.bookable(ctx, bookableID)
	if err != nil || b.Capacity == nil || !b.HasQueue {
		return err
	}
	list, err := s.store.misfits(ctx, bookableID, *b.Capacity, maxPromotions)
	if err != nil || len(list) == 0 {
		return err
	}
	about, err := s.About(ctx, bookableID)
	if err != nil {
		return err
	}
	for _, p := range list {
		if _, err := s.end(ctx, p, EndedNeverFits, about); err != nil {
			return err
		}
	}
	if len(list) < maxPromotions {
		return nil
	}
	return s.promoteLater(ctx, list[0])
}

// endMisfit does so for somebody who has joined the line after the capacity was
// lowered: b is the thing as it was when their place was there.
func (s *Service) endMisfit(ctx context.Context, b *Bookable, personID string) error {
	p, err := s.store.place(ctx, b.ID, personID)
	if err != nil || p.State != Waitlisted || b.fits(p) {
		return unlessNotFound(err)
	}
	about, err := s.About(ctx, b.ID)
	if err != nil {
		return err
	}
	_, err = s.end(ctx, p, EndedNeverFits, about)
	return err
}

func unlessNotFound(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}
