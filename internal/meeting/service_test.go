package meeting_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/meeting"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/testkit"
)

// over is a date that is over, to which so many people were signed up, and those people.
func over(t *testing.T, people int) (w *ct.World, e *event.Event, names []string) {
	t.Helper()
	w = ct.New(t)
	g := w.Group("anna")
	e = w.PublishedEvent("anna", g.ID, nil)
	for i := range people {
		names = append(names, fmt.Sprintf("guest%d", i))
		w.Join(g.ID, names[i])
		w.MustAttend(names[i], e.ID, 0)
	}
	w.RunPending()
	w.Clock.Advance(e.EndsAt.Add(time.Hour).Sub(w.DB.Now()))
	return w, e, names
}

func give(w *ct.World, name string, e *event.Event, rating int, said string) error {
	_, err := w.Meetings.GiveFeedback(w.As(name), meeting.GiveFeedbackInput{OccurrenceID: new(ct.DateOf(e.ID)), Rating: rating, Text: &said})
	return err
}

// Whoever came says once how it was, and organisers see it from five answers on. Nothing that is kept joins an answer and a
// person.
func TestFeedbackIsGivenOnceAndShownFromFive(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 5)
	date := ct.DateOf(e.ID)
	seen := func(who string) *meeting.Feedback {
		return ct.Must(w.Meetings.FeedbackOf(w.As(who), []string{date}))(t)[date]
	}
	for i, name := range names {
		if f := seen("anna"); f != nil {
			t.Fatalf("after %d answers the organiser sees %+v", i, f)
		}
		if err := give(w, name, e, i+1, "hemmeligt "+name); err != nil {
			t.Fatal(err)
		}
		if err := give(w, name, e, 1, "igen"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second answer: %v", err)
		}
	}
	if f := seen("anna"); f == nil || f.Count != 5 || f.Average != 3 || len(f.Texts) != 5 {
		t.Errorf("the organiser sees %+v", f)
	}
	if f := seen(names[0]); f != nil {
		t.Errorf("somebody who came sees %+v", f)
	}
	if err := give(w, "zoe", e, 3, ""); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("somebody who was not there: %v", err)
	}
	for collection, at := range testkit.MentionsAnywhere(t, w.DB, "hemmeligt") {
		if collection != "feedback_answers" || len(at) != 5 {
			t.Errorf("%s holds answers: %v", collection, at)
		}
	}
	if at := testkit.Mentions(t, w.DB, "feedback_answers", "per_"); len(at) > 0 {
		t.Errorf("answers name people: %v", at)
	}
}

// The record of a call knows nothing of the answer, not even a digest: under the same key another answer is no other call.
func TestTheRecordOfACallKnowsNoAnswer(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	for rating := 1; rating <= 2; rating++ {
		_, err := w.Meetings.GiveFeedback(w.As(names[0]), meeting.GiveFeedbackInput{ClientMutationID: new("5f0c6c1e-8a1b-4a57-9d5e-1f2a3b4c5d6e"),
			OccurrenceID: new(ct.DateOf(e.ID)), Rating: rating})
		if err != nil {
			t.Errorf("a rating of %d: %v", rating, err)
		}
	}
}

// Feedback closes 30 days after the end, and does not open before it.
func TestFeedbackCloses(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 1)
	w.Clock.Advance(30 * 24 * time.Hour)
	if err := give(w, names[0], e, 3, ""); !fault.Is(err, fault.KindConflict) {
		t.Errorf("after 30 days: %v", err)
	}
}

// Items of an agenda keep their ids and the people who put them there when they are moved and changed.
func TestAgendaKeepsItsItems(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	save := func(items ...meeting.AgendaItemInput) []*meeting.AgendaItem {
		ct.Must(w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: items}))(t)
		return ct.Must(w.Meetings.Agendas(w.As("anna"), []string{e.ID}))(t)[e.ID].List()
	}
	first := save(meeting.AgendaItemInput{Text: "Valg"}, meeting.AgendaItemInput{Text: "Kaffe"})
	then := save(meeting.AgendaItemInput{Text: "Nyt"}, meeting.AgendaItemInput{ID: &first[1].ID, Text: "Kage"})
	if then[1].ID != first[1].ID || then[1].Position != 2 || then[1].Text != "Kage" || then[0].ID == first[0].ID {
		t.Errorf("%+v became %+v", first[1], then[1])
	}
	if found := ct.Must(w.Meetings.ItemsByIDs(w.As("zoe"), []string{then[0].ID}))(t); found[then[0].ID] == nil {
		t.Error("an item is not found by its id")
	}
	_, err := w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{ID: &first[0].ID, Text: "Valg"}}})
	if err == nil {
		t.Error("an item that is gone is kept")
	}
	if _, err := w.Meetings.SaveAgenda(w.As("zoe"), meeting.SaveAgendaInput{EventID: e.ID}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("somebody else saves the agenda: %v", err)
	}
}

// Minutes are written from the start on, and those of the latest date are the event's.
func TestMinutes(t *testing.T) {
	t.Parallel()
	w, e, _ := over(t, 1)
	date := ct.DateOf(e.ID)
	ct.Must(w.Meetings.SaveMinutes(w.As("anna"), meeting.SaveMinutesInput{OccurrenceID: date, Text: "Vi valgte"}))(t)
	for _, of := range []string{date, e.ID} {
		if m := ct.Must(w.Meetings.MinutesOf(w.As("zoe"), []string{of}))(t)[of]; m == nil || m.Text != "Vi valgte" {
			t.Errorf("the minutes of %s are %+v", of, m)
		}
	}
	early := w.PublishedEvent("anna", e.GroupID, nil)
	if _, err := w.Meetings.SaveMinutes(w.As("anna"), meeting.SaveMinutesInput{OccurrenceID: ct.DateOf(early.ID), Text: "x"}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("minutes before the start: %v", err)
	}
	if _, err := w.Meetings.SaveMinutes(w.As("zoe"), meeting.SaveMinutesInput{OccurrenceID: date, Text: "x"}); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("somebody else writes the minutes: %v", err)
	}
}

// The day after a date its organiser is reminded of the minutes and those who came are asked, once.
func TestWhatFollowsADateIsToldOnce(t *testing.T) {
	t.Parallel()
	w, _, names := over(t, 1)
	w.Clock.Advance(36 * time.Hour)
	for range 2 {
		if err := w.Meetings.FollowUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Drain()
	}
	for name, kind := range map[string]notify.Kind{"anna": meeting.NoticeMinutesDue, names[0]: meeting.NoticeHowWasIt} {
		n := 0
		for _, notice := range w.Notices(name) {
			if notice.Kind == kind {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s has %d notices of %s", name, n, kind)
		}
	}
}

// The link of an online venue is for those who have a seat and those who organise.
func TestLinkIsForThoseWhoHaveASeat(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	in := event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{OnlineURL: new("https://moede.example/1")})}
	e = ct.Must(w.Events.Update(w.As("anna"), in))(t)
	w.MustAttend("bo", e.ID, 0)
	of := e.Venue().LinkOf()
	for name, has := range map[string]bool{"anna": true, "bo": true, "zoe": false} {
		if got := ct.Must(w.Meetings.Admissions(w.As(name), of))(t)[of[0]]; bool(got) != has {
			t.Errorf("%s gets the link: %t", name, got)
		}
	}
}
