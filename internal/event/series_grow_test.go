package event_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule"
	"faellesskab/internal/testkit"
)

// grow makes the dates of series that are due.
func grow(t testing.TB, w *ct.World) {
	t.Helper()
	if err := w.Events.LookAtSeries(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// The dates of the next 13 months exist, to the day, and the others come when their time comes, each once.
func TestDatesAreMadeThirteenMonthsAhead(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	first := inDays(w, 3) // 4 May 2026
	e := publishedSeries(t, w, g, first, "FREQ=MONTHLY;COUNT=24")
	last := func() clock.Local {
		dates := datesOf(t, w, e.ID)
		return dates[len(dates)-1].StartsAtLocal
	}
	if n := len(datesOf(t, w, e.ID)); n != 13 || last() != "2027-05-04T14:00:00" {
		t.Errorf("%d dates, the last %s", n, last())
	}
	for _, c := range []struct {
		to    time.Time
		dates int
	}{
		{time.Date(2026, 5, 4, 11, 59, 0, 0, time.UTC), 13},
		{time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), 14}, // 4 June 2027, 14:00
		{time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC), 18},
		{time.Date(2027, 4, 4, 12, 0, 0, 0, time.UTC), 24},
	} {
		w.Clock.Advance(c.to.Sub(w.Clock.Now()))
		grow(t, w)
		grow(t, w)
		if n := len(datesOf(t, w, e.ID)); n != c.dates {
			t.Errorf("at %s: %d dates, want %d", c.to, n, c.dates)
		}
	}
	for i, o := range datesOf(t, w, e.ID) {
		want := clock.LocalOf(first.OnPaper().AddDate(0, i, 0), "UTC")
		if o.StartsAtLocal != want || o.State != event.StatePublished {
			t.Errorf("date %d: %s, want %s", i, o.StartsAtLocal, want)
		}
	}
}

// A series that begins later than that has the dates of its first months, so that somebody can sign up.
func TestASeriesThatBeginsLater(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := publishedSeries(t, w, g, "2028-02-29T19:00:00", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=20")
	if n := len(datesOf(t, w, e.ID)); n != 13 { // the 14th is on 31 March, and the horizon on the 29th
		t.Errorf("%d dates", n)
	}
}

// A process that was asleep while it made dates, and wakes after the event was changed, leaves nothing behind.
func TestDatesThatAreMadeTwiceAreThereOnce(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := publishedSeries(t, w, g, inDays(w, 3), "FREQ=WEEKLY;COUNT=5")
	before := idsOf(datesOf(t, w, e.ID))
	w.Remove("occurrences", before[1])
	w.Remove("occurrences", before[3])
	w.Set(t.Context(), "events", e.ID, map[string]any{"series.dueAt": w.Clock.Now()})
	grow(t, w)
	if after := idsOf(datesOf(t, w, e.ID)); !slices.Equal(before, after) {
		t.Errorf("dates before %v, after %v", before, after)
	}
}

// The dates of a whole list of events come with one command, whatever series are among them.
func TestTheDatesOfAListComeAtOnce(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	a := publishedSeries(t, w, g, inDays(w, 3), "FREQ=DAILY;COUNT=60")
	b := w.PublishedEvent("anna", g.ID, nil)
	a = ct.Must(w.Events.Get(w.As("anna"), a.ID))(t)
	keys := []string{a.FirstKey(), a.NextKey(), b.FirstKey()}
	found := ct.Must(w.Events.FirstOccurrences(w.As("anna"), keys))(t)
	if len(found[keys[0]]) != 21 || len(found[keys[1]]) != 3 || len(found[keys[2]]) != 1 {
		t.Errorf("%d, %d, %d dates", len(found[keys[0]]), len(found[keys[1]]), len(found[keys[2]]))
	}
	c := event.PageOf(found[keys[0]], page.Args{First: 20})
	if !c.PageInfo.HasNextPage || len(c.Edges) != 20 || c.Edges[0].Node.ID != datesOf(t, w, a.ID)[0].ID {
		t.Errorf("a page of %d, with more %t", len(c.Edges), c.PageInfo.HasNextPage)
	}
}

// 29: what lasts whole days ends at the midnight after its last day.
func TestWholeDays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, c := range []struct{ starts, ends, wantEnd clock.Local }{
		{"2026-08-14T00:00:00", "2026-08-17T00:00:00", "2026-08-17T00:00:00"},
		{"2026-08-14T10:00:00", "2026-08-16T12:00:00", "2026-08-17T00:00:00"},
		{"2026-08-14T00:00:00", "2026-08-16T23:59:00", "2026-08-17T00:00:00"},
		{"2026-08-14T00:00:00", "2026-08-14T00:00:00", "2026-08-15T00:00:00"},
		{"2026-10-25T00:00:00", "2026-10-25T12:00:00", "2026-10-26T00:00:00"}, // 25 hours
	} {
		e := ct.Must(w.Events.Create(w.As("anna"), event.CreateInput{GroupID: g.ID, Title: "Telttur", StartsAt: c.starts, EndsAt: c.ends, TimeZone: clock.Copenhagen, IsAllDay: true}))(t)
		o := datesOf(t, w, e.ID)[0]
		if o.StartsAtLocal != c.starts[:10]+"T00:00:00" || o.EndsAtLocal != c.wantEnd || !o.IsAllDay || !e.IsAllDay {
			t.Errorf("%s to %s: %s to %s", c.starts, c.ends, o.StartsAtLocal, o.EndsAtLocal)
		}
	}
	e := ct.Must(w.Events.Create(w.As("anna"), event.CreateInput{GroupID: g.ID, Title: "Telttur", StartsAt: "2026-08-14T10:00:00", EndsAt: "2026-08-14T12:00:00", TimeZone: clock.Copenhagen}))(t)
	e = ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, IsAllDay: optional.Of(true)}))(t)
	if o := datesOf(t, w, e.ID)[0]; !o.IsAllDay || o.EndsAtLocal != "2026-08-15T00:00:00" || o.Sequence != 1 {
		t.Errorf("made to last the whole day: %+v", o)
	}
}

