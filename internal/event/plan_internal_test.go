package event

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/clock"
	"faellesskab/internal/optional"
	"faellesskab/internal/schedule"
)

// planned is a series with its dates, some of which people have booked, moved or cancelled, and the instant of an edit.
type planned struct {
	event *Event
	dates []*Occurrence
	now   time.Time
}

// drawPlanned draws a series of daily or weekly dates from 1 September 2026 on, and an instant among them.
func drawPlanned(t *rapid.T) planned {
	first := clock.Local("2026-09-01T18:00:00")
	rule := fmt.Sprintf("FREQ=%s;INTERVAL=%d;COUNT=%d", rapid.SampledFrom([]string{"DAILY", "WEEKLY"}).Draw(t, "freq"), rapid.IntRange(1, 2).Draw(t, "interval"), rapid.IntRange(1, 9).Draw(t, "count"))
	d := dateAt(first)
	e := &Event{ID: "evt_a", State: StatePublished, Date: d, Version: 1, Series: NewSeries(&schedule.Recurrence{Rule: rule}, d)}
	now, _ := first.Plus(time.Duration(rapid.IntRange(-48, 24*10).Draw(t, "hours")) * time.Hour).In(clock.Copenhagen)
	dates := e.FirstDates(d.StartsAt.Add(-100 * time.Hour))
	for i, o := range dates {
		switch rapid.IntRange(0, 5).Draw(t, fmt.Sprint("date ", i)) {
		case 0, 1:
			o.SeatsTaken = rapid.IntRange(1, 3).Draw(t, "seats")
		case 2:
			o.Claims = map[string]string{"per_a": "1"}
		case 3:
			o.Date, o.Own, o.OwnVersion, o.SeatsTaken = dateAt(o.Slot.Plus(5*time.Hour)), []Own{OwnTime}, 1, 1
		case 4:
			o.State, o.Own, o.OwnVersion = StateCancelled, []Own{OwnState}, 1
		}
	}
	return planned{e, dates, now}
}

func dateAt(l clock.Local) schedule.Date {
	d := schedule.Date{StartsAtLocal: l, EndsAtLocal: l.Plus(2 * time.Hour), TimeZone: clock.Copenhagen}
	d.StartsAt, _ = d.StartsAtLocal.In(d.TimeZone)
	d.EndsAt, _ = d.EndsAtLocal.In(d.TimeZone)
	return d
}

// drawEdit draws an edit of the series, or of some of its dates: another name, time, rule, or dates taken out and put in.
func (w planned) drawEdit(t *rapid.T) *UpdateInput {
	scope := rapid.SampledFrom([]EditScope{ScopeFollowing, ScopeAll}).Draw(t, "scope")
	o := rapid.SampledFrom(w.dates).Draw(t, "date")
	in := &UpdateInput{EventID: w.event.ID, Scope: &scope, OccurrenceID: &o.ID, Title: optional.Of("Strik"), CancelsBooked: rapid.Bool().Draw(t, "cancels")}
	by := time.Duration(0)
	if rapid.Bool().Draw(t, "moves") {
		by = time.Duration(rapid.SampledFrom([]int{-30, 30, 90, 24 * 60, -24 * 60, 7 * 24 * 60}).Draw(t, "minutes")) * time.Minute
		in.StartsAt = optional.Of(o.Slot.Plus(by))
	}
	if rapid.Bool().Draw(t, "rules") {
		from := w.event.Series.First.StartsAtLocal
		if scope == ScopeFollowing {
			from = o.Slot
		}
		in.Recurrence = &schedule.RecurrenceInput{Rule: fmt.Sprintf("FREQ=%s;COUNT=%d", rapid.SampledFrom([]string{"DAILY", "WEEKLY"}).Draw(t, "new freq"), rapid.IntRange(1, 9).Draw(t, "new count"))}
		if rapid.Bool().Draw(t, "besides") {
			in.Recurrence.ExtraDates = []clock.Local{from.Plus(by + 50*time.Hour)}
		}
		if rapid.Bool().Draw(t, "without") {
			in.Recurrence.ExceptDates = []clock.Local{from.Plus(by)}
		}
	}
	return in
}

// applied are the dates of an event as they follow it, by the code that makes them do so.
func applied(e *Event, dates []*Occurrence, now time.Time) []*Occurrence {
	dates = e.own(relocated(dates, e.Series.Placed))
	f := e.follow(dates, now)
	var list []*Occurrence
	for _, o := range dates {
		if slices.ContainsFunc(f.gone, func(gone *Occurrence) bool { return gone.ID == o.ID }) {
			continue
		}
		if i := slices.IndexFunc(f.changed, func(c *changed) bool { return c.ID == o.ID }); i >= 0 {
			o = f.changed[i].Occurrence
		}
		list = append(list, o)
	}
	for _, slot := range f.new {
		list = append(list, e.newDate(slot, 9))
	}
	return list
}

