package event_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
)

// eventAt is a published event of an hour in a group, which begins then.
func eventAt(ctx context.Context, t *testing.T, w *ct.World, g *group.Group, start, end clock.Local) *event.Event {
	t.Helper()
	e := ct.Must(w.Events.Create(ctx, event.CreateInput{GroupID: g.ID, Title: "Sang", StartsAt: start, EndsAt: end, TimeZone: clock.Copenhagen}))(t)
	return ct.Must(w.Events.Publish(ctx, event.PublishInput{EventID: e.ID}))(t)
}

// The day is one on which the clock is put forward. What the viewer may not see, what is cancelled or a draft, what lies
// elsewhere, and the event itself do not count.
func TestHowManyOthersLieOnAnEvening(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ct.Must(w.LoadAreas(t.Context()))(t)
	areas := ct.Must(w.Areas.List(t.Context()))(t)
	in := func(i int) func(*group.CreateInput) {
		return func(in *group.CreateInput) { in.AreaID = &areas[i].ID }
	}
	own, other, elsewhere := w.Group("anna", in(0)), w.Group("bo", in(0)), w.Group("bo", in(1))
	hidden := w.Group("bo", in(0), func(in *group.CreateInput) {
		in.Visibility, in.JoinPolicy = group.VisibilityHidden, group.JoinInvite
	})
	anna, bo := w.As("anna"), w.As("bo")
	eventAt(bo, t, w, other, "2027-03-28T17:30:00", "2027-03-28T18:30:00") // in the evening
	eventAt(bo, t, w, other, "2027-03-28T15:00:00", "2027-03-28T17:30:00") // from the day into the evening
	eventAt(bo, t, w, other, "2027-03-28T23:30:00", "2027-03-29T01:30:00") // into the night
	eventAt(bo, t, w, other, "2027-03-28T09:00:00", "2027-03-28T17:00:00") // until the evening
	eventAt(bo, t, w, other, "2027-03-25T09:00:00", "2027-03-28T17:00:01") // for days
	eventAt(bo, t, w, other, "2027-03-29T00:00:00", "2027-03-29T02:00:00") // the day after
	eventAt(bo, t, w, other, "2027-03-27T20:00:00", "2027-03-28T00:00:00") // the day before
	eventAt(bo, t, w, hidden, "2027-03-28T19:00:00", "2027-03-28T20:00:00")
	eventAt(bo, t, w, elsewhere, "2027-03-28T19:00:00", "2027-03-28T20:00:00")
	cancelled := eventAt(bo, t, w, other, "2027-03-28T19:00:00", "2027-03-28T20:00:00")
	ct.Must(w.Events.Cancel(bo, event.CancelInput{EventID: cancelled.ID}))(t)
	ct.Must(w.Events.Create(bo, event.CreateInput{GroupID: other.ID, Title: "Kladde", StartsAt: "2027-03-28T19:00:00", EndsAt: "2027-03-28T20:00:00", TimeZone: clock.Copenhagen}))(t)
	mine := eventAt(anna, t, w, own, "2027-03-28T18:00:00", "2027-03-28T21:00:00")
	w.RunPending()

	ask := func(start clock.Local, end *clock.Local, but *string) int {
		t.Helper()
		return *ct.Must(w.Events.OthersThatEvening(anna, event.EveningInput{GroupID: own.ID, EventID: but, StartsAt: start, EndsAt: end, TimeZone: clock.Copenhagen}))(t)
	}
	for _, c := range []struct {
		name  string
		start clock.Local
		end   clock.Local
		want  int
	}{
		{"an evening", "2027-03-28T19:00:00", "2027-03-28T21:00:00", 5},
		{"into the night", "2027-03-28T22:00:00", "2027-03-29T04:00:00", 5},
		{"the start alone", "2027-03-28T17:00:00", "", 5},
		{"a morning", "2027-03-28T10:00:00", "2027-03-28T12:00:00", 3},
		{"until the evening", "2027-03-28T10:00:00", "2027-03-28T17:00:00", 3},
		{"a whole day", "2027-03-28T10:00:00", "2027-03-28T18:00:00", 6},
		{"the day after", "2027-03-29T19:00:00", "2027-03-29T21:00:00", 0},
		{"the night after", "2027-03-29T00:30:00", "2027-03-29T01:00:00", 2},
	} {
		end := &c.end
		if c.end == "" {
			end = nil
		}
		if got := ask(c.start, end, nil); got != c.want {
			t.Errorf("%s: %d others, want %d", c.name, got, c.want)
		}
	}
	if n := ask("2027-03-28T19:00:00", nil, &mine.ID); n != 4 {
		t.Errorf("%d others than the event itself, want 4", n)
	}
	if n := *ct.Must(w.Events.OthersOn(anna, mine))(t); n != 4 {
		t.Errorf("%d others than the event that was made, want 4", n)
	}
	if n := ct.Must(w.Events.OthersThatEvening(w.As("cara"), event.EveningInput{GroupID: w.Group("cara").ID, StartsAt: "2027-03-28T19:00:00", TimeZone: clock.Copenhagen}))(t); n != nil {
		t.Errorf("%d others of no area", *n)
	}
}

func TestAnEveningThatIsNone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	hidden := w.Group("bo", func(in *group.CreateInput) {
		in.Visibility, in.JoinPolicy = group.VisibilityHidden, group.JoinInvite
	})
	g, early, far := w.Group("anna"), clock.Local("2027-03-28T18:00:00"), clock.Local("2027-03-28T19:00:00").Plus(15*24*time.Hour)
	other := "grp_x"
	for _, c := range []struct {
		name, field string
		in          event.EveningInput
	}{
		{"in the hour that is left out", "input.startsAt", event.EveningInput{GroupID: g.ID, StartsAt: "2027-03-28T02:30:00"}},
		{"over before it begins", "input.endsAt", event.EveningInput{GroupID: g.ID, StartsAt: "2027-03-28T19:00:00", EndsAt: &early}},
		{"too long", "input.endsAt", event.EveningInput{GroupID: g.ID, StartsAt: "2027-03-28T19:00:00", EndsAt: &far}},
		{"no group", "input.groupId", event.EveningInput{GroupID: "x", StartsAt: "2027-03-28T19:00:00"}},
		{"no event", "input.eventId", event.EveningInput{GroupID: g.ID, EventID: &other, StartsAt: "2027-03-28T19:00:00"}},
	} {
		c.in.TimeZone = clock.Copenhagen
		_, err := w.Events.OthersThatEvening(w.As("anna"), c.in)
		t.Log(c.name)
		ct.WantField(t, err, c.field)
	}
	in := event.EveningInput{GroupID: hidden.ID, StartsAt: "2027-03-28T19:00:00", TimeZone: clock.Copenhagen}
	_, err := w.Events.OthersThatEvening(w.As("anna"), in)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Events.OthersThatEvening(t.Context(), in)
	ct.WantKind(t, err, fault.KindUnauthenticated)
}
