package event_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// What people were told, and what they have not been told yet: see the table in package
// schedule.

func moveTo(t *testing.T, w *ct.World, e *event.Event, start clock.Local) {
	t.Helper()
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(start)}))(t)
}

// News that waits for the morning does not tell what may still be taken back.
func TestNewsOfTheMorningTellsNothingThatIsStillHeld(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]bool{"it stays": false, "it is taken back": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-09T15:00")
			until(t, w, "2026-05-01T22:00")
			moveTo(t, w, e, "2026-05-09T18:00:00")
			until(t, w, "2026-05-01T22:02")
			until(t, w, "2026-05-02T07:59")
			moveTo(t, w, e, "2026-05-09T19:00:00")
			until(t, w, "2026-05-02T08:00")
			wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00")
			if back {
				moveTo(t, w, e, "2026-05-09T18:00:00")
			}
			until(t, w, "2026-05-02T08:03")
			if back {
				wantTold(t, w, "bo")
			} else {
				wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 19.00")
			}
		})
	}
}

// A process dies after it has noted that news is told and before it has queued it. Until
// another does it again, the event is moved back to where the news before it said.
func TestNewsThatDiedWithItsProcessIsTold(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-09T15:00")
	until(t, w, "2026-05-01T22:00")
	moveTo(t, w, e, "2026-05-09T18:00:00")
	until(t, w, "2026-05-01T22:02")
	moveTo(t, w, e, "2026-05-09T19:00:00")
	enqueue := w.Events.Enqueue
	w.Events.Enqueue = func(context.Context, notify.Cause) error { return errors.New("the process has died") }
	w.Clock.Advance(2 * time.Minute)
	if _, err := w.Timers.Fire(t.Context()); err == nil {
		t.Fatal("the process lives on")
	}
	w.Events.Enqueue = enqueue
	moveTo(t, w, e, "2026-05-09T18:00:00")
	until(t, w, "2026-05-01T23:00")
	wantTold(t, w, "bo")
	until(t, w, "2026-05-02T08:00")
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00")
}

// An editor has read the event before its last change is told, and writes after it.
func TestAChangeThatMeetsTheTellingIsToldOnce(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := partyIn(t, w, "2026-05-09T15:00")
	moveTo(t, w, e, "2026-05-09T18:00:00")
	w.Clock.Advance(2 * time.Minute)
	came := false
	m.Before("update", "events", func() {
		came = true
		w.Fire()
	})
	hall := "Salen"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{Name: &hall})}))(t)
	w.Drain()
	if !came {
		t.Fatal("the moment did not come")
	}
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00")
	w.Clock.Advance(2 * time.Minute)
	w.Fire()
	w.Drain()
	wantTold(t, w, "bo", "Haven: Fest er flyttet | lørdag den 9. maj kl. 18.00 · Nyt sted: Salen")
}

// An editor writes after the event was read to be told, and before what is told is noted.
func TestAChangeAmidTheTellingIsToldWithIt(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := partyIn(t, w, "2026-05-09T15:00")
	moveTo(t, w, e, "2026-05-09T18:00:00")
	w.Clock.Advance(2 * time.Minute)
	came := false
	hall := "Salen"
	m.Before("update", "occurrences", func() {
		came = true
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{Name: &hall})}))(t)
	})
	w.Fire()
	w.Drain()
	if !came {
		t.Fatal("the moment did not come")
	}
	wantTold(t, w, "bo")
	w.Clock.Advance(2 * time.Minute)
	w.Fire()
	w.Drain()
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: lørdag den 9. maj kl. 18.00 · Før: lørdag den 9. maj kl. 15.00 · Nyt sted: Salen")
}

// A move says the start that people know. After a second one within a day nobody can tell which that is: some
// have heard of the first, and some hear of both in the morning.
func TestASecondMoveSaysTheStartThatPeopleKnow(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		"2026-05-02T10:00": "Ny tid: lørdag den 9. maj kl. 19.00",
		"2026-05-02T15:00": "Ny tid: lørdag den 9. maj kl. 19.00 · Før: lørdag den 9. maj kl. 18.00",
	} {
		w, e := party(t, "2026-05-09T15:00")
		change(t, w, e, event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-09T18:00:00"))})
		until(t, w, when)
		w.Phones.Reset()
		change(t, w, e, event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-09T19:00:00"))})
		wantTold(t, w, "bo", "Haven: Fest er flyttet | "+want)
	}
}

// Whoever is to come in a minute hears at once that they need not.
func TestAMoveAtTheLastMinuteIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-03T15:00")
	until(t, w, "2026-05-03T14:59")
	w.Phones.Reset()
	moveTo(t, w, e, "2026-05-04T15:00:00")
	until(t, w, "2026-05-03T14:59")
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: mandag den 4. maj kl. 15.00 · Før: søndag den 3. maj kl. 15.00")
}

// Whoever is there hears that it ends in a minute before it has ended, when nobody would be told any more.
func TestAnEndInAMinuteIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w, e := festival(t)
	until(t, w, "2026-05-04T10:00")
	w.Phones.Reset()
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, EndsAt: optional.Of(clock.Local("2026-05-04T10:01:00"))}))(t)
	until(t, w, "2026-05-04T10:00")
	wantTold(t, w, "bo", "Haven: Fest har ny sluttid | Ny sluttid: mandag den 4. maj kl. 10.01")
}

