package announcement

import (
	"cmp"
	"context"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
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
		Receiver(ctx context.Context, a person.HandedOver) (*person.Person, error)
	}
	Groups interface {
		Speakers(ctx context.Context, groupID, after string, limit int) ([]string, error)
		Require(ctx context.Context, groupID string, p group.Permission) (*group.Group, error)
		RequireIn(ctx context.Context, g *group.Group, p group.Permission) error
		Load(ctx context.Context, ids []string) (map[string]*group.Group, error)
	}
	// Hosts are the dates of events and the courses with those ids that there are, whoever may see them.
	Hosts    func(ctx context.Context, ids []string) (map[string]booking.Host, error)
	Bookings interface {
		OwnOf(ctx context.Context, bookableIDs []string) (map[string]*booking.Booking, error)
		InStates(ctx context.Context, bookableID string, states []booking.State, after string, limit int) ([]booking.Booking, error)
		Placed(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error)
	}
	// Notifier tells people, and reports how far it has come.
	Notifier Notifier
	// ApprovalOver is how many people an announcement may reach without a second
	// person's approval; nil: DefaultApprovalOver.
	ApprovalOver *int
}

// Notifier is the part of the notifier that announcements use.
type Notifier interface {
	Enqueue(ctx context.Context, c notify.Cause) error
	CountAudience(ctx context.Context, a notify.AudienceOf, limit int) (int, error)
	Preview(ctx context.Context, c notify.Cause, until time.Time) (notify.Preview, error)
	Running(ctx context.Context, keys []string) (map[string]bool, error)
	StopJob(ctx context.Context, key string, why notify.StopReason, detail string) error
	Report(ctx context.Context, key string) (notify.Report, error)
	Reports(ctx context.Context, keys []string) (map[string]*notify.Report, error)
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
	outbox.On(d.Outbox, person.EffectHandedOver, "announcement.handovers", func(ctx context.Context, _ outbox.Call, a person.HandedOver) error {
		return s.handOver(ctx, a)
	})
	outbox.On(d.Outbox, group.EffectHandedOver, "announcement.committees", func(ctx context.Context, _ outbox.Call, a group.HandedOver) error {
		return s.handCommittee(ctx, a)
	})
	timer.On(d.Timers, timerKeep, s.keep)
	timer.On(d.Timers, timerPublish, s.publishNow)
	timer.On(d.Timers, timerAsk, s.askAgain)
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
	a := &Announcement{GroupID: in.GroupID, AreaIDs: []string{}, PublishAt: in.PublishAt,
		Titles: i18n.Text{{Language: i18n.Danish, Text: in.Title}}, Texts: i18n.Text{{Language: i18n.Danish, Text: in.Text}}}
	call := idempotency.Call{Operation: "announceToGroup", Key: in.ClientMutationID, Input: in}
	return s.make(ctx, a, call, in.IsDraft, func(ctx context.Context) error {
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
	a := &Announcement{AreaIDs: in.AreaIDs, Titles: in.Title, Texts: in.Text, IsUrgent: in.IsUrgent, PublishAt: in.PublishAt}
	call := idempotency.Call{Operation: "broadcast", Key: in.ClientMutationID, Input: in}
	return s.make(ctx, a, call, in.IsDraft, func(ctx context.Context) error { return s.checkAreas(ctx, in.AreaIDs) })
}

func (s *Service) checkAreas(ctx context.Context, areaIDs []string) error {
	for _, areaID := range areaIDs {
		if err := s.Areas.Exists(ctx, areaID); err != nil {
			return err
		}
	}
	return nil
}

// make writes a new announcement, once check has passed.
func (s *Service) make(ctx context.Context, a *Announcement, call idempotency.Call, isDraft bool, check func(ctx context.Context) error) (*Announcement, error) {
	a.ID = s.Keys.NewID(ctx, call.Key, id.Announcement)
	a.AuthorID, a.CreatedAt, a.Version = auth.FromContext(ctx).PersonID, s.now(), 1
	call.On = []outbox.Ref{{Collection: collection, ID: a.ID}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Announcement, error) {
		if err := cmp.Or(check(ctx), checkAhead(a.PublishAt, s.now())); err != nil {
			return nil, err
		}
		a.State = StateDraft
		var effects []outbox.Effect
		if !isDraft {
			var err error
			if effects, err = s.goOn(ctx, a); err != nil {
				return nil, err
			}
		}
		if a.isMunicipal() {
			effects = append(effects, s.entry(ctx, call.Operation, a))
		}
		var old *Announcement
		err := s.withSlot(ctx, a, func() (err error) {
			// An earlier try of the same call may have made it.
			if old, err = s.store.find(ctx, a.ID); old != nil || err != nil {
				return err
			}
			return s.insert(ctx, a, effects, t)
		})
		if old != nil {
			return old, err
		}
		return a, err
	})
}

// insert writes the announcement with its effects. Returns Conflict if its slot, or its id, is taken.
func (s *Service) insert(ctx context.Context, a *Announcement, effects []outbox.Effect, t idempotency.Token) error {
	a.setListings()
	a.Names = a.people()
	ref := outbox.Ref{Collection: collection, ID: a.ID}
	return s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(a)...), func(b outbox.Batch) error {
		a.Pending = b.Pending()
		return s.store.insert(ctx, a)
	})
}
