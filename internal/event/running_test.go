package event_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/place"
)

// festival is a party that lasts from Sunday 3 May at 15:00 to Wednesday at 15:00.
func festival(t *testing.T) (*ct.World, *event.Event) {
	t.Helper()
	return party(t, "2026-05-03T15:00", func(in *event.CreateInput) { in.EndsAt = "2026-05-06T15:00:00" })
}

// An event is past when it has ended, and not when it has started.
func TestAnEventIsListedUntilItEnds(t *testing.T) {
	t.Parallel()
	w, e := festival(t)
	for _, row := range []struct {
		at                          string
		isListed, isComing, hasBeen bool
	}{
		{"2026-05-03T14:59", true, true, false},
		{"2026-05-03T15:00", true, true, false},
		{"2026-05-03T15:01", true, true, false},
		{"2026-05-06T14:59", true, true, false},
		{"2026-05-06T15:00", false, false, true},
		{"2026-05-20T15:00", false, false, true},
	} {
		until(t, w, row.at)
		for who, ctx := range map[string]func() *event.Filter{"all": func() *event.Filter { return nil }, "of the group": func() *event.Filter { return &event.Filter{GroupID: &e.GroupID} }} {
			list := ct.Must(w.Events.List(w.As("bo"), ctx(), page.Args{First: 10}))(t)
			if got := len(list.Edges) == 1; got != row.isListed {
				t.Errorf("%s: listed %s: %t, want %t", row.at, who, got, row.isListed)
			}
		}
		coming := ct.Must(w.Events.Upcoming(w.As("bo"), page.Args{First: 10}))(t)
		past := ct.Must(w.Events.Past(w.As("bo"), page.Args{First: 10}))(t)
		if (len(coming.Edges) == 1) != row.isComing || (len(past.Edges) == 1) != row.hasBeen {
			t.Errorf("%s: %d coming and %d past", row.at, len(coming.Edges), len(past.Edges))
		}
	}
}

// From is an instant after which an event still lasts.
func TestEventsThatLastBeyondAnInstant(t *testing.T) {
	t.Parallel()
	w, _ := festival(t)
	for _, row := range []struct {
		from, to string
		want     bool
	}{
		{"2026-05-01T00:00", "2026-05-03T15:00", false},
		{"2026-05-01T00:00", "2026-05-03T15:01", true},
		{"2026-05-04T00:00", "2026-05-05T00:00", true},
		{"2026-05-06T14:59", "2026-05-09T00:00", true},
		{"2026-05-06T15:00", "2026-05-09T00:00", false},
	} {
		from, to := at(t, row.from), at(t, row.to)
		list := ct.Must(w.Events.List(w.As("bo"), &event.Filter{From: &from, To: &to}, page.Args{First: 10}))(t)
		if got := len(list.Edges) == 1; got != row.want {
			t.Errorf("%s to %s: listed: %t", row.from, row.to, got)
		}
	}
}

// One's own past dates are those at which one had a seat, the latest first, page by page.
func TestOwnPastEvents(t *testing.T) {
	t.Parallel()
	w, first := party(t, "2026-05-03T15:00")
	var want []string
	for _, day := range []string{"2026-05-07T15:00", "2026-05-05T15:00", "2026-05-04T15:00"} {
		e := w.PublishedAt("anna", first.GroupID, at(t, day), nil)
		w.MustAttend("bo", e.ID, 0)
		want = append(want, e.ID)
	}
	given := w.PublishedAt("anna", first.GroupID, at(t, "2026-05-06T15:00"), nil)
	w.MustAttend("bo", given.ID, 0)
	if err := w.Leave("bo", given.ID); err != nil {
		t.Fatal(err)
	}
	called := w.PublishedAt("anna", first.GroupID, at(t, "2026-05-06T18:00"), nil)
	w.MustAttend("bo", called.ID, 0)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: called.ID}))(t)
	w.Drain()
	until(t, w, "2026-05-08T15:00")
	var got []string
	after := ""
	for range 5 {
		list := ct.Must(w.Events.Past(w.As("bo"), page.Args{First: 1, After: after}))(t)
		for _, edge := range list.Edges {
			got = append(got, edge.Node.EventID)
		}
		if !list.PageInfo.HasNextPage {
			break
		}
		after = *list.PageInfo.EndCursor
	}
	if diff := cmp.Diff(append(want, first.ID), got); diff != "" {
		t.Errorf("past (-want +got):\n%s", diff)
	}
	if list := ct.Must(w.Events.Past(w.As("cara"), page.Args{First: 10}))(t); len(list.Edges) != 0 {
		t.Errorf("cara has been at %d", len(list.Edges))
	}
}