// 5, 7: a date that was moved stands where it was moved to, also after the whole series was changed, and one that was taken
// out stays out.
func TestWhatStandsByItselfStays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	first := inDays(w, 3)
	e := series(t, w, g, first, schedule.RecurrenceInput{Rule: "FREQ=DAILY;COUNT=5", ExceptDates: []clock.Local{first.Plus(48 * time.Hour)}})
	dates := datesOf(t, w, e.ID)
	moved := first.Plus(51 * time.Hour)
	at := ct.Must(moved.In(clock.Copenhagen))(t)
	w.Set(t.Context(), "occurrences", dates[1].ID, map[string]any{"startsAtLocal": moved, "startsAt": at, "endsAt": at.Add(time.Hour), "endsAtLocal": moved.Plus(time.Hour), "own": []string{"TIME"}, "ownVersion": 1})
	editAll(t, w, e.ID, event.UpdateInput{Title: optional.Of("Syklub")})
	got := datesOf(t, w, e.ID)
	if len(got) != 4 || got[1].ID != dates[1].ID || got[1].StartsAtLocal != moved || got[1].Title != "Syklub" {
		t.Errorf("dates: %s", startsOf(got))
	}
	in := func(from, to time.Duration) string {
		a, b := w.Clock.Now().Add(from), w.Clock.Now().Add(to)
		ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))
		c := ct.Must(w.Events.Dates(w.As("anna"), &event.OccurrenceFilter{GroupID: &g.ID, From: &a, To: &b}, nil, page.Args{First: 10}))(t)
		var list []*event.Occurrence
		for _, edge := range c.Edges {
			list = append(list, edge.Node)
		}
		return startsOf(list)
	}
	if old, now := in(4*24*time.Hour, 4*24*time.Hour+time.Hour), in(5*24*time.Hour, 5*24*time.Hour+6*time.Hour); old != "" || now != startsOf(got[1:2]) {
		t.Errorf("on its old day: %s, on its new one: %s", old, now)
	}
}

// BenchmarkDatesOfSeries makes the dates of weekly series for 13 months; SERIES says of how many (100).
func BenchmarkDatesOfSeries(b *testing.B) {
	many, err := strconv.Atoi(cmp.Or(os.Getenv("SERIES"), "100"))
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		b.StopTimer()
		counter := &testkit.Counter{}
		w := ct.New(b, testkit.WithCounter(counter))
		g := w.Group("anna")
		putSeries(b, w, g, many)
		counter.Reset()
		b.StartTimer()
		grow(b, w)
		b.StopTimer()
		b.ReportMetric(float64(len(counter.Commands()))/float64(many), "commands/series")
		b.ReportMetric(float64(w.Count("occurrences")), "dates")
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/float64(many), "ms/series")
	}
}

