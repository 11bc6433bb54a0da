package inbox

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"faellesskab/internal/fault"
)

// feedLook is how often a process looks for notices that the bus did not report, and
// checks whether its listeners may still listen.
const feedLook = 30 * time.Second

// restOfCount is how long a listener rests who was woken by what others wrote. What is in demand is written many
// times a second, and all who have unread news of it would count each time.
const restOfCount = 2 * time.Second

// lookAtOnce is how many people one query asks about.
const lookAtOnce = 500

// feed wakes the people who follow their inbox live.
type feed struct {
	store    store
	log      *slog.Logger
	admitted func(ctx context.Context, ids []string) (map[string]bool, error)

	mu        sync.Mutex
	listeners map[string]map[*listener]struct{} // by person
	watched   map[string]map[*listener]struct{} // by the id of a document on which their unread notices depend
	looked    time.Time                         // when the last successful look began
}

func newFeed(s store, d Deps) *feed {
	f := &feed{store: s, log: d.Log, admitted: d.Admitted, listeners: map[string]map[*listener]struct{}{}, watched: map[string]map[*listener]struct{}{}}
	d.Bus.Listen(notices, f.changed)
	return f
}

// changed wakes the people whose notices were written, or everybody if it is not known
// whose they were.
func (f *feed) changed(noticeIDs []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(noticeIDs) == 0 {
		for _, theirs := range f.listeners {
			for l := range theirs {
				l.wake()
			}
		}
	}
	for _, noticeID := range noticeIDs {
		personID := readerOf(noticeID)
		for l := range f.listeners[personID] {
			l.wake()
		}
	}
}

// written wakes the people whose unread notices depend on documents that were written. What the bus may
// have missed is found with the notices.
func (f *feed) written(ids []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, docID := range ids {
		for l := range f.watched[docID] {
			f.rouse(l)
		}
	}
}

// rouse wakes a listener at once, or after their rest. The caller holds mu.
func (f *feed) rouse(l *listener) {
	if l.rests {
		l.missed = true
		return
	}
	l.rests = true
	l.wake()
	time.AfterFunc(restOfCount, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		missed := l.missed
		if l.rests, l.missed = false, false; missed {
			f.rouse(l)
		}
	})
}

// watch has the listener woken when one of these documents is written, and when a notice has ended by
// the clock, instead of what they watched before.
func (f *feed) watch(l *listener, list []*Notice) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unwatch(l)
	if l.ctx.Err() != nil {
		return
	}
	now := f.store.db.Now()
	for _, n := range list {
		for _, docID := range n.dependsOn() {
			docID = strings.Clone(docID) // not the whole document of the notice, whose memory it shares
			if f.watched[docID] == nil {
				f.watched[docID] = map[*listener]struct{}{}
			}
			if _, known := f.watched[docID][l]; !known { // many notices are about one group
				f.watched[docID][l] = struct{}{}
				l.watches = append(l.watches, docID)
			}
		}
		if end := n.ExpiresAt; end != nil && end.After(now) && (l.endsAt.IsZero() || end.Before(l.endsAt)) {
			l.endsAt = *end
		}
	}
}

// unwatch ends what the listener watches. The caller holds mu.
func (f *feed) unwatch(l *listener) {
	for _, docID := range l.watches {
		if delete(f.watched[docID], l); len(f.watched[docID]) == 0 {
			delete(f.watched, docID)
		}
	}
	l.watches, l.endsAt = nil, time.Time{}
}

// wakeEnded wakes the listeners of whose notices one has ended by the clock.
func (f *feed) wakeEnded(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, theirs := range f.listeners {
		for l := range theirs {
			if !l.endsAt.IsZero() && !l.endsAt.After(now) {
				l.wake()
			}
		}
	}
}

// FollowWrites has unread notices counted anew when others write documents of these collections on which
// the notices depend. It is called before the bus runs.
func (s *Service) FollowWrites(collections []string) {
	for _, c := range collections {
		s.Bus.Listen(c, s.feed.written)
	}
}

// Listeners is how many feeds are followed live. A person may follow several, on several
// devices.
func (s *Service) Listeners() int {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	count := 0
	for _, l := range s.feed.listeners {
		count += len(l)
	}
	return count
}

// LookAfterFeeds does at once what Run does now and then: it ends the feeds of people
// who are banned or gone, and wakes people whom the bus did not tell of a notice.
func (s *Service) LookAfterFeeds(ctx context.Context) error { return s.feed.look(ctx) }

// Run looks after the live inboxes of this process until ctx ends.
func (s *Service) Run(ctx context.Context) { s.feed.run(ctx) }

// join adds a listener, who leaves when ctx ends.
func (f *feed) join(ctx context.Context, personID string) *listener {
	l := &listener{personID: personID, feed: f}
	l.ctx, l.leave = context.WithCancel(ctx)
	f.mu.Lock()
	if f.listeners[personID] == nil {
		f.listeners[personID] = map[*listener]struct{}{}
	}
	f.listeners[personID][l] = struct{}{}
	f.mu.Unlock()
	context.AfterFunc(l.ctx, l.end)
	return l
}

func (f *feed) remove(l *listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unwatch(l)
	delete(f.listeners[l.personID], l)
	if len(f.listeners[l.personID]) == 0 {
		delete(f.listeners, l.personID)
	}
}

// end ends the feeds of people who may no longer look at their inbox.
func (f *feed) end(personIDs []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, personID := range personIDs {
		for l := range f.listeners[personID] {
			l.leave()
		}
		delete(f.listeners, personID)
	}
}

// run looks now and then until ctx ends, since the bus does not promise to report
// everything.
func (f *feed) run(ctx context.Context) {
	tick := time.NewTicker(feedLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := fault.Catch(func() error { return f.look(ctx) })
		if err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "live inboxes were not looked after", "error", err, "stack", fault.StackOf(err))
		}
	}
}

// look ends the feeds of people who are banned or gone, and wakes people who have got
// a notice since the last look, in case the bus did not tell them.
func (f *feed) look(ctx context.Context) error {
	now := f.store.db.Now()
	f.mu.Lock()
	everybody := slices.Sorted(maps.Keys(f.listeners))
	if f.looked.IsZero() {
		f.looked = now.Add(-feedLook)
	}
	since := f.looked.Add(-lookBack)
	f.mu.Unlock()
	f.wakeEnded(now)
	for ids := range slices.Chunk(everybody, lookAtOnce) {
		admitted, err := f.admitted(ctx, ids)
		if err != nil {
			return err
		}
		var barred []string
		for _, personID := range ids {
			if !admitted[personID] {
				barred = append(barred, personID)
			}
		}
		f.end(barred)
		fresh, err := f.store.withNoticesSince(ctx, ids, since)
		if err != nil {
			return err
		}
		if len(fresh) > 0 {
			f.changed(fresh)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked = now
	return nil
}
