package inbox

import (
	"cmp"
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// When a group gets news, all of its members who follow their inbox look at the same time. What they look at is read
// for all of them together.

// since asks for the notices of a person since an instant.
type since struct {
	PersonID string
	at       time.Time
}

// noticesSince are notices of a person, the oldest first, which belong to all who asked for them.
type noticesSince struct {
	list    []*Notice
	tooMany bool // so many came that the person has to read their own, by pages
}

// These numbers bound what is read at once for all who ask.
const (
	maxTogether = 2000 // notices
	fewTogether = 16   // people: no fewer are read apart
)

// readSince reads the notices of many people, each since an instant.
func (s *Service) readSince(ctx context.Context, asked []since) (map[since]noticesSince, error) {
	found := make(map[since]noticesSince, len(asked))
	slices.SortFunc(asked, func(a, b since) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.PersonID, b.PersonID)) })
	for some := range slices.Chunk(asked, lookAtOnce) {
		if err := s.readSome(ctx, some, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// readSome reads the notices of some people, who are in the order of their instants. If that is too much for one read,
// the later half is read apart, so that whoever was away for long costs the others little.
func (s *Service) readSome(ctx context.Context, some []since, found map[since]noticesSince) error {
	people := make([]string, len(some))
	for i, q := range some {
		people[i] = q.PersonID
	}
	list, err := s.store.noticesOfAll(ctx, distinct(people), some[0].at, maxTogether)
	if err != nil {
		return err
	}
	isAll := len(list) < maxTogether
	if half := len(some) / 2; !isAll && half >= fewTogether {
		if err := s.readSome(ctx, some[:half], found); err != nil {
			return err
		}
		return s.readSome(ctx, some[half:], found)
	}
	of := map[string][]*Notice{}
	for _, n := range list {
		of[n.PersonID] = append(of[n.PersonID], n)
	}
	for _, q := range some {
		own := slices.DeleteFunc(slices.Clone(of[q.PersonID]), func(n *Notice) bool { return n.CreatedAt.Before(q.at) })
		// Many notices are sent one after the other to a phone that may be slow. Each page of them is read when it is sent.
		if found[q] = (noticesSince{list: own}); !isAll || len(own) > livePage {
			found[q] = noticesSince{tooMany: true}
		}
	}
	return nil
}

// eachFresh hands out a person's notices since an instant, the oldest first. What it hands out is others' too.
func (s *Service) eachFresh(ctx context.Context, personID string, from time.Time, do func(*Notice) error) error {
	found, err := s.fresh.ask(ctx, since{personID, from})
	if err != nil {
		return err
	}
	if found.tooMany {
		return s.store.eachNoticeSince(ctx, personID, from, do)
	}
	for _, n := range found.list {
		if err := do(n); err != nil {
			return err
		}
	}
	return nil
}

// shownTo is a notice as it is shown to its reader, who may look.
type shownTo struct {
	reader auth.Viewer
	notice *Notice
	unread int
}

// showAll brings notices up to date for their readers, as these are now. Those of people who may not look are missing.
func (s *Service) showAll(ctx context.Context, asked []*Notice) (map[*Notice]shownTo, error) {
	all := make(map[*Notice]shownTo, len(asked))
	for some := range slices.Chunk(asked, lookAtOnce) {
		people := make([]string, len(some))
		for i, n := range some {
			people[i] = n.PersonID
		}
		people = distinct(people)
		readers, err := s.Viewers(ctx, people)
		if err != nil {
			return nil, err
		}
		some = slices.DeleteFunc(some, func(n *Notice) bool { return readers[n.PersonID].IsAnonymous() })
		as := func(personID string) auth.Viewer { return readers[personID] }
		list := copies(some)
		if err := s.present(ctx, list, as); err != nil {
			return nil, err
		}
		counts, err := s.unreadOf(ctx, people, nil, as)
		if err != nil {
			return nil, err
		}
		for i, n := range some {
			all[n] = shownTo{readers[n.PersonID], list[i], counts[n.PersonID]}
		}
	}
	return all, nil
}

// show is a notice of the viewer as they see it now, and how many they have not read. It brings the viewer of the
// subscription up to date. Returns Forbidden if they may not look any more.
func (s *Service) show(ctx context.Context, n *Notice) (*Notice, int, error) {
	shown, err := s.shows.ask(ctx, n)
	if err != nil {
		return nil, 0, err
	}
	if shown.notice == nil {
		if err := s.Refresh(ctx); err != nil {
			return nil, 0, err
		}
		return nil, 0, fault.Unavailable("database.unavailable", nil) // they may look again: the feed does so in a moment
	}
	auth.Refresh(ctx, shown.reader)
	return copies([]*Notice{shown.notice})[0], shown.unread, nil
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
