package announcement

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// around is what a person's standing depends on: the groups of announcements and the things that
// are booked, by id, and the viewer's own bookings.
type around struct {
	groups map[string]*group.Group
	hosts  map[string]booking.Host
	own    map[string]*booking.Booking
}

// has reports whether it is what an announcement is said in.
func (in around) has(a *Announcement) bool {
	return (a.GroupID == "" || in.groups[a.GroupID] != nil) && (a.Bookable == nil || in.hosts[a.Bookable.ID].MaySpeak != nil)
}

// surroundings are what the announcements are said in. The viewer's own bookings are not among them.
func (s *Service) surroundings(ctx context.Context, list ...*Announcement) (around, error) {
	var in around
	var groupIDs, bookableIDs []string
	for _, a := range list {
		if a.GroupID != "" && !slices.Contains(groupIDs, a.GroupID) {
			groupIDs = append(groupIDs, a.GroupID)
		}
		if a.Bookable != nil && !slices.Contains(bookableIDs, a.Bookable.ID) {
			bookableIDs = append(bookableIDs, a.Bookable.ID)
		}
	}
	var err error
	if len(groupIDs) > 0 {
		if in.groups, err = s.Groups.Load(ctx, groupIDs); err != nil {
			return in, err
		}
	}
	if len(bookableIDs) > 0 {
		in.hosts, err = s.Hosts(ctx, bookableIDs)
	}
	return in, err
}

// stand finds out what the viewer is to each announcement.
func (s *Service) stand(ctx context.Context, list ...*Announcement) error {
	in, err := s.lookAround(ctx, list...)
	if err != nil {
		return err
	}
	return s.standIn(ctx, in, list...)
}

// lookAround finds out what the viewer's standing depends on.
func (s *Service) lookAround(ctx context.Context, list ...*Announcement) (around, error) {
	in, err := s.surroundings(ctx, list...)
	if err == nil && len(in.hosts) > 0 {
		in.own, err = s.Bookings.OwnOf(ctx, slices.Collect(maps.Keys(in.hosts)))
	}
	return in, err
}

// standIn finds out what the viewer is to announcements in surroundings that are known.
func (s *Service) standIn(ctx context.Context, in around, list ...*Announcement) error {
	v := auth.FromContext(ctx)
	for _, a := range list {
		st := s.standingIn(in, v, a)
		a.standing = &st
	}
	return s.standOnTheWay(ctx, list)
}

// standOnTheWay finds out which of the announcements that the viewer answers for are still on their
// way. One that the notifier does not know yet is, and no way takes longer than keepAfter.
func (s *Service) standOnTheWay(ctx context.Context, list []*Announcement) error {
	var sent []*Announcement
	var keys []string
	for _, a := range list {
		if a.State == StateSent && a.standing.answers() && a.wasSent() && a.SentAt.After(s.now().Add(-keepAfter)) {
			sent, keys = append(sent, a), append(keys, a.key())
		}
	}
	if len(sent) == 0 {
		return nil
	}
	running, err := s.Notifier.Running(ctx, keys)
	for _, a := range sent {
		isRunning, known := running[a.key()]
		a.standing.isOnItsWay = isRunning || !known
	}
	return err
}

// standingIn is what a person is to an announcement.
func (s *Service) standingIn(in around, v auth.Viewer, a *Announcement) standing {
	st := standing{isAuthor: a.AuthorID != "" && a.AuthorID == v.PersonID, isStaff: v.Can(auth.CapabilityBroadcast, s.now())}
	st.wasAuthor = a.wrote(v)
	st.hasCorrected = a.Proposed != nil && a.Proposed.AuthorID == v.PersonID
	waitsForStaff := a.waits() || a.State == StateScheduled && a.Decided.ApprovedAt != nil
	switch {
	case a.isMunicipal():
		st.isMember, st.isOpen = !v.IsAnonymous(), true
	case a.Bookable != nil:
		host := in.hosts[a.Bookable.ID]
		st.mayPost = host.MaySpeak != nil && host.MaySpeak(v, s.now())
		st.isMember = a.Bookable.isFor(in.own[a.Bookable.ID])
		st.isOpen = host.MaySpeak != nil
		st.isStaff = st.isStaff && waitsForStaff
	case in.groups[a.GroupID] != nil:
		g := in.groups[a.GroupID]
		st.mayPost = g.Allows(v, group.SpeakForGroup, s.now())
		st.isMember = g.CanSee(v, s.now()) && g.CanSeeContent(v)
		st.isOpen = g.ArchivedAt == nil
		// In groups, staff decide about announcements that wait for them, and can
		// stop those that everybody sees. The rest is the group's own business.
		st.isStaff = st.isStaff && (waitsForStaff || a.wasSent() && g.CanSeeContent(v))
	}
	return st
}

func (s *Service) visible(ctx context.Context, announcementID string) (*Announcement, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	a, err := s.store.get(ctx, announcementID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("announcement.not_found")
	}
	if err != nil {
		return nil, err
	}
	if err := s.stand(ctx, a); err != nil {
		return nil, err
	}
	if !a.standing.canSee(a) {
		return nil, fault.NotFound("announcement.not_found")
	}
	return a, nil
}

