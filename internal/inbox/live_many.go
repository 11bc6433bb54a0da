package inbox

import (
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
	personID string
	at       time.Time
}

// noticesSince are notices of a person, the oldest first, which belong to all who asked for them.
type noticesSince struct {
	list    []*Notice
	tooMany bool // so many came to all who asked that each has to read their own, by pages
}

// maxTogether is how many notices are read at once for all who ask.
const maxTogether = 2000

// readSince reads the notices of many people, each since an instant.
func (s *Service) readSince(ctx context.Context, asked []since) (map[since]noticesSince, error) {
	found := make(map[since]noticesSince, len(asked))
	for some := range slices.Chunk(asked, lookAtOnce) {
		people, first := make([]string, len(some)), some[0].at
		for i, q := range some {
			people[i] = q.personID
			if q.at.Before(first) {
				first = q.at
			}
		}
		list, err := s.store.noticesOfAll(ctx, distinct(people), first, maxTogether)
		if err != nil {
			return nil, err
		}
		of := map[string][]*Notice{}
		for _, n := range list {
			of[n.PersonID] = append(of[n.PersonID], n)
		}
		for _, q := range some {
			own := slices.DeleteFunc(slices.Clone(of[q.personID]), func(n *Notice) bool { return n.CreatedAt.Before(q.at) })
			found[q] = noticesSince{list: own, tooMany: len(list) == maxTogether}
		}
	}
	return found, nil
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
