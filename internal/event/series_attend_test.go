package event_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/schedule"
)

// inDays is the start of something so many days from now.
func inDays(w *ct.World, days int) clock.Local {
	return clock.LocalOf(w.Clock.Now().Add(time.Duration(days)*24*time.Hour).Truncate(time.Hour), clock.Copenhagen)
}

func idsOf(dates []*event.Occurrence) []string {
	var ids []string
	for _, o := range dates {
		ids = append(ids, o.ID)
	}
	return ids
}

// gave are what people got at each date, such as "CONFIRMED WAITLISTED" and "FULL".
func gave(outcomes []*event.OccurrenceOutcome) string {
	var texts []string
	for _, o := range outcomes {
		texts = append(texts, string(o.Gave)+string(o.Refusal))
	}
	return strings.Join(texts, " ")
}

// People sign up for many dates at once, and the answer for one date says nothing of another. A repeat changes nothing more,
// and dates for which somebody has signed up already stay as they are.
func TestSigningUpForManyDates(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	w.Person("cara")
	e := publishedSeries(t, w, g, inDays(w, 3), "FREQ=WEEKLY;COUNT=4", func(in *event.CreateInput) { in.Capacity = ct.Seats(1) })
	dates := idsOf(datesOf(t, w, e.ID))
	ct.Must(w.Events.Attend(w.As("cara"), event.AttendInput{OccurrenceID: dates[1]}))(t)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2]}))(t)
	key := "0b0e7b8a-6a57-4d3b-9d6c-2f0a4b7c9e11"
	in := event.AttendDatesInput{ClientMutationID: &key, OccurrenceIDs: []string{dates[2], dates[0], dates[1]}}
	for range 2 {
		outcomes := ct.Must(w.Events.AttendDates(w.As("bo"), in))(t)
		if got := gave(outcomes); got != "CONFIRMED CONFIRMED WAITLISTED" || outcomes[2].Position != 1 || outcomes[1].OccurrenceID != dates[0] {
			t.Fatalf("got %s", got)
		}
	}
	var taken []int
	for _, o := range datesOf(t, w, e.ID) {
		taken = append(taken, o.SeatsTaken)
	}
	if !slices.Equal(taken, []int{1, 1, 1, 0}) {
		t.Errorf("seats taken: %v", taken)
	}
	// 19: the cap holds at each date by itself.
	if got := gave(ct.Must(w.Events.AttendDates(w.As("cara"), event.AttendDatesInput{OccurrenceIDs: []string{dates[0], dates[3]}}))(t)); got != "WAITLISTED CONFIRMED" {
		t.Errorf("got %s", got)
	}
}

func TestSigningUpForManyDatesIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := publishedSeries(t, w, g, inDays(w, 3), "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) { in.Capacity = ct.Seats(2) })
	draft := series(t, w, g, inDays(w, 3), schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=1"})
	dates := idsOf(datesOf(t, w, e.ID))
	hidden := datesOf(t, w, draft.ID)[0].ID
	for _, c := range []struct {
		in   event.AttendDatesInput
		want string
	}{
		{event.AttendDatesInput{}, "input.occurrenceIds"},
		{event.AttendDatesInput{OccurrenceIDs: []string{dates[0], hidden}}, "input.occurrenceIds.1"},
		{event.AttendDatesInput{OccurrenceIDs: []string{dates[0], e.ID}}, "input.occurrenceIds.1"},
		{event.AttendDatesInput{OccurrenceIDs: dates, Guests: 2}, "input.guests"},
		{event.AttendDatesInput{OccurrenceIDs: dates, Guests: 11}, "input.guests"},
		{event.AttendDatesInput{OccurrenceIDs: slices.Repeat(dates, 7)}, "input.occurrenceIds"},
	} {
		_, err := w.Events.AttendDates(w.As("bo"), c.in)
		if got := fieldOf(err); got != c.want {
			t.Errorf("%+v: %v at %q, want %q", c.in, err, got, c.want)
		}
	}
	if n := w.Count("bookings"); n != 0 {
		t.Errorf("%d bookings", n)
	}
}

// fieldOf is the field of the input that a fault names.
func fieldOf(err error) string {
	switch is := err.(type) { //nolint:errorlint // services return them as they are
	case fault.Problems:
		return is[0].Field
	case *fault.Error:
		return is.Field
	}
	return ""
}

// A copy of last year's event is a draft on the same days of the week, with as many dates, and nobody has signed up.
func TestACopyOfLastYears(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	first := inDays(w, 3)
	e := publishedSeries(t, w, g, first, "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) {
		in.Capacity = ct.Seats(7)
		in.Recurrence.ExtraDates = []clock.Local{first.Plus(30 * 24 * time.Hour)}
		in.Recurrence.ExceptDates = []clock.Local{first.Plus(7 * 24 * time.Hour)}
	})
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: datesOf(t, w, e.ID)[0].ID}))(t)
	w.Clock.Advance(380 * 24 * time.Hour)
	c := ct.Must(w.Events.Copy(w.As("anna"), event.CopyInput{EventID: e.ID}))(t)
	dates := datesOf(t, w, c.ID)
	year := 104 * 7 * 24 * time.Hour // the same day of the next year lies behind us
	want := []clock.Local{first.Plus(year), first.Plus(year + 14*24*time.Hour), first.Plus(year + 30*24*time.Hour)}
	if c.State != event.StateDraft || c.ID == e.ID || *c.Capacity != 7 || len(dates) != 3 {
		t.Fatalf("%+v with %d dates", c, len(dates))
	}
	for i, o := range dates {
		if o.StartsAtLocal != want[i] || o.SeatsTaken != 0 || o.State != event.StateDraft {
			t.Errorf("date %d: %s, want %s; %d, %s", i, o.StartsAtLocal, want[i], o.SeatsTaken, o.State)
		}
	}
	past := inDays(w, -3)
	_, err := w.Events.Copy(w.As("anna"), event.CopyInput{EventID: e.ID, StartsAt: &past})
	if fieldOf(err) != "input.startsAt" {
		t.Errorf("a copy in the past: %v", err)
	}
	if _, err := w.Events.Copy(w.As("bo"), event.CopyInput{EventID: e.ID}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("bo copies: %v", err)
	}
}

// The first date of a copy is one of its rule: of the same day of the week, or else the nearest.
func TestTheFirstDateOfACopy(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, c := range []struct {
		first     clock.Local
		rule      string
		want      string
		startsAt  clock.Local
		wantField string
	}{
		{"2026-09-05T15:00:00", "", "4 Sep 15:00", "", ""}, // a Saturday
		{"2026-12-01T19:00:00", "FREQ=MONTHLY;BYDAY=1TU;COUNT=2", "7 Dec 19:00, 4 Jan 19:00", "", ""},
		{"2026-10-15T19:00:00", "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=2", "15 Oct 19:00, 15 Nov 19:00", "", ""},
		{"2026-10-14T19:00:00", "FREQ=WEEKLY;BYDAY=WE;COUNT=2", "", "2027-10-12T19:00:00", "input.startsAt"},
	} {
		in := event.CreateInput{GroupID: g.ID, Title: "Fest", StartsAt: c.first, EndsAt: c.first.Plus(time.Hour), TimeZone: clock.Copenhagen}
		if c.rule != "" {
			in.Recurrence = &schedule.RecurrenceInput{Rule: c.rule}
		}
		e := ct.Must(w.Events.Create(w.As("anna"), in))(t)
		again := event.CopyInput{EventID: e.ID}
		if c.startsAt != "" {
			again.StartsAt = &c.startsAt
		}
		copied, err := w.Events.Copy(w.As("anna"), again)
		if fieldOf(err) != c.wantField {
			t.Errorf("%s %s: %v", c.first, c.rule, err)
		}
		if copied != nil {
			if got := startsOf(datesOf(t, w, copied.ID)); got != c.want {
				t.Errorf("%s %s: %s, want %s", c.first, c.rule, got, c.want)
			}
		}
	}
}
