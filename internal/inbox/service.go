package inbox

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/bus"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// MarkReadInput are notices the viewer has read.
type MarkReadInput struct {
	ClientMutationID *string
	NoticeIDs        []string
}

// Clean checks the input. Returns Problems.
func (in *MarkReadInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if len(in.NoticeIDs) > 100 {
		p.Add(fault.Invalid("input.noticeIds", "list.long").With("Max", 100))
	}
	for i, s := range in.NoticeIDs {
		if !IsNoticeID(s) {
			p.Add(fault.BadID("input.noticeIds." + strconv.Itoa(i)))
		}
	}
	return p.Err()
}

// Deps are what the inbox works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Bus    *bus.Bus
	News   *notify.Registry
	// Admitted tells which of these people may look at their inbox.
	Admitted func(ctx context.Context, ids []string) (map[string]bool, error)
	// Names are the names of people whom news is about, by id. Those who show none have none.
	Names func(ctx context.Context, ids []string) (map[string]string, error)
	// Recall has notices of a person that need no more attention taken off their phones' screens. It is told a
	// moment before they need none, so that it is not forgotten.
	Recall func(ctx context.Context, personID string, noticeIDs []string) error
	// Viewers are these people as viewers, by id. Those who may not look at their inbox are missing.
	Viewers func(ctx context.Context, ids []string) (map[string]auth.Viewer, error)
	// Refresh brings the viewer of a subscription up to date. Returns Forbidden for
	// people who may not look any more.
	Refresh func(ctx context.Context) error
	Log     *slog.Logger
}

// Service lets people read their notices.
type Service struct {
	Deps
	standing
	feed  *feed
	fresh *together[since, noticesSince]
	shows *together[*Notice, shownTo]
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.WatchOwned(notices, byPerson)
	st := store{db: d.DB, kinds: d.News.Kinds}
	s := &Service{Deps: d, standing: standing{store: st, news: d.News, log: d.Log}, feed: newFeed(st, d)}
	s.fresh, s.shows = newTogether(s.readSince), newTogether(s.showAll)
	idempotency.ShowsByID(d.Keys, func(n *Notice) string { return n.ID }, s.ByIDs)
	return s
}

// ByIDs are the viewer's own notices with those ids, by id.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Notice, error) {
	found, err := s.store.ByIDs(ctx, ids)
	for noticeID, n := range found {
		if n.PersonID != auth.FromContext(ctx).PersonID || n.Hidden || !s.News.Kinds.Know(n.Kind) {
			delete(found, noticeID)
		}
	}
	if err != nil {
		return nil, err
	}
	return found, s.present(ctx, slices.Collect(maps.Values(found)), only(ctx))
}

// Readers are these people as readers of their notices, by id: in the viewer's language, by the
// clock of their own zone. It never fails, because a notice is worth showing by the clock of
// Copenhagen too: settings that cannot be read count as none.
func (s *Service) Readers(ctx context.Context, personIDs []string) (map[string]i18n.Reader, error) {
	settings, damaged, err := s.store.SettingsOf(ctx, personIDs)
	if err := errors.Join(damaged, err); err != nil {
		s.Log.WarnContext(ctx, "notices are shown by the usual clock", "error", err)
	}
	readers := make(map[string]i18n.Reader, len(personIDs))
	for _, personID := range personIDs {
		of := settings[personID]
		readers[personID] = s.Reader(ctx, &of)
	}
	return readers, nil
}

// Reader is the viewer's language and the clock of settings.
func (s *Service) Reader(ctx context.Context, of *notify.Settings) i18n.Reader {
	return of.Reader(auth.LanguageOf(ctx, nil), s.DB.Now())
}

// MarkRead marks notices of the viewer as read and returns how many are still unread.
// Returns Problems, and NotFound if one is not the viewer's.
func (s *Service) MarkRead(ctx context.Context, in MarkReadInput) (int, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return 0, err
	}
	if err := in.Clean(); err != nil {
		return 0, err
	}
	call := idempotency.Call{Operation: "markNoticesRead", Key: in.ClientMutationID, Input: in}
	_, err = idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) (bool, error) {
		found, err := s.ByIDs(ctx, in.NoticeIDs)
		if err != nil {
			return false, err
		}
		for _, noticeID := range in.NoticeIDs {
			if found[noticeID] == nil {
				return false, notFound("input.noticeIds")
			}
		}
		read := in.NoticeIDs
		for _, n := range found {
			read = append(slices.Clone(read), n.Items...) // whoever has read a summary has read what it sums up
		}
		if err := s.recall(ctx, v.PersonID, slices.Collect(maps.Values(found))); err != nil {
			return false, err
		}
		if err := s.store.markRead(ctx, v.PersonID, read); err != nil {
			return false, err
		}
		s.Bus.Tell(notices, read...)
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	return s.UnreadCount(ctx)
}

// OpenedInput is a notice the viewer has opened, or done something else with.
type OpenedInput struct {
	ClientMutationID *string
	NoticeID         string
	By               OpenedBy `json:",omitzero"`
}

// Clean checks the input. Returns Problems.
func (in *OpenedInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if !IsNoticeID(in.NoticeID) {
		p.Add(fault.BadID("input.noticeId"))
	}
	return p.Err()
}

// Opened notes that the viewer has opened a notice or answered it by a button, which makes it read, or that they
// have swiped its push away, which does not. Only the first time counts. Returns Problems, and NotFound if it is not the viewer's.
func (s *Service) Opened(ctx context.Context, in OpenedInput) (*Notice, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "noticeOpened", Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) (*Notice, error) {
		if err := s.react(ctx, v.PersonID, in); err != nil {
			return nil, err
		}
		found, err := s.ByIDs(ctx, []string{in.NoticeID})
		if err == nil && found[in.NoticeID] == nil {
			err = notFound("input.noticeId")
		}
		if err != nil {
			return nil, err
		}
		opened := found[in.NoticeID]
		if in.By == ByDismissal {
			return opened, nil
		}
		if len(opened.Items) > 0 { // whoever opens a summary reads what it sums up
			if err := s.store.markRead(ctx, v.PersonID, opened.Items); err != nil {
				return nil, err
			}
		}
		s.Bus.Tell(notices, append([]string{in.NoticeID}, opened.Items...)...)
		return opened, nil
	})
}
