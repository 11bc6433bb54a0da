package schedule

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/place"
)

// Entry is one date of a plan. Its id stays when it is moved.
type Entry struct {
	ID    string `bson:"id"`
	Date  `bson:",inline"`
	Place *place.Place `bson:"place,omitempty"`
	// IsAllDay says that it lasts whole days, of which no time of day is said.
	IsAllDay bool `bson:"isAllDay,omitempty"`
}

// Start is the start, by the clock where it is; of whole days, the first.
func (e Entry) Start() clock.Moment {
	m := e.Date.Start()
	m.IsDay = e.IsAllDay
	return m
}

// End is the end, by the clock where it is; of whole days, the last.
func (e Entry) End() clock.Moment {
	m := e.Date.End()
	if e.IsAllDay {
		m.At, m.IsDay = m.At.Add(-time.Second), true
	}
	return m
}

// Plan is when and where something happens: its dates, in the order of their starts.
type Plan []Entry

// of is the date with an id; nil if the plan has none.
func (p Plan) of(id string) *Entry {
	i := slices.IndexFunc(p, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &p[i]
}

// StartingAt is the date that starts at an instant; nil if none does.
func (p Plan) StartingAt(at time.Time) *Entry {
	i := slices.IndexFunc(p, func(e Entry) bool { return e.StartsAt.Equal(at) })
	if i < 0 {
		return nil
	}
	return &p[i]
}

// Next is the start of the next date after an instant; nil if all have started.
func (p Plan) Next(at time.Time) *time.Time {
	var next *time.Time
	for _, e := range p {
		next = sooner(next, &e.StartsAt, at)
	}
	return next
}

// TurnsUp is when the next people come after an instant: the instant itself while a date is
// running; nil if all are over.
func (p Plan) TurnsUp(at time.Time) *time.Time {
	if slices.ContainsFunc(p, func(e Entry) bool { return e.IsRunning(at) }) {
		return &at
	}
	return p.Next(at)
}

// Remaining is the first date that is not over at an instant; the last one if all are. A plan
// always has one.
func (p Plan) Remaining(at time.Time) Entry {
	for _, e := range p {
		if !e.IsOver(at) {
			return e
		}
	}
	return p[len(p)-1]
}

// sooner is the earlier of two starts that lie after an instant. Nil is none.
func sooner(a, b *time.Time, at time.Time) *time.Time {
	if b == nil || !b.After(at) || a != nil && !b.Before(*a) {
		return a
	}
	return b
}

// Difference is what tells one plan from an earlier one.
type Difference struct {
	New     []Novelty // of dates of the later plan, in its order
	Removed []Entry   // dates of the earlier plan that the later one does not have
}

// Novelty is what is new about a date.
type Novelty struct {
	ID    string
	Added bool // the whole date is new
	Time  bool // it starts at another time
	End   bool // it starts as before, and ends at another time
	Place bool // it is elsewhere
	// From is the start that people know, of a date that news says starts at another time.
	From *clock.Moment
}

// IsEmpty reports whether nothing is new.
func (n Novelty) IsEmpty() bool { return n == Novelty{ID: n.ID} }

// Diff compares two plans, date by date.
func Diff(before, after Plan) Difference {
	var d Difference
	before = before.renamed(before.successors(after))
	for _, e := range after {
		if n := e.noveltySince(before.of(e.ID)); !n.IsEmpty() {
			d.New = append(d.New, n)
		}
	}
	for _, e := range before {
		if after.of(e.ID) == nil {
			d.Removed = append(d.Removed, e)
		}
	}
	return d
}

// successors are the ids of dates that a later plan has no more, each with the id of a new
// date that is just the same, or else starts as it did. For people it is the same date.
func (p Plan) successors(later Plan) map[string]string {
	successors, taken := map[string]string{}, map[string]bool{}
	for _, isAlike := range []func(a, b facts) bool{
		func(a, b facts) bool { return a == b },
		func(a, b facts) bool { return a.start == b.start },
	} {
		for _, e := range p {
			i := slices.IndexFunc(later, func(l Entry) bool {
				return successors[e.ID] == "" && !taken[l.ID] && later.of(e.ID) == nil && p.of(l.ID) == nil && isAlike(e.facts(), l.facts())
			})
			if i >= 0 {
				successors[e.ID], taken[later[i].ID] = later[i].ID, true
			}
		}
	}
	return successors
}

// renamed is the plan with other ids for some dates.
func (p Plan) renamed(ids map[string]string) Plan {
	renamed := slices.Clone(p)
	for i, e := range renamed {
		renamed[i].ID = cmp.Or(ids[e.ID], e.ID)
	}
	return renamed
}

func (e Entry) noveltySince(before *Entry) Novelty {
	if before == nil {
		return Novelty{ID: e.ID, Added: true}
	}
	was, is := before.facts(), e.facts()
	n := Novelty{ID: e.ID, Time: was.start != is.start, Place: was.place != is.place}
	n.End = !n.Time && was.end != is.end
	return n
}

// facts are what people know of a date, each as a short text that is another when the fact
// is.
type facts struct{ start, end, place string }

// facts has the start in the end too, because whoever hears of a new time need not hear of
// the end besides.
func (e Entry) facts() facts {
	f := facts{start: digest(e.StartsAt.UnixMilli(), e.StartsAtLocal)}
	f.end = digest(f.start, e.EndsAt.UnixMilli(), e.EndsAtLocal)
	f.place = "nowhere"
	if p := e.Place; p != nil {
		f.place = digest(p.Name, p.Address, degrees(p.Latitude), degrees(p.Longitude))
	}
	return f
}

// digestOf is the digest of a text. It is the same for no text and for an empty one.
func digestOf(t i18n.Text) string {
	var values []any
	for _, translation := range t {
		values = append(values, translation)
	}
	return digest(values...)
}

// Digest stands for a text of which people are told only that it has changed.
func Digest(t i18n.Text) string { return digestOf(t) }

func degrees(d *float64) any {
	if d == nil {
		return nil
	}
	return *d
}

// digest stands for values of which only whether they have changed matters.
func digest(values ...any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", values))
	return hex.EncodeToString(sum[:8])
}
