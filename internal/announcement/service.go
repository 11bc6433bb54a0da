package announcement

import (
	"context"
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
	"faellesskab/internal/timer"
)

// DefaultApprovalOver is how many people an announcement may reach without a
// second person's approval, unless configured otherwise.
const DefaultApprovalOver = 1000

// The limits of who speaks: how often a day, by the municipality's calendar.
const (
	groupADay     = 3 // in one group
	broadcastsDay = 5
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
	Groups interface {
		Require(ctx context.Context, groupID string, p group.Permission) (*group.Group, error)
		Load(ctx context.Context, ids []string) (map[string]*group.Group, error)
	}
	// Notifier tells people, and how far it has come.
	Notifier Notifier
	// ApprovalOver is how many people an announcement may reach without a second
	// person's approval; nil: DefaultApprovalOver.
	ApprovalOver *int
}

// Notifier is what of the notifier is used.
type Notifier interface {
	CountAudience(ctx context.Context, a notify.Audience, limit int) (int, error)
	Preview(ctx context.Context, c notify.Cause, until time.Time) (notify.Preview, error)
	StopJob(ctx context.Context, key string, why notify.StopReason, detail string) error
	Report(ctx context.Context, key string) (notify.Report, error)
}

// Service is what can be done with announcements.
type Service struct {
	Deps
	store        store
	approvalOver int
}

// effectStop is the kind of the effect that stops what is on its way.
const effectStop = "announcement.stop"

type stopArgs struct{ Key, By string }

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}, approvalOver: DefaultApprovalOver}
	if d.ApprovalOver != nil {
		s.approvalOver = *d.ApprovalOver
	}
	d.Outbox.Watch(collection)
	d.Outbox.Handle(effectStop, func(ctx context.Context, call outbox.Call) error {
		var a stopArgs
		if err := call.Decode(&a); err != nil {
			return err
		}
		return s.Notifier.StopJob(ctx, a.Key, notify.StopByPerson, "stopped by "+a.By)
	})
	d.Timers.Handle(timerKeep, s.keep)
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// ToGroup announces something to a group's members. Returns Problems, NotFound,
// Forbidden without the permission POST_EVENTS, and Exhausted for who has
// announced enough in the group today.
func (s *Service) ToGroup(ctx context.Context, in GroupInput) (*Announcement, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	g, err := s.Groups.Require(ctx, in.GroupID, group.PostEvents)
	if err != nil {
		return nil, err
	}
	a := &Announcement{GroupID: g.ID, GroupName: g.Name, AreaIDs: []string{},
		Titles: i18n.Text{{Language: i18n.Danish, Text: in.Title}}, Texts: i18n.Text{{Language: i18n.Danish, Text: in.Text}}}
	return s.make(ctx, a, idempotency.Call{Operation: "announceToGroup", Key: in.ClientMutationID, Input: in}, groupADay)
}

// Broadcast announces something to areas or to everybody. Only for staff. Returns
// Forbidden, Problems, NotFound for an unknown area, and Exhausted for who has
// announced enough today.
func (s *Service) Broadcast(ctx context.Context, in BroadcastInput) (*Announcement, error) {
	if _, err := auth.RequireRole(ctx, auth.RoleStaff); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	if err := s.checkAreas(ctx, in.AreaIDs); err != nil {
		return nil, err
	}
	a := &Announcement{AreaIDs: append([]string{}, in.AreaIDs...), Titles: in.Title, Texts: in.Text}
	return s.make(ctx, a, idempotency.Call{Operation: "broadcast", Key: in.ClientMutationID, Input: in}, broadcastsDay)
}

func (s *Service) checkAreas(ctx context.Context, areaIDs []string) error {
	for _, areaID := range areaIDs {
		if err := s.Areas.Exists(ctx, areaID); err != nil {
			return err
		}
	}
	return nil
}

// make writes a new announcement. Its id is one of the author's few slots of the
// day, so no two calls at once can take more of them than there are.
func (s *Service) make(ctx context.Context, a *Announcement, call idempotency.Call, aDay int) (*Announcement, error) {
	v := auth.FromContext(ctx)
	now := s.now()
	slots := make([]string, aDay)
	for i := range slots {
		slots[i] = id.Derive(id.Announcement, v.PersonID, a.scope(), clock.Day(now, clock.Copenhagen), strconv.Itoa(i))
		call.On = append(call.On, outbox.Ref{Collection: collection, ID: slots[i]})
	}
	a.AuthorID, a.CreatedAt, a.Version, a.State = v.PersonID, now, 1, StateSent
	if call.Key != nil {
		a.MutationKey = *call.Key
	}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Announcement, error) {
		people, err := s.Notifier.CountAudience(ctx, a.audience(), s.approvalOver+1)
		if err != nil {
			return nil, err
		}
		if people > s.approvalOver {
			a.State = StatePending
		}
		for _, a.ID = range slots {
			var effects []outbox.Effect
			if a.State == StateSent {
				effects = s.send(a)
			}
			if a.GroupID == "" {
				effects = append(effects, s.entry(ctx, call.Operation, a))
			}
			a.setListings()
			b := s.Outbox.Batch(append(effects, t.Outcome(a)...)...)
			a.Pending = b.Pending()
			err := s.store.insert(ctx, a)
			if fault.Is(err, fault.KindConflict) {
				if old := s.made(ctx, a); old != nil {
					return old, nil
				}
				continue
			}
			if err != nil {
				return nil, err
			}
			s.Outbox.Carry(ctx, outbox.Ref{Collection: collection, ID: a.ID}, b)
			return a, nil
		}
		tomorrow := clock.NextAt(now, clock.Copenhagen, "00:00")
		return nil, fault.Exhausted("announcement.too_many", tomorrow.Sub(now)).With("Max", aDay)
	})
}

// made is the announcement in the slot if an earlier try of this very call has
// made it.
func (s *Service) made(ctx context.Context, a *Announcement) *Announcement {
	old, err := s.store.get(ctx, a.ID)
	if err != nil || a.MutationKey == "" || old.MutationKey != a.MutationKey {
		return nil
	}
	return old
}

// send makes people be told: the effects of the write that decides it.
func (s *Service) send(a *Announcement) []outbox.Effect {
	now := s.now()
	a.State, a.SentAt = StateSent, &now
	return []outbox.Effect{notify.Effect(a.cause()), timer.Effect(a.keepTimer(now))}
}
