package event_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/schedule"
)

// editAll edits a whole series as its preview says.
func editAll(t *testing.T, w *ct.World, eventID string, in event.UpdateInput) *event.EditPreview {
	t.Helper()
	all := event.ScopeAll
	in.EventID, in.Scope = eventID, &all
	p := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t)
	in.PlanToken = &p.PlanToken
	ct.Must(w.Events.Update(w.As("anna"), in))(t)
	return p
}

// Single dates are added and taken out, and no other date changes. A date that somebody has booked is never taken out.
func TestDatesAreAddedAndTakenOutSingly(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, name := range []string{"bo", "cara", "dora"} {
		w.Person(name)
	}
	e, dates := weekly(t, w) // bo has booked 9 and 16 May, cara 16 May
	in := func(extra, except []clock.Local) event.UpdateInput {
		return event.UpdateInput{Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=4", ExtraDates: extra, ExceptDates: except}}
	}
	for _, c := range []struct {
		extra, except  []clock.Local
		added, removed int
		want           string
	}{
		{[]clock.Local{"2026-05-20T15:00:00"}, nil, 1, 0, "9 May 15:00, 16 May 15:00, 20 May 15:00, 23 May 15:00, 30 May 15:00"},
		{[]clock.Local{"2026-05-20T15:00:00"}, []clock.Local{"2026-05-23T15:00:00"}, 0, 1, "9 May 15:00, 16 May 15:00, 20 May 15:00, 30 May 15:00"},
		{nil, []clock.Local{"2026-05-23T15:00:00"}, 0, 1, "9 May 15:00, 16 May 15:00, 30 May 15:00"},
		{nil, []clock.Local{"2026-05-16T15:00:00", "2026-05-23T15:00:00"}, 0, 0, "9 May 15:00, 16 May 15:00, 30 May 15:00"}, // bo and cara come
		{nil, nil, 1, 0, "9 May 15:00, 16 May 15:00, 23 May 15:00, 30 May 15:00"},
	} {
		p := editAll(t, w, e.ID, in(c.extra, c.except))
		now := datesOf(t, w, e.ID)
		if got := startsOf(now); got != c.want || p.Added() != c.added || p.Removed() != c.removed || p.Moved() != 0 || p.PeopleTold != 0 {
			t.Errorf("with %v, without %v: %s, want %s; %d added, %d removed, %d moved", c.extra, c.except, got, c.want, p.Added(), p.Removed(), p.Moved())
		}
		if now[0].ID != dates[0].ID || now[1].ID != dates[1].ID || now[1].SeatsTaken != 2 || now[len(now)-1].ID != dates[3].ID {
			t.Errorf("with %v, without %v: other dates", c.extra, c.except)
		}
	}
}

// 4: a sign-up belongs to its date, and not to the second of the series, when the first one goes.
func TestSignUpsStayWithTheirDates(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := publishedSeries(t, w, g, "2026-09-01T18:00:00", "FREQ=WEEKLY;COUNT=3")
	dates := datesOf(t, w, e.ID)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
	editAll(t, w, e.ID, event.UpdateInput{Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=3", ExceptDates: []clock.Local{"2026-09-01T18:00:00"}}})
	now := datesOf(t, w, e.ID)
	if got := startsOf(now); got != "8 Sep 18:00, 15 Sep 18:00" || now[1].ID != dates[2].ID || now[1].SeatsTaken != 1 || now[0].SeatsTaken != 0 {
		t.Errorf("%s, %d and %d seats taken", got, now[0].SeatsTaken, now[1].SeatsTaken)
	}
}

// 12, 15: the rules of the schedule as they are in dates. The fourth Thursday is not the last one, and a rule is not filled
// up for what is left out.
func TestTheDatesOfARule(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, c := range []struct {
		first clock.Local
		r     schedule.RecurrenceInput
		want  string
	}{
		{"2026-05-28T19:00:00", schedule.RecurrenceInput{Rule: "FREQ=MONTHLY;BYDAY=4TH;COUNT=3"}, "28 May 19:00, 25 Jun 19:00, 23 Jul 19:00"},
		{"2026-05-28T19:00:00", schedule.RecurrenceInput{Rule: "FREQ=MONTHLY;BYDAY=-1TH;COUNT=3"}, "28 May 19:00, 25 Jun 19:00, 30 Jul 19:00"},
		{"2026-06-08T19:00:00", schedule.RecurrenceInput{Rule: "FREQ=MONTHLY;COUNT=5", ExceptDates: []clock.Local{"2026-09-08T19:00:00"}},
			"8 Jun 19:00, 8 Jul 19:00, 8 Aug 19:00, 8 Oct 19:00"},
	} {
		e := series(t, w, g, c.first, c.r)
		if got := startsOf(datesOf(t, w, e.ID)); got != c.want {
			t.Errorf("%s: %s, want %s", c.r.Rule, got, c.want)
		}
	}
	_, err := w.Events.Create(w.As("anna"), event.CreateInput{GroupID: g.ID, Title: "Syklub", StartsAt: "2026-05-28T19:00:00", EndsAt: "2026-05-28T20:00:00",
		TimeZone: clock.Copenhagen, Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;BYDAY=WE;COUNT=3"}}) // 14
	if fieldOf(err) != "input.recurrence.rule" {
		t.Errorf("a first date that the rule does not hit: %v", err)
	}
}

// 9: dates follow the clock on the wall over its change.
func TestDatesFollowTheClockOnTheWall(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := series(t, w, g, "2026-10-18T11:00:00", schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=3"})
	var hours []int
	for _, o := range datesOf(t, w, e.ID) {
		hours = append(hours, o.StartsAt.UTC().Hour())
	}
	if !slices.Equal(hours, []int{9, 10, 10}) {
		t.Errorf("UTC hours: %v", hours)
	}
}

// 17: who comes to one date comes to no other: it alone is in their calendar and in their list, and the next one begins empty.
func TestGoingToOneDateIsGoingToOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := publishedSeries(t, w, g, inDays(w, 3), "FREQ=WEEKLY;COUNT=4", func(in *event.CreateInput) { in.Capacity = ct.Seats(1) })
	dates := datesOf(t, w, e.ID)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[1].ID}))(t)
	mine := ct.Must(w.Events.Upcoming(w.As("bo"), page.Args{First: 10}))(t)
	if len(mine.Edges) != 1 || mine.Edges[0].Node.ID != dates[1].ID {
		t.Errorf("%d dates are bo's", len(mine.Edges))
	}
	feed := ct.Must(w.Events.OwnFeed(w.As("bo"), w.Clock.Now(), 10))(t)
	if len(feed) != 1 || feed[0].UID != dates[1].ID+"@faellesskab" {
		t.Errorf("bo's feed has %+v", feed)
	}
	for i, o := range datesOf(t, w, e.ID) {
		want := 1
		if i == 1 {
			want = 0
		}
		if left := *o.SeatsLeft(); left != want {
			t.Errorf("date %d has %d seats left, want %d", i, left, want)
		}
	}
}

// 18: the window of sign-up moves with each date, by the clock on the wall.
func TestTheWindowOfSignUpMovesWithTheDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	closes := clock.Local("2026-12-01T12:00:00")
	e := series(t, w, g, "2026-12-05T18:00:00", schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=2"}, func(in *event.CreateInput) {
		in.SignUp = &booking.TermsInput{ClosesAt: &closes}
	})
	of := func(o *event.Occurrence) time.Time { return o.StartsAt.Add(-*o.Terms.ClosesBefore) }
	dates := datesOf(t, w, e.ID)
	if a, b := of(dates[0]), of(dates[1]); !a.Equal(at(t, "2026-12-01T12:00")) || !b.Equal(at(t, "2026-12-08T12:00")) {
		t.Errorf("closes at %s and %s", a, b)
	}
	editAll(t, w, e.ID, event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-12-12T18:00:00")), EndsAt: optional.Of(clock.Local("2026-12-12T20:00:00"))})
	if got := of(datesOf(t, w, e.ID)[0]); !got.Equal(at(t, "2026-12-08T12:00")) {
		t.Errorf("the date is moved by a week, and sign-up closes at %s", got)
	}
}

// Answers go with each of the dates, and nothing has changed if one date asks for more.
func TestAnswersForManyDates(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := publishedSeries(t, w, g, inDays(w, 3), "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) {
		in.SignUp = &booking.TermsInput{NamesGuests: true, Questions: []booking.QuestionInput{{Text: "Hvad spiser du?", Kind: booking.QuestionText, IsRequired: true}}}
	})
	dates := datesOf(t, w, e.ID)
	said := "Alt"
	right := event.AttendDatesInput{OccurrenceIDs: idsOf(dates), Guests: 1, GuestNames: []string{"Lis"},
		Answers: []booking.AnswerInput{{QuestionID: dates[0].Terms.Questions[0].ID, Text: &said}}}
	for field, change := range map[string]func(in *event.AttendDatesInput){
		"input.answers":              func(in *event.AttendDatesInput) { in.Answers = nil },
		"input.answers.0.questionId": func(in *event.AttendDatesInput) { in.Answers = []booking.AnswerInput{{QuestionID: "x", Text: &said}} },
		"input.guestNames":           func(in *event.AttendDatesInput) { in.GuestNames = nil },
	} {
		in := right
		change(&in)
		if _, err := w.Events.AttendDates(w.As("bo"), in); fieldOf(err) != field || !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%v at %q, want %q", err, fieldOf(err), field)
		}
	}
	if n := w.Count("bookings"); n != 0 {
		t.Fatalf("%d bookings", n)
	}
	outcomes := ct.Must(w.Events.AttendDates(w.As("bo"), right))(t)
	if got := gave(outcomes); got != "CONFIRMED CONFIRMED CONFIRMED" {
		t.Fatalf("got %s", got)
	}
	for _, o := range outcomes {
		if len(o.Booking.Answers) != 1 || *o.Booking.Answers[0].Text != said || len(o.Booking.NamedGuests) != 1 {
			t.Errorf("%s: %+v", o.OccurrenceID, o.Booking)
		}
	}
}

