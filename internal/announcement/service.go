package announcement

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// DefaultApprovalOver is how many people an announcement may reach without a second person's
// approval, unless the configuration sets another number.
const DefaultApprovalOver = 1000

// The limits of announcements a day, by the municipality's calendar.
const (
	groupADay     = 3 // in one group
	broadcastsDay = 5
	authorADay    = 10 // of one author, wherever they speak
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Timers *timer.Timers
	Audit  *audit.Log
	Areas  interface {
		Exists(ctx context.Context, areaID string) error
	}
	People interface {
		Officers(ctx context.Context, c auth.Capability) ([]*person.Person, error)
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
	}
	Groups interface {
		Speakers(ctx context.Context, groupID, after string, limit int) ([]string, error)
		Require(ctx context.Context, groupID string, p group.Permission) (*group.Group, error)
		Load(ctx context.Context, ids []string) (map[string]*group.Group, error)
	}
	// Notifier tells people, and reports how far it has come.
	Notifier Notifier
	// ApprovalOver is how many people an announcement may reach without a second
	// person's approval; nil: DefaultApprovalOver.
	ApprovalOver *int
}

// Notifier is the part of the notifier that announcements use.
type Notifier interface {
	CountAudience(ctx context.Context, a notify.AudienceOf, limit int) (int, error)
	Preview(ctx context.Context, c notify.Cause, until time.Time) (notify.Preview, error)
	Running(ctx context.Context, keys []string) (map[string]bool, error)
	StopJob(ctx context.Context, key string, why notify.StopReason, detail string) error
	Report(ctx context.Context, key string) (notify.Report, error)
}

// Service is what can be done with announcements.
type Service struct {
	Deps
	store        store
	approvalOver int
}

// effectStop is the kind of the effect that stops an announcement on its way.
const effectStop = "announcement.stop"

type stopArgs struct{ Key, By string }

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}, approvalOver: DefaultApprovalOver}
	if d.ApprovalOver != nil {
		s.approvalOver = *d.ApprovalOver
	}
	d.Outbox.Watch(collection)
	outbox.On(d.Outbox, effectStop, "announcement.jobs", func(ctx context.Context, _ outbox.Call, a stopArgs) error {
		return s.Notifier.StopJob(ctx, a.Key, notify.StopByPerson, "stopped by "+a.By)
	})
	timer.On(d.Timers, timerKeep, s.keep)
	idempotency.ShowsByID(d.Keys, func(a *Announcement) string { return a.ID }, s.ByIDs)
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// ToGroup announces something to a group's members. Returns Problems, NotFound, Forbidden
// without the permission SPEAK_FOR_GROUP, and Exhausted if the viewer has made enough
// announcements today, in the group or in all.
func (s *Service) ToGroup(ctx context.Context, in GroupInput) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	a := &Announcement{GroupID: in.GroupID, AreaIDs: []string{},
		Titles: i18n.Text{{Language: i18n.Danish, Text: in.Title}}, Texts: i18n.Text{{Language: i18n.Danish, Text: in.Text}}}
	call := idempotency.Call{Operation: "announceToGroup", Key: in.ClientMutationID, Input: in}
	return s.make(ctx, a, call, groupADay, func(ctx context.Context) error {
		g, err := s.Groups.Require(ctx, in.GroupID, group.SpeakForGroup)
		if err == nil {
			a.GroupName = g.Name
		}
		return err
	})
}

// Broadcast announces something to areas or to everybody. Only for people with BROADCAST.
// Returns Forbidden, Problems, NotFound for an unknown area, and Exhausted if the viewer has
// made enough announcements today.
func (s *Service) Broadcast(ctx context.Context, in BroadcastInput) (*Announcement, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityBroadcast); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	a := &Announcement{AreaIDs: in.AreaIDs, Titles: in.Title, Texts: in.Text}
	call := idempotency.Call{Operation: "broadcast", Key: in.ClientMutationID, Input: in}
	return s.make(ctx, a, call, broadcastsDay, func(ctx context.Context) error { return s.checkAreas(ctx, in.AreaIDs) })
}

