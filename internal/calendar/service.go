package calendar

import (
	"context"
	"time"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/ical"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/secret"
)

// Dates are the dates of events, of one group or of all groups of an area.
type Dates struct {
	// Within is a page of those that are published and that the viewer sees, soonest first, with cursors of
	// booking.ListWithin.
	Within func(ctx context.Context, groupID, areaID *string, span Span, a page.Args) (*EntryConnection, error)
	// Feed are those that have not ended by an instant, for calendar programs, with those that were cancelled.
	Feed func(ctx context.Context, groupID, areaID string, from time.Time, limit int) ([]ical.Event, error)
}

// Sessions are the sessions of the courses for an area.
type Sessions struct {
	// Within is a page of those of courses that take or took place, soonest first.
	Within func(ctx context.Context, areaID string, span Span, a page.Args) (*EntryConnection, error)
	// Feed are the first that have not ended by an instant, for calendar programs, with those that were cancelled.
	Feed func(ctx context.Context, areaID string, from time.Time, limit int) ([]ical.Event, error)
}

// Deps are what the service works with.
type Deps struct {
	DB        *mongodb.DB
	Outbox    *outbox.Outbox
	Keys      *idempotency.Keys
	Secrets   secret.Keys
	NewID     id.Maker
	PublicURL string // where the server is reached from outside; empty: addresses begin with their path
	Sources   []Source
	Dates     Dates
	Sessions  Sessions
	People    interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
	}
	Groups interface {
		Get(ctx context.Context, groupID string) (*group.Group, error)
	}
	Areas interface {
		Find(ctx context.Context, areaID, slug *string) (*area.Area, error)
	}
}

// Service shows calendars, and lets people follow them.
type Service struct {
	Deps
	store store
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}}
	d.Outbox.Watch(feeds)
	outbox.On(d.Outbox, group.EffectAccessEnded, "calendar.feeds", func(ctx context.Context, _ outbox.Call, a group.AccessEnded) error {
		return s.endFeed(ctx, a)
	})
	idempotency.Shows(d.Keys, func(ctx context.Context, kept *Feed) (*Feed, error) {
		f, err := s.store.get(ctx, kept.ID)
		if err == nil {
			s.address(f)
		}
		return f, err
	})
	return s
}

// Feed is the viewer's feed of a calendar, with its address, which it gets when somebody asks for it first. Returns Problems,
// NotFound for a group of which the viewer may not know and for an unknown area, and Forbidden for a group in which they are
// no member.
func (s *Service) Feed(ctx context.Context, in FeedScopeInput) (*Feed, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	var p fault.Problems
	of := in.clean(&p, "scope")
	if err := p.Err(); err != nil {
		return nil, err
	}
	if _, err := s.name(ctx, v, of); err != nil {
		return nil, err
	}
	f, err := s.store.get(ctx, of.feedID(v.PersonID))
	if fault.Is(err, fault.KindNotFound) {
		f = s.newFeed(v.PersonID, of, s.NewID(roundPrefix))
		s.address(f)
		if err := s.store.insert(ctx, f); !fault.Is(err, fault.KindConflict) {
			return f, err
		}
		f, err = s.store.get(ctx, f.ID) // another call was quicker
	}
	if err != nil || s.address(f) {
		return f, err
	}
	return f, s.store.know(ctx, f)
}

func (s *Service) newFeed(personID string, of scope, round string) *Feed {
	return &Feed{ID: of.feedID(personID), PersonID: personID, GroupID: of.GroupID, AreaID: of.AreaID, Round: round, CreatedAt: s.DB.Now(), Version: 1}
}

// Renew gives the viewer's feed another address, and the old one leads nowhere from then on. Returns what Feed returns, and
// VERSION_CONFLICT if it is renewed twice at once.
func (s *Service) Renew(ctx context.Context, in RenewFeedInput) (*Feed, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	of, err := in.clean()
	if err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: feeds, ID: of.feedID(v.PersonID)}
	call := idempotency.Call{Operation: "renewCalendarFeed", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Feed, error) {
		if _, err := s.name(ctx, v, of); err != nil {
			return nil, err
		}
		f := s.newFeed(v.PersonID, of, s.Keys.NewID(ctx, in.ClientMutationID, roundPrefix))
		s.address(f)
		before, err := s.store.get(ctx, ref.ID)
		if fault.UnlessNotFound(err) != nil {
			return nil, err
		}
		if err == nil {
			f.Version = before.Version + 1
		}
		return f, s.Outbox.Commit(ctx, ref, t.Outcome(f), func(b outbox.Batch) error {
			if f.Version > 1 {
				return s.store.renew(ctx, f, b)
			}
			f.Pending = b.Pending()
			return s.store.insert(ctx, f)
		})
	})
}

// name is what a calendar is called. It returns an error if the viewer may not follow it.
func (s *Service) name(ctx context.Context, v auth.Viewer, of scope) (string, error) {
	switch {
	case of.GroupID != "":
		g, err := s.Groups.Get(ctx, of.GroupID)
		if err != nil {
			return "", err
		}
		if !v.InGroup(g.ID) {
			return "", fault.Forbidden("group.not_member")
		}
		return g.Name, nil
	case of.AreaID != "":
		a, err := s.Areas.Find(ctx, &of.AreaID, nil)
		if err != nil {
			return "", err
		}
		return a.Name, nil
	}
	return i18n.Translate(auth.LanguageOf(ctx, nil), "calendar.own", nil), nil
}

// endFeed ends the feed of a group that somebody has left, so that its address leads nowhere also if they come back.
func (s *Service) endFeed(ctx context.Context, a group.AccessEnded) error {
	if a.PersonID == "" {
		return nil // members follow the group as before
	}
	found, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil {
		return err
	}
	p := found[a.PersonID]
	if p != nil && !p.Knows(a.GroupID, a.Version) {
		return errLateCopy
	}
	if p != nil && p.Admits() == nil && p.Viewer().InGroup(a.GroupID) {
		return nil
	}
	return s.store.remove(ctx, scope{GroupID: a.GroupID}.feedID(a.PersonID))
}