// A reminder of a date of a series names it, and its button gives up that date.
func TestAReminderOfASeriesIsOfItsDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, name := range []string{"bo", "cara", "dora"} {
		w.Person(name)
		w.Phone(name, name)
	}
	_, dates := weekly(t, w)
	until(t, w, "2026-05-15T18:00")
	n := 0
	for _, p := range w.Phones.Pushes() {
		if p.Device != "cara" {
			continue
		}
		n++
		if !strings.Contains(p.Body, "16. maj kl. 15.00") {
			t.Errorf("%s | %s", p.Title, p.Body)
		}
		at := slices.IndexFunc(p.Actions, func(a fcmsim.Action) bool { return a.Mutation == "cancelAttendance" })
		if at < 0 || p.Actions[at].Input["occurrenceId"] != dates[1].ID {
			t.Errorf("the buttons are %+v", p.Actions)
		}
	}
	if n != 1 {
		t.Errorf("cara is reminded %d times", n)
	}
}

// What lasts whole days is told without a time of day.
func TestNewsOfWholeDays(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	w.Phone("bo", "bo")
	e := ct.Must(w.Events.Create(w.As("anna"), event.CreateInput{GroupID: g.ID, Title: "Telttur", StartsAt: "2026-05-14T00:00:00", EndsAt: "2026-05-16T00:00:00",
		TimeZone: clock.Copenhagen, IsAllDay: true}))(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: ct.DateOf(e.ID)}))(t)
	w.Drain()
	told(w, "bo")
	until(t, w, "2026-05-13T18:00")
	wantTold(t, w, "bo", "Husk Telttur | i morgen, torsdag den 14. maj")
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(clock.Local("2026-05-21T00:00:00"))}))(t)
	until(t, w, "2026-05-13T18:10")
	wantTold(t, w, "bo", "Haven: Telttur er flyttet | Ny tid: torsdag den 21. maj · Før: torsdag den 14. maj")
}
