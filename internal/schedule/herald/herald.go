package herald

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

// Noun is what the things of one noun have in common.
type Noun struct {
	Name       string // begins the kinds of its timers
	Collection string // of the things; a document has its schedule.Telling in the field telling
	Kinds      Kinds
	// Holders are the people who have a place, are offered one or are in line, and Seated
	// those who have a seat. The ids of both are those of what is booked.
	Holders, Seated notify.AudienceKind
	// Others are people besides the Holders who are told of changes; the ids are those of the things. Empty: there are none.
	Others notify.AudienceKind
	// Things are the things with those ids as they are now, in their order. What is not there any more is left out.
	Things func(ctx context.Context, ids []string) ([]Thing, error)
	// First, and FirstConcerned for what is cancelled, are the audiences of one of several things. Nil: the noun's subjects
	// are its things.
	First, FirstConcerned AudienceAmong
}

// AudienceAmong are the people who have a place at one of several things and at none of those before it, and either have
// one behind it (more), or have none.
type AudienceAmong func(thingID string, before, behind []string, more bool) notify.AudienceOf

// Thing is something with dates, as it is now.
type Thing struct {
	ID string
	// About is what all news of the thing says: the subject, the group, who may see it, and
	// when news is no longer worth a push.
	About notify.Cause
	schedule.Snapshot
	Telling *schedule.Telling // the document's own
	Version int
	// IsOn says that people are told of it: it is published, and neither cancelled nor over. It
	// may have started.
	IsOn bool
	// Reminders are the offsets that were chosen for it, and RemindersOf those of one date; nil: the same.
	Reminders   []notify.ReminderOffset
	RemindersOf func(date schedule.Entry) []notify.ReminderOffset
	// Reminded are those who are reminded of a date; nil: those who have a seat.
	Reminded func(date schedule.Entry) notify.AudienceOf
	// Booked is the id of what people book to come to a date: the date, or the whole thing.
	Booked func(date schedule.Entry) string
	// IsEmpty says that nobody has booked it, so that nobody must be told of it.
	IsEmpty bool
	// Words are the words that a text about one of its dates may mention, if the thing has
	// this title.
	Words func(title i18n.Text, date schedule.Entry) map[string]string
}

// Deps are what a herald works with.
type Deps struct {
	DB     *mongodb.DB
	Timers *timer.Timers
	// Enqueue queues a cause that comes from a timer.
	Enqueue func(ctx context.Context, c notify.Cause) error
}

// Herald tells people about the things of one noun.
type Herald struct {
	Deps
	noun  Noun
	store store
}

// New makes the herald of a noun and registers its timers.
func New(d Deps, n Noun) *Herald {
	h := &Herald{Deps: d, noun: n, store: store{d.DB, n.Collection}}
	timer.On(d.Timers, h.timerChanged(), h.tellChanged)
	timer.On(d.Timers, h.timerRemind(), h.remind)
	return h
}

// timerChanged is the kind of the timers that tell of changes.
func (h *Herald) timerChanged() string { return h.noun.Name + ".changed" }

// timerRemind is the kind of the timers that remind of a date.
func (h *Herald) timerRemind() string { return h.noun.Name + ".remind" }

func (h *Herald) now() time.Time { return h.DB.Now() }

// Cause is a piece of news about a thing, which its present version brings. Its key
// begins with the id of the thing. Its words say what people know: a change that they have not been told yet is told by
// its own news, or never. They would come at the start that they know, or at the present one.
func (h *Herald) Cause(ctx context.Context, t Thing, kind notify.Kind, what string, to ...notify.AudienceOf) notify.Cause {
	c := t.About
	c.Key, c.Kind, c.Actor, c.Audiences = notify.Key(c.Subject, what, strconv.Itoa(t.Version)), kind, auth.FromContext(ctx).PersonID, to
	c.Data, c.TurnsUpAt = t.KnownWords(h.now()), slices.Concat(t.known().Plan, t.Plan).TurnsUp(h.now())
	return c
}

// known is the thing as people know it who have heard all that was told.
func (t Thing) known() schedule.Snapshot { return t.Telling.Settled(t.Snapshot) }

// KnownWords are the words of a text about the first date that is not over, and the name, that
// people know. IsRunning and HasBegun say that the date, or an earlier one, has started.
func (t Thing) KnownWords(now time.Time) map[string]string {
	plan := t.known().Plan
	date := plan.Remaining(now)
	words := t.Words(t.known().Title, date)
	words["IsRunning"], words["HasBegun"] = "", ""
	if date.IsRunning(now) {
		words["IsRunning"] = "1"
	}
	if !plan[0].StartsAt.After(now) {
		words["HasBegun"] = "1"
	}
	return words
}

// booked are the ids of all that people can book of the thing.
func (t Thing) booked() []string {
	var ids []string
	for _, date := range t.Plan {
		if booked := t.Booked(date); !slices.Contains(ids, booked) {
			ids = append(ids, booked)
		}
	}
	return ids
}