// What runs can be edited and cancelled, and people who are there are told, until it ends.
func TestARunningEventIsEdited(t *testing.T) {
	t.Parallel()
	hall, text, title := "Salen", "Vi fortsætter.", "Sommerfest"
	for name, row := range map[string]struct {
		in   event.UpdateInput
		want []string
	}{
		"the end":             {event.UpdateInput{EndsAt: optional.Of(clock.Local("2026-05-05T12:00:00"))}, []string{"Haven: Fest har ny sluttid | Ny sluttid: tirsdag den 5. maj kl. 12.00"}},
		"the venue":           {event.UpdateInput{Place: optional.Of(place.Input{Name: &hall})}, []string{"Haven: Fest er flyttet | søndag den 3. maj kl. 15.00 · Nyt sted: Salen"}},
		"the text":            {event.UpdateInput{Description: optional.Of(text)}, nil},
		"the name":            {event.UpdateInput{Title: optional.Of(title)}, nil},
		"the start as it was": {event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-03T15:00:00")), EndsAt: optional.Of(clock.Local("2026-05-06T18:00:00"))}, []string{"Haven: Fest har ny sluttid | Ny sluttid: onsdag den 6. maj kl. 18.00"}},
		"a start ahead":       {event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-05T15:00:00"))}, []string{"Haven: Fest er flyttet | Ny tid: tirsdag den 5. maj kl. 15.00 · Før: søndag den 3. maj kl. 15.00"}},
	} {
		w, e := festival(t)
		until(t, w, "2026-05-04T10:00")
		w.Phones.Reset()
		change(t, w, e, row.in)
		if got := told(w, "bo"); !slices.Equal(got, row.want) {
			t.Errorf("%s: told %q, want %q", name, got, row.want)
		}
	}
}

func TestARunningEventIsCancelled(t *testing.T) {
	t.Parallel()
	w, e := festival(t)
	until(t, w, "2026-05-04T22:00") // in quiet hours: people may be on their way
	w.Phones.Reset()
	reason := "Det regner ind."
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID, Reason: &reason}))(t)
	w.Drain()
	wantTold(t, w, "bo", "Haven: Fest er aflyst | Det stopper før tid. Skulle have varet til onsdag den 6. maj kl. 15.00. Det regner ind.")
}

// viewerCan and the server agree on what is past, from before the start to after the end.
func TestPastMeansEnded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		at     string
		isOver bool
	}{{"2026-05-03T15:00", false}, {"2026-05-06T14:59", false}, {"2026-05-06T15:00", true}, {"2026-06-06T15:00", true}} {
		for name, act := range map[event.Action]func(*ct.World, *event.Event) error{
			event.ActionEdit: func(w *ct.World, e *event.Event) error {
				_, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Description: optional.Of("Mere.")})
				return err
			},
			event.ActionCancel: func(w *ct.World, e *event.Event) error {
				_, err := w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID})
				return err
			},
		} {
			w, e := festival(t)
			until(t, w, row.at)
			can := e.Can(auth.FromContext(w.As("anna")), w.Clock.Now())
			err := act(w, e)
			if slices.Contains(can, name) == row.isOver || (err != nil) != row.isOver || row.isOver && !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s at %s: viewerCan %v, and %v", name, row.at, can, err)
			}
		}
	}
}

// A start in the past is refused where something is made or moved there.
func TestNothingIsPutIntoThePast(t *testing.T) {
	t.Parallel()
	w, e := festival(t)
	draft := w.DraftAt("anna", e.GroupID, at(t, "2026-05-04T09:00"))
	until(t, w, "2026-05-04T10:00")
	for name, act := range map[string]func() error{
		"moved within the past": func() error {
			_, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(clock.Local("2026-05-03T16:00:00"))})
			return err
		},
		"ended before now": func() error {
			_, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, EndsAt: optional.Of(clock.Local("2026-05-04T10:00:00"))})
			return err
		},
		"moved by its zone": func() error {
			_, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, TimeZone: optional.Of(newYork)})
			return err
		},
		"made": func() error {
			_, err := w.Events.Create(w.As("anna"), event.CreateInput{GroupID: e.GroupID, Title: "Fest", StartsAt: "2026-05-04T09:59:00", EndsAt: "2026-05-05T10:00:00", TimeZone: clock.Copenhagen})
			return err
		},
	} {
		if err := act(); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.Events.Publish(w.As("anna"), event.PublishInput{EventID: draft.ID}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a draft that has started is published: %v", err)
	}
	w.WantRefused("cara", e.ID, booking.RefusedStarted)
}

// A draft whose date has passed is found among the drafts. It can be cancelled, or get another date and be
// published.
func TestADraftOfThePastGetsAnotherDate(t *testing.T) {
	t.Parallel()
	w, e := festival(t)
	draft, other := w.DraftAt("anna", e.GroupID, at(t, "2026-05-04T09:00")), w.DraftAt("anna", e.GroupID, at(t, "2026-05-05T09:00"))
	until(t, w, "2026-06-04T10:00")
	state := event.StateDraft
	if list := ct.Must(w.Events.List(w.As("anna"), &event.Filter{GroupID: &e.GroupID, State: &state}, page.Args{First: 10}))(t); len(list.Edges) != 2 {
		t.Errorf("%d drafts are listed", len(list.Edges))
	}
	can := ct.Must(w.Events.Get(w.As("anna"), draft.ID))(t).Can(auth.FromContext(w.As("anna")), w.Clock.Now())
	if diff := cmp.Diff([]event.Action{event.ActionCancel, event.ActionEdit, event.ActionInviteCoHost, event.ActionName}, can); diff != "" {
		t.Errorf("viewerCan (-want +got):\n%s", diff)
	}
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: other.ID}))(t)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: draft.ID, Description: optional.Of("Mere.")}))(t)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: draft.ID, StartsAt: optional.Of(clock.Local("2026-06-05T09:00:00"))}))(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: draft.ID}))(t)
}
