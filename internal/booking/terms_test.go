package booking_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// asking is a world with one published event of anna's, which asks something of those who sign up.
func asking(t *testing.T, start time.Time, capacity *int, in booking.TermsInput) (*ct.World, string) {
	t.Helper()
	w := ct.New(t)
	e := w.PublishedAt("anna", w.Group("anna").ID, start, capacity)
	ask(t, w, e.ID, in)
	return w, e.ID
}

func ask(t *testing.T, w *ct.World, eventID string, in booking.TermsInput) *event.Event {
	t.Helper()
	return ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: eventID, SignUp: optional.Of(in)}))(t)
}

func onWall(s clock.Local) *clock.Local { return &s }

var inTwoWeeks = ct.Noon.Add(14 * 24 * time.Hour)

func TestSignUpOpensAndCloses(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(5), booking.TermsInput{OpensAt: onWall("2026-05-04T00:00:00"), ClosesAt: onWall("2026-05-10T20:00:00")})
	r := w.WantRefused("bo", e, booking.RefusedNotOpen)
	if want := time.Date(2026, 5, 3, 22, 0, 0, 0, time.UTC); r.OpensAt == nil || !r.OpensAt.Equal(want) || r.ClosedAt != nil || r.Message == "" {
		t.Errorf("before it opens: %v, %q", r.OpensAt, r.Message)
	}
	w.Clock.Advance(3*24*time.Hour - 2*time.Hour)
	w.MustAttend("bo", e, 0)
	w.Clock.Advance(7 * 24 * time.Hour)
	r = w.WantRefused("cara", e, booking.RefusedClosed)
	if want := time.Date(2026, 5, 10, 18, 0, 0, 0, time.UTC); r.ClosedAt == nil || !r.ClosedAt.Equal(want) || r.OpensAt != nil || r.Message == "" {
		t.Errorf("after it has closed: %v, %q", r.ClosedAt, r.Message)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Errorf("leaving is always allowed: %v", err)
	}
	w.CheckSeats(e)
}

// worldcubeassociation.org#1799: sign-up opens at midnight by the clock on the wall.
func TestKnownBreak42OpensAtMidnightOnTheWall(t *testing.T) {
	t.Parallel()
	w, e := asking(t, time.Date(2026, 9, 1, 17, 0, 0, 0, time.UTC), nil, booking.TermsInput{OpensAt: onWall("2026-08-04T00:00:00")})
	b := w.Bookable(ct.DateOf(e))
	if want := time.Date(2026, 8, 3, 22, 0, 0, 0, time.UTC); b.SignUp().OpensAt == nil || !b.SignUp().OpensAt.Equal(want) {
		t.Errorf("opens at %v", b.SignUp().OpensAt)
	}
}

// Squire#208: 5 → 12 December takes the closing of sign-up along.
func TestKnownBreak18TheWindowMovesWithTheDate(t *testing.T) {
	t.Parallel()
	w, e := asking(t, time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC), nil, booking.TermsInput{ClosesAt: onWall("2026-12-01T23:59:00")})
	moved := ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, StartsAt: optional.Of(clock.Local("2026-12-12T11:00:00"))}))(t)
	want := time.Date(2026, 12, 8, 22, 59, 0, 0, time.UTC)
	if got := moved.SignUp().ClosesAt; got == nil || !got.Equal(want) {
		t.Errorf("of the event: %v", got)
	}
	if got := w.Bookable(ct.DateOf(e)).SignUp().ClosesAt; got == nil || !got.Equal(want) {
		t.Errorf("of the date: %v", got)
	}
}

func questions() []booking.QuestionInput {
	return []booking.QuestionInput{
		{Text: "Hvad spiser du ikke?", Kind: booking.QuestionText},
		{Text: "Hvilket hold?", Kind: booking.QuestionChoice, Options: []string{"Morgen", "Aften"}, IsRequired: true},
		{Text: "Hvad tager du med?", Kind: booking.QuestionChoices, Options: []string{"Kage", "Kaffe", "Saft"}},
		{Text: "Må vi tage billeder?", Kind: booking.QuestionYesNo, IsRequired: true},
	}
}

// answers are answers to both required questions of an event.
func answers(w *ct.World, eventID string) []booking.AnswerInput {
	q, no := w.Bookable(ct.DateOf(eventID)).SignUp().Questions, false
	return []booking.AnswerInput{{QuestionID: q[1].ID, Choices: []string{"Aften"}}, {QuestionID: q[3].ID, IsYes: &no}}
}

func attend(w *ct.World, name, eventID string, change func(*event.AttendInput)) (*booking.SignedUp, error) {
	in := event.AttendInput{OccurrenceID: ct.DateOf(eventID)}
	change(&in)
	return w.Events.Attend(w.As(name), in)
}

