package herald_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/herald"
	"faellesskab/internal/testkit"
	"faellesskab/internal/timer"
)

// What is promised about events and courses is tested there. Here stands what a noun gets
// whose dates people book one by one.

type rig struct {
	clock  *clock.Manual
	db     *mongodb.DB
	timers *timer.Timers
	herald *herald.Herald
	outbox *outbox.Outbox
	queued []notify.Cause
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{clock: clock.NewManual(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC))}
	r.db = testkit.DB(t, testkit.WithIndexes(append(timer.Indexes(), dead.Indexes()...)), testkit.WithoutGuard("tours"))
	r.db.SetClock(r.clock)
	log := slog.New(slog.DiscardHandler)
	r.outbox = outbox.NewOutbox(r.db, log)
	r.timers = timer.NewTimers(r.db, r.outbox, log, "a")
	r.herald = herald.New(herald.Deps{DB: r.db, Timers: r.timers, Enqueue: r.enqueue}, herald.Noun{Name: "tour", Collection: "tours",
		Kinds:   herald.Kinds{Moved: "TOUR_MOVED", Changed: "TOUR_CHANGED", Reminder: "TOUR_REMINDER"},
		Holders: "HOLDERS", Seated: "SEATED", Things: func(ctx context.Context, _ []string) ([]herald.Thing, error) {
			o, err := r.tour(ctx)
			if err != nil {
				return nil, err
			}
			return []herald.Thing{o.thing()}, nil
		}})
	return r
}

func (r *rig) enqueue(_ context.Context, c notify.Cause) error {
	r.queued = append(r.queued, c)
	return nil
}

func (o *tour) thing() herald.Thing {
	return herald.Thing{ID: o.ID, About: notify.Cause{Subject: o.ID}, Snapshot: o.snapshot(), Telling: &o.Telling, Version: o.Version, IsOn: true,
		Booked: func(date schedule.Entry) string { return date.ID },
		Words:  func(_ i18n.Text, date schedule.Entry) map[string]string { return date.Words() }}
}

func (o *tour) snapshot() schedule.Snapshot { return schedule.Snapshot{Plan: o.Plan} }

func entry(t *testing.T, id string, start clock.Local) schedule.Entry {
	t.Helper()
	var p fault.Problems
	date := schedule.Wall{StartsAt: start, EndsAt: start[:11] + "22:00:00", TimeZone: clock.Copenhagen}.Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return schedule.Entry{ID: id, Date: date}
}

func (r *rig) wantQueued(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, c := range r.queued {
		for _, a := range c.Audiences {
			got = append(got, strings.Join([]string{string(c.Kind), c.Data["StartsAt"][:len("2026-05-02T19:00:00")], string(a.Kind), strings.Join(a.IDs, "+")}, " "))
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("queued:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	r.queued = nil
}

func (r *rig) advanceTo(t *testing.T, at time.Time) {
	t.Helper()
	r.clock.Advance(at.Sub(r.clock.Now()))
	if _, err := r.timers.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// People are reminded of the date that they have booked, unless it has moved; everybody who
// has booked one hears of the move.
func TestDatesThatAreBookedOneByOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	o := &tour{ID: "tour_1", Version: 1, Plan: schedule.Plan{entry(t, "d_1", "2026-05-02T14:00:00"), entry(t, "d_2", "2026-05-02T18:00:00")}}
	r.save(t, o)
	if err := r.herald.SetReminders(ctx, o.thing()); err != nil {
		t.Fatal(err)
	}
	before := o.snapshot()
	o.Version, o.Plan = 2, slices.Clone(o.Plan)
	o.Plan[1] = entry(t, "d_2", "2026-05-02T19:00:00")
	effects := r.herald.Changed(ctx, before, o.thing())
	if len(effects) != 1 {
		t.Fatalf("%d effects, want the timer", len(effects))
	}
	err := r.outbox.Commit(ctx, outbox.Ref{Collection: "tours", ID: o.ID}, effects, func(outbox.Batch) error {
		r.save(t, o)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.advanceTo(t, r.clock.Now().Add(schedule.Hold))
	r.wantQueued(t, "TOUR_MOVED 2026-05-02T19:00:00 HOLDERS d_1+d_2")
	o, err = r.tour(ctx)
	if err != nil || o.Telling.Known == nil || !o.Telling.Known.Plan[1].StartsAt.Equal(o.Plan[1].StartsAt) {
		t.Errorf("known: %+v (%v), want the plan that was told", o.Telling.Known, err)
	}
	if err := r.herald.SetReminders(ctx, o.thing()); err != nil {
		t.Fatal(err)
	}
	r.advanceTo(t, o.Plan[0].StartsAt.Add(-3*time.Hour)) // past the evening before
	r.wantQueued(t, "TOUR_REMINDER 2026-05-02T14:00:00 SEATED d_1", "TOUR_REMINDER 2026-05-02T19:00:00 SEATED d_2")
	r.advanceTo(t, o.Plan[0].StartsAt.Add(-2*time.Hour))
	r.wantQueued(t, "TOUR_REMINDER 2026-05-02T14:00:00 SEATED d_1")
}

// A reminder is true as long as the date starts then, and ends with it.
func TestAReminderIsTrueOfItsOwnDate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := &tour{ID: "tour_1", Plan: schedule.Plan{entry(t, "d_1", "2026-05-02T14:00:00"), entry(t, "d_2", "2026-05-02T18:00:00")}}
	for _, c := range []struct {
		start  time.Time
		isTrue bool
	}{{o.Plan[1].StartsAt, true}, {o.Plan[1].StartsAt.Add(time.Hour), false}} {
		news := notify.News{Kind: "TOUR_REMINDER", Subject: o.ID, Args: notify.ReminderArgsOf(notify.OffsetTwoHours, c.start, "", nil)}
		now, err := r.herald.State(o.thing(), news, notify.SubjectState{Alive: true, MembersOnly: true})
		if err != nil || now.Alive != c.isTrue || !now.MembersOnly {
			t.Errorf("start %s: %+v (%v), want true: %t", c.start, now, err, c.isTrue)
		}
		if c.isTrue && (!now.ExpiresAt.Equal(c.start) || now.Words["StartsAt"] != "2026-05-02T18:00:00+02:00[Europe/Copenhagen]") {
			t.Errorf("the reminder of the second date says %v until %v", now.Words, now.ExpiresAt)
		}
	}
}
