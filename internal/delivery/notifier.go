package delivery

import (
	"context"
	"log/slog"

	"faellesskab/internal/bus"
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/push"
	"faellesskab/internal/timer"
)

// Device is an installation of the app that pushes go to.
type Device struct {
	ID       string
	PersonID string
	Language string
	push.Device
	notify.Phone      // what it lets through
	Doubted      bool // Firebase has called it bad lately
	Doubtful     bool // Firebase has called it bad so often that its answer says nothing about a message
	Rests        bool // nothing may be sent to it now, because Firebase called it bad so often
}

// Deps are what the notifier works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Sender push.Sender
	*notify.Registry
	// People are the recipients with those ids; unknown ones are missing.
	People func(ctx context.Context, ids []string) (map[string]notify.Recipient, error)
	// Erased are those of these people who have been erased.
	Erased func(ctx context.Context, ids []string) ([]string, error)
	// Devices are the devices of these people, by person and id.
	Devices func(ctx context.Context, personIDs []string) ([]Device, error)
	// AllRefuse finds those of these people whose every device refuses pushes of a family.
	AllRefuse func(ctx context.Context, f notify.Family, personIDs []string) (map[string]bool, error)
	// Discreet are those of these groups, and of these events by their groups, of which outsiders may not know. What
	// cannot be found counts as discreet.
	Discreet func(ctx context.Context, ids []string) (map[string]bool, error)
	// RemoveDevices forgets devices that Firebase no longer knows.
	RemoveDevices func(ctx context.Context, ids ...string) error
	// DoubtDevices notes that Firebase called devices bad for a piece of news that it
	// took for others. TrustDevice notes that it took one for a device that was doubted.
	DoubtDevices func(ctx context.Context, ids []string, news string) error
	TrustDevice  func(ctx context.Context, deviceID string) error
	Timers       *timer.Timers
	Bus          *bus.Bus
	Log          *slog.Logger
	// InFlight is how many pushes may be in flight at once; 0 for DefaultInFlight.
	InFlight int
	// AppURL is the base of the links that pushes in a browser open; empty: none.
	AppURL string
	// Owner names this process in leases.
	Owner string
}

// Notifier turns causes into notices and pushes.
type Notifier struct {
	Deps
	store  store
	keeper inbox.Keeper
	page   int // how many people are expanded at a time
	wake   chan struct{}
	recall chan struct{} // wakes who carries recalls out
	sent   *sent
	pool   *pool
	gates  *gates
}

// New makes the notifier and registers its effect.
func New(d Deps) *Notifier {
	s := store{db: d.DB, kinds: d.Kinds}
	n := &Notifier{Deps: d, store: s, page: pageSize, wake: make(chan struct{}, 1), recall: make(chan struct{}, 1), sent: newSent(), pool: newPool(d.InFlight), gates: &gates{store: s}}
	n.keeper = inbox.NewKeeper(inbox.KeeperDeps{DB: d.DB, Bus: d.Bus, News: d.Registry, Log: d.Log})
	d.Bus.Listen(jobs, func([]string) { n.Wake() })
	d.Bus.Listen(recalls, func([]string) { wake(n.recall) })
	outbox.On(d.Outbox, notify.EffectKind, "notify.jobs", func(ctx context.Context, _ outbox.Call, c notify.Cause) error {
		return n.Enqueue(ctx, c)
	})
	timer.On(d.Timers, timerSummary, n.sumUp)
	timer.On(d.Timers, inbox.TimerSnoozed, n.bringBack)
	return n
}

// Enqueue queues a cause that comes from a timer or a job. If a cause with that key
// exists already, nothing happens. Writes of domains queue theirs by notify.Effect.
func (n *Notifier) Enqueue(ctx context.Context, c notify.Cause) error {
	if err := n.Check(&c); err != nil {
		return err
	}
	if err := n.store.addJob(ctx, c); err != nil {
		return err
	}
	n.Bus.Tell(jobs, c.Key)
	return nil
}

// Wake tells the worker of this process that there is work. It saves time only, since
// the worker looks by itself too.
func (n *Notifier) Wake() { wake(n.wake) }

func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
