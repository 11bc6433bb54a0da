package booking

import (
	"context"
	"slices"

	"faellesskab/internal/notify"
)

// AudienceFirst are the people who have a seat at a thing, are offered one or are in line, and are so at none of some
// others, such as earlier dates of the same event. Somebody who has signed up for several things is then told once of
// what happens to all of them.
const AudienceFirst notify.AudienceKind = "FIRST_BOOKED"

// AudienceFirstConcerned is the same of people who have signed up, or were in line to the end.
const AudienceFirstConcerned notify.AudienceKind = "FIRST_CONCERNED"

// These words stand between the ids of AudienceFirst.
const (
	firstWithout = "without" // the things at which the people have no booking
	firstAlone   = "alone"   // the things at which they have none either
	firstAlso    = "also"    // the things of which they have one too
)

// First is AudienceFirst among several things, and FirstConcerned AudienceFirstConcerned: see firstOf.
func First(thingID string, before, behind []string, more bool) notify.AudienceOf {
	return firstOf(AudienceFirst, first{thingID, before, behind, more})
}

// FirstConcerned is AudienceFirstConcerned among several things.
func FirstConcerned(thingID string, before, behind []string, more bool) notify.AudienceOf {
	return firstOf(AudienceFirstConcerned, first{thingID, before, behind, more})
}

// firstOf is the audience of people with a booking at a thing who have none at those before it, and either have one behind
// it (more), or have none.
func firstOf(kind notify.AudienceKind, f first) notify.AudienceOf {
	word := firstAlone
	if f.more {
		word = firstAlso
	}
	return notify.AudienceOf{Kind: kind, IDs: slices.Concat([]string{f.thing, firstWithout}, f.before, []string{word}, f.behind)}
}

// first is what the ids of AudienceFirst say.
type first struct {
	thing          string
	before, behind []string
	more           bool
}

func readFirst(ids []string) (f first) {
	without, word := slices.Index(ids, firstWithout), slices.IndexFunc(ids, func(s string) bool { return s == firstAlone || s == firstAlso })
	if without != 1 || word < 0 {
		return f // only a newer version understands it
	}
	return first{ids[0], ids[2:word], ids[word+1:], ids[word] == firstAlso}
}

// walkBooked walks the people with a booking of one thing.
type walkBooked func(ctx context.Context, bookableID, after string, limit int) ([]Booking, error)

// firstAudiences are AudienceFirst and AudienceFirstConcerned.
func (s *Service) firstAudiences() []notify.Audience {
	first, concerned := s.AudienceOf(AudienceFirst, nil), s.AudienceOf(AudienceFirstConcerned, nil)
	first.Walk, concerned.Walk = s.walkFirst(s.Holders), s.walkFirst(s.Concerned)
	return []notify.Audience{first, concerned}
}

func (s *Service) walkFirst(walk walkBooked) notify.Walk {
	return func(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
		return s.findFirst(ctx, walk, ids, after, limit)
	}
}

func (s *Service) findFirst(ctx context.Context, walk walkBooked, ids []string, after string, limit int) ([]notify.Found, error) {
	f := readFirst(ids)
	if f.thing == "" {
		return nil, nil
	}
	if after == "" {
		if err := s.follow(ctx, f.thing); err != nil {
			return nil, err
		}
	}
	var found []notify.Found
	for len(found) < limit {
		list, err := walk(ctx, f.thing, after, limit)
		if err != nil || len(list) == 0 {
			return found, err
		}
		of, err := f.among(ctx, walk, list, after)
		if err != nil {
			return nil, err
		}
		found, after = append(found, of...), list[len(list)-1].PersonID
		if len(list) < limit {
			break
		}
	}
	return found[:min(len(found), limit)], nil
}

// among are those of a page of people who belong to the audience. They are told for all that they have booked, so that
// the news concerns them as long as they have one of it.
func (f first) among(ctx context.Context, walk walkBooked, page []Booking, after string) ([]notify.Found, error) {
	last, left := page[len(page)-1].PersonID, map[string]bool{}
	for _, b := range page {
		left[b.PersonID] = true
	}
	in := between{walk, after, last}
	err := in.without(ctx, f.before, left)
	var behind map[string][]notify.Reason
	switch {
	case err != nil || len(left) == 0:
		return nil, err
	case f.more:
		behind, err = in.bookedAt(ctx, f.behind)
	default:
		err = in.without(ctx, f.behind, left)
	}
	if err != nil {
		return nil, err
	}
	var found []notify.Found
	for _, b := range page {
		if left[b.PersonID] && (len(behind[b.PersonID]) > 0) == f.more {
			found = append(found, notify.Found{PersonID: b.PersonID, Reasons: append([]notify.Reason{b.Reason(f.thing)}, behind[b.PersonID]...)})
		}
	}
	return found, nil
}

// between walks the people behind one and up to another, by the order of their ids.
type between struct {
	walk        walkBooked
	after, last string
}

// without takes those out of left who have a booking at one of some things. People who come to one date of a series come to
// most, so that few things are asked.
func (in between) without(ctx context.Context, bookableIDs []string, left map[string]bool) error {
	for _, bookableID := range bookableIDs {
		if len(left) == 0 {
			return nil
		}
		holders, err := in.bookedAt(ctx, []string{bookableID})
		if err != nil {
			return err
		}
		for personID := range holders {
			delete(left, personID)
		}
	}
	return nil
}

// bookedAt are the people who have a booking at one of some things, with the reasons for which they would be told.
func (in between) bookedAt(ctx context.Context, bookableIDs []string) (map[string][]notify.Reason, error) {
	holders := map[string][]notify.Reason{}
	for _, bookableID := range bookableIDs {
		for from := in.after; from < in.last; {
			list, err := in.walk(ctx, bookableID, from, bookedStep)
			if err != nil {
				return nil, err
			}
			for _, b := range list {
				if b.PersonID <= in.last {
					holders[b.PersonID] = append(holders[b.PersonID], b.Reason(bookableID))
				}
			}
			if len(list) < bookedStep {
				break
			}
			from = list[len(list)-1].PersonID
		}
	}
	return holders, nil
}

// bookedStep is how many people are read at a time.
const bookedStep = 500