// One step makes the dates of one series, with a number of commands that grows neither with the dates nor with the series.
func TestMakingDatesTakesFewCommands(t *testing.T) {
	t.Parallel()
	sent := func(many int, rule string) float64 {
		counter := &testkit.Counter{}
		w := ct.New(t, testkit.WithCounter(counter))
		putSeriesOf(t, w, w.Group("anna"), many, rule)
		counter.Reset()
		grow(t, w)
		return float64(len(counter.Commands())-1) / float64(many) // the last one finds no series
	}
	one, daily, six := sent(1, "FREQ=MONTHLY;COUNT=13"), sent(1, "FREQ=MONTHLY;BYDAY=TU,TH;COUNT=110"), sent(6, "FREQ=MONTHLY;COUNT=13")
	t.Logf("%.1f, %.1f and %.1f commands a series", one, daily, six)
	if one > 20 || daily > one+8 || six > one { // reminders are set for the dates of the next nine days
		t.Errorf("%.1f commands for 13 dates, %.1f for 110, %.1f a series for six", one, daily, six)
	}
}

// putSeries writes published weekly series without dates.
func putSeries(b *testing.B, w *ct.World, g *group.Group, n int) {
	b.Helper()
	putSeriesOf(b, w, g, n, "FREQ=WEEKLY;COUNT=100")
}

func putSeriesOf(b testing.TB, w *ct.World, g *group.Group, n int, rule string) {
	b.Helper()
	start := inDays(w, 4) // a Tuesday
	r := schedule.Recurrence{Rule: rule}
	list := make([]*event.Event, n)
	due := w.Clock.Now()
	for i := range list {
		var d schedule.Date
		d.StartsAtLocal, d.EndsAtLocal, d.TimeZone = start, start.Plus(time.Hour), clock.Copenhagen
		d.StartsAt, d.EndsAt = ct.Must(d.StartsAtLocal.In(d.TimeZone))(b), ct.Must(d.EndsAtLocal.In(d.TimeZone))(b)
		list[i] = &event.Event{ID: ct.PilotEvent(i), GroupID: g.ID, Card: g.Card(), OpenTo: g.OpenTo(), Title: fmt.Sprint("Sygruppe ", i), Description: "Tag garn med.",
			State: event.StatePublished, Date: d, Series: &event.Series{Recurrence: r, First: d, DueAt: &due}, CreatedAt: due, Version: 1}
	}
	ct.Must(w.DB.Collection("events").InsertMany(b.Context(), list))(b)
}

// Editing a long series takes as many commands as editing a short one, as long as nobody comes.
func TestEditingALongSeriesTakesFewCommands(t *testing.T) {
	t.Parallel()
	counter := &testkit.Counter{}
	w := ct.New(t, testkit.WithCounter(counter))
	g := w.Group("anna")
	closes := clock.Local("2026-09-06T20:00:00")
	sent := map[string][]int{}
	for _, n := range []int{15, 60} {
		e := publishedSeries(t, w, g, "2026-09-07T19:00:00", fmt.Sprint("FREQ=DAILY;COUNT=", n))
		dates := datesOf(t, w, e.ID)
		for _, edit := range []struct {
			name string
			in   event.UpdateInput
		}{
			{"title", event.UpdateInput{Title: optional.Of("Strik")}}, {"start", event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-09-07T20:00:00"))}},
			{"capacity", event.UpdateInput{Capacity: optional.Of(12)}}, {"terms", event.UpdateInput{SignUp: optional.Of(booking.TermsInput{ClosesAt: &closes, ReservedSeats: 2})}},
		} {
			counter.Reset()
			edited(t, w, inScope(event.ScopeAll, dates[0], edit.in))
			sent[edit.name] = append(sent[edit.name], counter.Count())
		}
		for _, o := range datesOf(t, w, e.ID) {
			if o.Title != "Strik" || o.Capacity == nil || *o.Capacity != 12 || *o.SeatsLeft() != 10 || o.Terms.ClosesBefore == nil {
				t.Fatalf("%d dates: %+v", n, o)
			}
		}
	}
	for name, n := range sent {
		if n[1] > n[0]+10 {
			t.Errorf("%s: %d commands for 15 dates, %d for 60", name, n[0], n[1])
		}
	}
}