func TestRequiredQuestionsAreAnswered(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(2), booking.TermsInput{Questions: questions()})
	_, err := w.Attend("bo", e, 0)
	ct.WantKind(t, err, fault.KindInvalid)
	ct.WantField(t, err, "input.answers")
	all := answers(w, e)
	_, err = attend(w, "bo", e, func(in *event.AttendInput) { in.Answers = all[:1] })
	ct.WantKey(t, err, "booking.answer.required")
	r, err := attend(w, "bo", e, func(in *event.AttendInput) { in.Answers = all })
	if err != nil || r.Booking.State != booking.Confirmed {
		t.Fatalf("with answers: %+v, %v", r, err)
	}
	got := w.BookingsAt(ct.DateOf(e))[0].Answers
	if len(got) != 2 || got[0].Question != "Hvilket hold?" || got[0].Choices[0] != "Aften" || *got[1].IsYes {
		t.Errorf("answers %+v", got)
	}
	w.CheckSeats(e)
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(2), booking.TermsInput{Questions: questions()})
	q, yes, text := w.Bookable(ct.DateOf(e)).SignUp().Questions, true, "nej"
	for field, in := range map[string]booking.AnswerInput{
		"input.answers.0.questionId": {QuestionID: "que_00000000000000000000000000", Text: &text},
		"input.answers.0.choices.0":  {QuestionID: q[1].ID, Choices: []string{"Nat"}},
		"input.answers.0.choices":    {QuestionID: q[1].ID, Choices: []string{"Aften", "Morgen"}},
		"input.answers.0.text":       {QuestionID: q[3].ID, Text: &text},
		"input.answers.0.isYes":      {QuestionID: q[0].ID, IsYes: &yes},
		"input.answers.0.choices.1":  {QuestionID: q[2].ID, Choices: []string{"Kage", "Kage"}},
	} {
		_, err := attend(w, "bo", e, func(a *event.AttendInput) { a.Answers = []booking.AnswerInput{in} })
		ct.WantField(t, err, field)
	}
	plain := w.PublishedEvent("anna", w.Group("anna").ID, nil).ID
	_, err := attend(w, "bo", plain, func(a *event.AttendInput) { a.Answers = []booking.AnswerInput{{QuestionID: q[0].ID, Text: &text}} })
	ct.WantField(t, err, "input.answers.0.questionId")
	if n := w.CheckSeats(e).SeatsTaken + w.CheckSeats(plain).SeatsTaken; n != 0 {
		t.Errorf("%d seats are taken", n)
	}
}

// Whoever has not answered what is required is asked, however near the start is.
func TestPromotedWithoutAnswersIsOfferedNotGranted(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(20*time.Hour), ct.Seats(1), booking.TermsInput{Questions: questions()})
	all := answers(w, e)
	if r, err := attend(w, "bo", e, func(in *event.AttendInput) { in.Answers = all }); err != nil || r.Booking.State != booking.Confirmed {
		t.Fatal(err)
	}
	if s := w.MustAttend("cara", e, 0); s != booking.Waitlisted {
		t.Fatalf("cara is %s", s)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	wantButtons(t, w, "DECLINE_OFFER")
	ct.WantField(t, w.Accept("cara", e), "input.answers")
	_, err := w.Bookings.AcceptOffer(w.As("cara"), booking.OfferInput{BookingID: booking.IDOf(ct.DateOf(e), ct.PersonID("cara")), Answers: all})
	if err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
	if got := w.BookingsAt(ct.DateOf(e)); len(got[0].Answers)+len(got[1].Answers) != 4 {
		t.Errorf("answers %+v", got)
	}
	w.CheckSeats(e)
}

// wantButtons checks which buttons the only push about an offer has.
func wantButtons(t *testing.T, w *ct.World, names ...string) {
	t.Helper()
	jobs := w.Jobs(booking.NoticeSeatOffered)
	if len(jobs) != 1 {
		t.Fatalf("told of %d offers", len(jobs))
	}
	news, got := notify.News{Kind: jobs[0].Kind, Subject: jobs[0].Subject, Args: jobs[0].Args}, []string(nil)
	for _, a := range w.News.ActionsOn(news) {
		if a.Name != "MUTE_THREAD" && a.Input(news) != nil {
			got = append(got, a.Name)
		}
	}
	if !slices.Equal(got, names) {
		t.Errorf("buttons %v, want %v", got, names)
	}
}

// Whoever has answered accepts an offer by one tap.
func TestAnOfferToSomebodyWhoHasAnswered(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{Questions: questions()})
	for _, name := range []string{"bo", "cara"} {
		if _, err := attend(w, name, e, func(in *event.AttendInput) { in.Answers = answers(w, e) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	wantButtons(t, w, "ACCEPT_OFFER", "DECLINE_OFFER")
	if err := w.Accept("cara", e); err != nil {
		t.Error(err)
	}
}

func TestWaitersWithAnswersAreGranted(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(20*time.Hour), ct.Seats(1), booking.TermsInput{Questions: questions()})
	for _, name := range []string{"bo", "cara"} {
		if _, err := attend(w, name, e, func(in *event.AttendInput) { in.Answers = answers(w, e) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
}