// What is called off is what people know: nobody hears of a date or a name that it had for a minute,
// and whoever is to come in the morning hears in the night that they need not.
func TestACancelledEventIsCalledWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-02T09:00")
	until(t, w, "2026-05-01T22:00")
	w.Phones.Reset()
	later, title := clock.Local("2026-05-09T18:00:00"), "Bal"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(later), Title: optional.Of(title)}))(t)
	w.Clock.Advance(time.Minute)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.Drain()
	wantTold(t, w, "bo", "Haven: Fest er aflyst | Skulle have været lørdag den 2. maj kl. 9.00.")
}

// The morning's news of it says the same.
func TestACancelledEventIsCalledWhatPeopleKnowInTheMorning(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-09T15:00")
	until(t, w, "2026-05-01T22:00")
	w.Phones.Reset()
	moveTo(t, w, e, "2026-05-10T18:00:00")
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.Drain()
	until(t, w, "2026-05-02T08:00")
	wantTold(t, w, "bo", "Haven: Fest er aflyst | Skulle have været lørdag den 9. maj kl. 15.00.")
}

// Whoever loses their seat a moment after a change hears of it under the name that they know, and nobody is
// reminded under another: the change is told, or taken back, by itself.
func TestNoOtherNewsTellsWhatWasChangedAMomentAgo(t *testing.T) {
	t.Parallel()
	change := func(w *ct.World, e *event.Event) {
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of("Bal")}))(w.T)
		w.Clock.Advance(30 * time.Second)
	}
	for name, row := range map[string]struct {
		at   string // when it is changed
		then func(w *ct.World, e *event.Event)
		want string
	}{
		"removed from the group": {"2026-05-01T20:00", func(w *ct.World, e *event.Event) {
			closed := group.VisibilityMembers
			ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: e.GroupID, Visibility: optional.Of(closed)}))(w.T)
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: e.GroupID, PersonID: ct.PersonID("bo")}))(w.T)
			w.RunPending()
			w.Drain()
		}, "Din plads gælder ikke længere: Fest"},
		"reminded": {"2026-05-01T17:59:40", func(w *ct.World, _ *event.Event) { w.Fire(); w.Drain() }, "Husk Fest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-02T18:00")
			until(t, w, row.at)
			w.Fire()
			w.Drain()
			w.Phones.Reset()
			change(w, e)
			row.then(w, e)
			pushes := w.Phones.Pushes()
			if len(pushes) != 1 || pushes[0].Title != row.want {
				t.Errorf("bo reads %+v, want %q", pushes, row.want)
			}
		})
	}
}

// An organiser who moves an event to and fro rings people three times in a day. What they do then is told when a
// day has passed, or before the reminder of the day before, and not at all if it has been taken back by then.
func TestMovingToAndFroHasAnEnd(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		start  string // in the evening of which day
		times  int
		until  string
		before int // pushes
		after  int
	}{
		"four times, and back":                          {"2026-05-09", 4, "2026-05-02T14:30", 3, 4},
		"five times, so that it stays":                  {"2026-05-09", 5, "2026-05-02T12:30", 3, 3},
		"it starts tomorrow":                            {"2026-05-02", 4, "2026-05-01T16:00", 3, 4},
		"it starts next week, and a day is not reached": {"2026-05-09", 4, "2026-05-02T08:05", 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, row.start+"T18:00")
			pushes := 0
			count := func() int { pushes += len(told(w, "bo")); return pushes }
			count()
			pushes = 0
			for i := range row.times {
				hour := []string{"T20:00:00", "T18:00:00"}[i%2]
				moveTo(t, w, e, clock.Local(row.start+hour))
				w.Clock.Advance(5 * time.Minute)
				w.Fire()
				w.Drain()
			}
			if n := count(); n != row.before {
				t.Errorf("%d pushes at once, want %d", n, row.before)
			}
			until(t, w, row.until)
			if n := count(); n != row.after {
				t.Errorf("%d pushes by %s, want %d", n, row.until, row.after)
			}
		})
	}
}

// What waits is told before the reminder of the day before, which reminds only of a date that people know.
func TestWhoeverIsMovedToAndFroIsRemindedAllTheSame(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-09T18:00")
	until(t, w, "2026-05-08T10:00")
	for _, hour := range []clock.Local{"2026-05-09T20:00:00", "2026-05-09T18:00:00", "2026-05-09T20:00:00", "2026-05-09T19:00:00"} {
		moveTo(t, w, e, hour)
		w.Clock.Advance(5 * time.Minute)
		w.Fire()
		w.Drain()
	}
	until(t, w, "2026-05-08T17:59")
	told(w, "bo")
	until(t, w, "2026-05-08T18:00")
	wantTold(t, w, "bo", "Husk Fest | i morgen, lørdag den 9. maj kl. 19.00")
}

// Nobody is told of a group's new name. An event that is cancelled, or changed, in the minutes after it is called
// by the name that people know, also if the group was renamed twice, and later by the new one.
func TestNewsCallsAGroupWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		names []string
		wait  time.Duration
		want  string
	}{
		"renamed":          {[]string{"Parken"}, 0, "Haven"},
		"renamed twice":    {[]string{"Parken", "Engen"}, 0, "Haven"},
		"and back":         {[]string{"Parken", "Haven"}, 0, "Haven"},
		"renamed long ago": {[]string{"Parken"}, time.Hour, "Parken"},
		"thrice, long ago": {[]string{"Parken", "Engen", "Marken"}, 3 * time.Minute, "Marken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-09T15:00")
			for _, called := range row.names {
				ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: e.GroupID, Name: optional.Of(called)}))(t)
				w.Clock.Advance(time.Minute)
			}
			w.Clock.Advance(row.wait)
			w.Drain()
			w.Phones.Reset()
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
			w.Drain()
			wantTold(t, w, "bo", row.want+": Fest er aflyst | Skulle have været lørdag den 9. maj kl. 15.00.")
		})
	}
}