func (s *Service) checkAreas(ctx context.Context, areaIDs []string) error {
	for _, areaID := range areaIDs {
		if err := s.Areas.Exists(ctx, areaID); err != nil {
			return err
		}
	}
	return nil
}

// make writes a new announcement, once check has passed. Its id is one of the author's few slots of the day, so that
// calls at once cannot make more announcements than there are slots. Whoever knows the author's
// id cannot compute it.
func (s *Service) make(ctx context.Context, a *Announcement, call idempotency.Call, aDay int, check func(ctx context.Context) error) (*Announcement, error) {
	v := auth.FromContext(ctx)
	now := s.now()
	slots := make([]string, authorADay)
	for i := range slots {
		slots[i] = id.Derive(id.Announcement, v.PersonID, v.Account, clock.Day(now, clock.Copenhagen), strconv.Itoa(i))
		call.On = append(call.On, outbox.Ref{Collection: collection, ID: slots[i]})
	}
	a.AuthorID, a.CreatedAt, a.Version, a.State = v.PersonID, now, 1, StateSent
	if call.Key != nil {
		a.MutationKey = id.Derive(id.Announcement, "call", *call.Key)
	}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Announcement, error) {
		if err := check(ctx); err != nil {
			return nil, err
		}
		people, err := s.Notifier.CountAudience(ctx, a.audience(), s.approvalOver+1)
		if err != nil {
			return nil, err
		}
		if people > s.approvalOver {
			a.State = StatePending
		}
		// Another call may take a slot first. Each turn then finds one more slot taken.
		for range len(slots) + 1 {
			old, err := s.takeSlot(ctx, a, slots, aDay)
			if old != nil || err != nil {
				return old, err
			}
			err = s.insert(ctx, a, call.Operation, t)
			if !fault.Is(err, fault.KindConflict) {
				return a, err
			}
		}
		return nil, tooMany(s.now(), "announcement.too_many_in_all", authorADay)
	})
}

// takeSlot gives the announcement the first free slot of the day. Slots are taken in their
// order and never given back, so a call that inserts under a slot has counted all before it.
// old is the announcement if an earlier try of the same call has made it. Returns Exhausted
// if the author has made enough today, in this group or in all.
func (s *Service) takeSlot(ctx context.Context, a *Announcement, slots []string, aDay int) (old *Announcement, err error) {
	taken, err := s.store.byIDs(ctx, slots)
	if err != nil {
		return nil, err
	}
	here := 0
	for _, other := range taken {
		if a.MutationKey != "" && other.MutationKey == a.MutationKey {
			return other, nil
		}
		if other.scope() == a.scope() {
			here++
		}
	}
	free := slices.IndexFunc(slots, func(slot string) bool { return taken[slot] == nil })
	switch {
	case here >= aDay:
		return nil, tooMany(s.now(), "announcement.too_many", aDay)
	case free < 0:
		return nil, tooMany(s.now(), "announcement.too_many_in_all", authorADay)
	}
	a.ID = slots[free]
	return nil, nil
}

func tooMany(now time.Time, key string, most int) error {
	tomorrow := clock.NextAt(now, clock.Copenhagen, "00:00")
	return fault.Exhausted(key, tomorrow.Sub(now)).With("Max", most)
}

// insert writes the announcement with its effects. Returns Conflict if its slot is taken.
func (s *Service) insert(ctx context.Context, a *Announcement, operation string, t idempotency.Token) error {
	var effects []outbox.Effect
	if a.State == StateSent {
		effects = s.send(a)
	} else {
		effects = append(effects, notify.Effect(a.waits()))
	}
	if a.GroupID == "" {
		effects = append(effects, s.entry(ctx, operation, a))
	}
	a.setListings()
	a.Names = a.people()
	ref := outbox.Ref{Collection: collection, ID: a.ID}
	return s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(a)...), func(b outbox.Batch) error {
		a.Pending = b.Pending()
		return s.store.insert(ctx, a)
	})
}

// send are the effects that tell people, for the write that decides to send.
func (s *Service) send(a *Announcement) []outbox.Effect {
	now := s.now()
	a.State, a.SentAt = StateSent, &now
	return []outbox.Effect{notify.Effect(a.cause()), timer.Effect(a.keepTimer(now))}
}
