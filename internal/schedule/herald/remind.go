package herald

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/notify"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

type remindArgs struct {
	ID       string
	Booked   string // the id of what people have booked
	Offset   notify.ReminderOffset
	StartsAt time.Time
}

func (a remindArgs) key() string { return notify.ReminderKey(a.Booked, a.Offset, a.StartsAt) }

// SetReminders sets a timer for every date and every offset that is still to come, also for
// offsets that nobody chose for the thing, because people may have chosen them.
func (h *Herald) SetReminders(ctx context.Context, t Thing) error {
	if !t.IsOn {
		return nil
	}
	for _, date := range t.Plan {
		for offset, at := range notify.Ahead(date.StartsAt, date.TimeZone, h.now()) {
			a := remindArgs{t.ID, t.Booked(date), offset, date.StartsAt}
			if err := h.Timers.Set(ctx, timer.New(a.key(), h.timerRemind(), at, a)); err != nil {
				return err
			}
		}
	}
	return nil
}

// toRemind is the date with that start, if people know of it: of a date that has been moved, its own
// news tells them when it has waited. Nil: there is none.
func (t Thing) toRemind(start time.Time) *schedule.Entry {
	if t.known().Plan.StartingAt(start) == nil {
		return nil
	}
	return t.Plan.StartingAt(start)
}

// remind tells people who have a seat, unless the date was moved or the thing cancelled since
// the timer was set.
func (h *Herald) remind(ctx context.Context, a remindArgs) error {
	things, err := h.noun.Things(ctx, []string{a.ID})
	if err != nil || len(things) == 0 {
		return err
	}
	t := things[0]
	date := t.toRemind(a.StartsAt)
	if !t.IsOn || date == nil {
		return nil
	}
	c := t.About
	args := notify.ReminderArgs{Offset: a.Offset, StartsAt: a.StartsAt, IsOptional: !slices.Contains(t.remindersOf(*date), a.Offset), Booked: a.booked(t), Part: t.partOf(*date)}
	c.Key, c.Kind, c.Args = a.key(), h.noun.Kinds.Reminder, notify.ArgsOf(args)
	to := notify.AudienceOf{Kind: h.noun.Seated, IDs: []string{a.Booked}}
	if t.Reminded != nil {
		to = t.Reminded(*date)
	}
	c.Audiences, c.Data, c.ExpiresAt = []notify.AudienceOf{to}, t.Words(t.known().Title, *date), &date.StartsAt
	return h.Enqueue(ctx, c)
}

// remindersOf are the offsets that were chosen for a date.
func (t Thing) remindersOf(date schedule.Entry) []notify.ReminderOffset {
	if t.RemindersOf == nil {
		return t.Reminders
	}
	return t.RemindersOf(date)
}

// partOf is the date, if people book it together with others; empty: they book it by itself.
func (t Thing) partOf(date schedule.Entry) string {
	if len(t.Plan) < 2 || t.Booked(date) != t.ID {
		return ""
	}
	return date.ID
}

// booked is what has been booked, if that is not the subject of the news.
func (a remindArgs) booked(t Thing) string {
	if a.Booked == t.About.Subject {
		return ""
	}
	return a.Booked
}