// startsAfter are the starts of the dates to come that take place, in order.
func startsAfter(dates []*Occurrence, now time.Time) []clock.Local {
	var list []clock.Local
	for _, o := range dates {
		if o.StartsAt.After(now) {
			list = append(list, o.StartsAtLocal)
		}
	}
	slices.Sort(list)
	return list
}

// Whatever is edited: no date with people is removed, what becomes of the dates adds up to all of them, what the edit does
// is what the plan says, each date stays by its id, and whoever edits the same again changes nothing.
func TestAnyEditDoesWhatItsPlanSays(t *testing.T) {
	t.Parallel()
	made := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawPlanned(t)
		in := w.drawEdit(t)
		coming := startsAfter(w.dates, w.now)
		w.event.Version++
		p, err := in.plan(w.event, w.dates, w.now)
		if err != nil {
			return // refused: see the tests of what is wrong
		}
		made++
		shown := EditPreview{Dates: p.dates}
		w.checkSums(t, shown, len(coming))
		dates := applied(p.event, w.dates, w.now)
		last := p.event
		if next := p.event.Series.Following; next != nil {
			_, tail := partedAt(w.dates, p.event.Series.CutAt)
			dates, last = append(dates, applied(next, tail, w.now)...), next
		}
		w.checkDates(t, shown, dates)
		w.checkRepeat(t, in, last, dates)
	})
	if made < 20 {
		t.Errorf("only %d edits were made", made)
	}
}

func (w planned) checkSums(t *rapid.T, p EditPreview, coming int) {
	if n := p.Kept() + p.Moved() + p.Removed() + p.Cancelled(); n != coming || n+p.Added() != len(p.Dates) {
		t.Fatalf("%d of %d dates, and %d added of %d: %+v", n, coming, p.Added(), len(p.Dates), p.Dates)
	}
	for _, d := range p.Dates {
		i := slices.IndexFunc(w.dates, func(o *Occurrence) bool { return o.ID == d.id })
		if hasPeople := i >= 0 && w.dates[i].hasPeople(); hasPeople && d.What == EditRemoved || !hasPeople && d.What == EditCancelled {
			t.Fatalf("a date with people %t is %s", hasPeople, d.What)
		}
	}
}

func (w planned) checkDates(t *rapid.T, p EditPreview, dates []*Occurrence) {
	var want []clock.Local
	for _, d := range p.Dates {
		if d.After != nil {
			want = append(want, *d.After)
		} else if d.What == EditCancelled {
			want = append(want, *d.Before)
		}
	}
	slices.Sort(want)
	if got := startsAfter(dates, w.now); !slices.Equal(got, want) {
		t.Fatalf("dates %v, the plan says %v", got, want)
	}
	for _, before := range w.dates {
		i := slices.IndexFunc(dates, func(o *Occurrence) bool { return o.ID == before.ID })
		switch {
		case i < 0 && before.hasPeople():
			t.Fatalf("the date of %s is gone with its people", before.Slot)
		case i >= 0 && (before.stands(OwnTime) && !dates[i].Date.IsSame(before.Date) || before.isOff() && !dates[i].isOff()):
			t.Fatalf("what stands by itself is lost: %+v", dates[i])
		case i >= 0 && before.isOff() == dates[i].isOff() && (dates[i].State == StateCancelled) != before.isOff():
			t.Fatalf("the date of %s is %s", before.Slot, dates[i].State)
		}
	}
}

// checkRepeat makes the same edit again.
func (w planned) checkRepeat(t *rapid.T, in *UpdateInput, e *Event, dates []*Occurrence) {
	at := slices.IndexFunc(dates, func(o *Occurrence) bool { return o.ID == *in.OccurrenceID })
	if at < 0 || in.StartsAt.IsSet() && dates[at].Slot != *in.StartsAt.Value() {
		return // the date of which the edit speaks is another one by now
	}
	again := *e
	series := *e.Series
	again.Series = &series
	series.Placed, series.Ended, series.Following, series.CutAt = nil, nil, nil, ""
	own := slices.DeleteFunc(slices.Clone(dates), func(o *Occurrence) bool {
		return o.EventID != again.ID && again.ContinuesID != "" && o.Slot < e.Series.First.StartsAtLocal
	})
	again.Version++
	p, err := in.plan(&again, own, w.now)
	if err != nil {
		return // the date has begun by now, or is cancelled
	}
	shown := EditPreview{Dates: p.dates}
	if shown.Moved()+shown.Added()+shown.Removed()+shown.Cancelled() > 0 {
		t.Fatalf("the same again does more: %+v", shown.Dates)
	}
}
