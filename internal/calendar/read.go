package calendar

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/ical"
)

const (
	// maxEvents is how many dates a calendar program is given at most.
	maxEvents = 1000
	// shownBack is for how many months back it is given them, and refresh how often it should ask again.
	shownBack = 2
	refresh   = time.Hour
)

// Read is the calendar to which a secret leads, as its person sees it now. Returns NotFound if the secret leads nowhere, or
// the person may follow the calendar no longer.
func (s *Service) Read(ctx context.Context, secret string) (*ical.Calendar, error) {
	gone := fault.NotFound("calendar.not_found")
	f, err := s.store.byHash(ctx, hashOf(secret))
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, gone
	}
	found, err := s.People.Load(ctx, []string{f.PersonID})
	if err != nil {
		return nil, err
	}
	p := found[f.PersonID]
	if p == nil || p.Admits() != nil {
		return nil, gone
	}
	v := p.Viewer()
	ctx = auth.WithViewer(ctx, v)
	name, err := s.name(ctx, v, scope{f.GroupID, f.AreaID})
	if fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindNotFound) {
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	events, err := s.events(ctx, f)
	return &ical.Calendar{Name: name, Refresh: refresh, Events: events}, err
}

// events are the dates of a feed, in order. They go back to the beginning of a month, so that the calendar is the same
// from one day to the next if nothing has changed.
func (s *Service) events(ctx context.Context, f *Feed) ([]ical.Event, error) {
	now := s.DB.Now().UTC()
	from := time.Date(now.Year(), now.Month()-shownBack, 1, 0, 0, 0, 0, time.UTC)
	all, err := s.read(ctx, f, from)
	if err != nil {
		return nil, err
	}
	ical.Sort(all)
	return all[:min(len(all), maxEvents)], nil
}

// read are the dates of a feed from an instant on, of each noun the first.
func (s *Service) read(ctx context.Context, f *Feed, from time.Time) ([]ical.Event, error) {
	var all []ical.Event
	if f.GroupID+f.AreaID != "" {
		all, err := s.Dates.Feed(ctx, f.GroupID, f.AreaID, from, maxEvents)
		if err != nil || f.AreaID == "" {
			return all, err
		}
		sessions, err := s.Sessions.Feed(ctx, f.AreaID, from, maxEvents)
		return append(all, sessions...), err
	}
	for _, source := range s.Sources {
		some, err := source.feed(ctx, from, maxEvents)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}