// ByIDs are the announcements with those ids, by id. Announcements that the viewer may not
// see are missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Announcement, error) {
	found, err := s.store.byIDs(ctx, ids)
	if err != nil || len(found) == 0 {
		return found, err
	}
	if err := s.stand(ctx, slices.Collect(maps.Values(found))...); err != nil {
		return nil, err
	}
	maps.DeleteFunc(found, func(_ string, a *Announcement) bool { return !a.standing.canSee(a) })
	return found, nil
}

// Can are the actions that the server would accept from the viewer now.
func (s *Service) Can(ctx context.Context, a *Announcement) ([]Action, error) {
	st, err := s.standingOf(ctx, a)
	if err != nil {
		return nil, err
	}
	return st.can(a), nil
}

// Decisions say who decided about an announcement; nil for viewers who are not responsible for it.
func (s *Service) Decisions(ctx context.Context, a *Announcement) (*Decisions, error) {
	st, err := s.standingOf(ctx, a)
	if err != nil || !st.answers() {
		return nil, err
	}
	return &a.Decided, nil
}

// Correction is the correction that waits; nil for viewers who are not responsible for the announcement.
func (s *Service) Correction(ctx context.Context, a *Announcement) (*Correction, error) {
	if a.Proposed == nil {
		return nil, nil //nolint:nilnil // none waits
	}
	st, err := s.standingOf(ctx, a)
	if err != nil || !st.answers() {
		return nil, err
	}
	return a.Proposed, nil
}

// standingOf is the viewer's standing. Lists and loaders have found it out already. For an
// announcement that comes from a mutation it is found out here, and not stored in it, since
// fields are resolved at the same time.
func (s *Service) standingOf(ctx context.Context, a *Announcement) (standing, error) {
	if a.standing != nil {
		return *a.standing, nil
	}
	asked := *a
	if err := s.stand(ctx, &asked); err != nil {
		return standing{}, err
	}
	return *asked.standing, nil
}

const listName = "announcements"

// List is a page of the announcements of a group, of what people have booked, or of the municipality,
// newest first: the sent ones, unless the filter names other states. Other states are for people who
// answer for them, who are people who may announce there and people with BROADCAST. For the latter the
// announcements that wait in all groups are one list. Returns Problems, NotFound for a group or something
// booked the viewer may not know of, and Forbidden.
func (s *Service) List(ctx context.Context, f *Filter, a page.Args) (*Connection, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	k, err := a.OpenTime(listName)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &Filter{}
	}
	if err := f.clean(); err != nil {
		return nil, err
	}
	probes := f.probes()
	in, err := s.lookAroundList(ctx, f, probes)
	if err != nil {
		return nil, err
	}
	if err := s.standIn(ctx, in, probes...); err != nil {
		return nil, err
	}
	names, err := f.lists(probes)
	if err != nil {
		return nil, err
	}
	return page.Walk[*Announcement]{List: listName,
		Position: func(x *Announcement) page.Position {
			return page.Position{Key: page.TimeKey(x.ListedAt), ID: x.ID}
		},
		Read: func(k page.Keyset) ([]*Announcement, error) { return s.store.list(ctx, names, k) },
		Keep: func(list []*Announcement) ([]*Announcement, error) {
			// A message may be for some of the people with a booking only.
			err := s.standAgain(ctx, in, list)
			return slices.DeleteFunc(list, func(x *Announcement) bool { return !x.standing.canSee(x) }), err
		}}.Page(a, k)
}

// lookAroundList is lookAround for what a list may have. The filter's group need not be read again.
func (s *Service) lookAroundList(ctx context.Context, f *Filter, probes []*Announcement) (around, error) {
	if g := f.Group; g != nil && f.GroupID != nil && g.ID == *f.GroupID {
		return around{groups: map[string]*group.Group{g.ID: g}}, nil
	}
	return s.lookAround(ctx, probes...)
}

// standAgain is standIn for what a list has found, unless some of it is said elsewhere, as in the list of all
// that waits.
func (s *Service) standAgain(ctx context.Context, in around, list []*Announcement) error {
	if slices.ContainsFunc(list, func(a *Announcement) bool { return !in.has(a) }) {
		return s.stand(ctx, list...)
	}
	return s.standIn(ctx, in, list...)
}

// lists names the lists that the filter asks for, of which there is a probe each. Returns NotFound for a
// group whose announcements the viewer does not see, and Forbidden for states that only people see who
// answer for the announcements.
func (f *Filter) lists(probes []*Announcement) ([]string, error) {
	names := make([]string, len(probes))
	for i, probe := range probes {
		scope := probe.scope()
		switch st := probe.standing; {
		case !st.isMember && !st.answers():
			return nil, f.missing()
		case probe.State != StateSent && !st.answers():
			return nil, unlisted(probe.State)
		case probe.isMunicipal() && probe.State == StatePending:
			scope = listAll
		}
		names[i] = listing(scope, probe.State)
	}
	return names, nil
}

// unlisted refuses a list of announcements that have not been sent.
func unlisted(s State) *fault.Error {
	switch s {
	case StateRejected:
		return fault.Forbidden("announcement.rejected.hidden")
	case StateStopped:
		return fault.Forbidden("announcement.stopped.hidden")
	case StateDraft, StateScheduled:
		return fault.Forbidden("announcement.unpublished.hidden")
	}
	return fault.Forbidden("announcement.pending.hidden")
}
