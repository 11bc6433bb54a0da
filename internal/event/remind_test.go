package event_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// The world's clock stands at 14:00 on Friday, 1 May 2026.

func at(t *testing.T, local string) time.Time {
	t.Helper()
	l := ct.Must(clock.ParseLocal(local))(t)
	return ct.Must(l.In(clock.Copenhagen))(t)
}

// until works through everything that is due until a local time.
func until(t *testing.T, w *ct.World, local string) {
	t.Helper()
	w.Clock.Advance(at(t, local).Sub(w.Clock.Now()))
	w.Fire()
	w.Drain()
}

// told are the titles and bodies of the pushes to a phone since the last look.
func told(w *ct.World, device string) []string {
	var list []string
	for _, p := range w.Phones.Pushes() {
		if p.Device == device {
			list = append(list, p.Title+" | "+p.Body)
		}
	}
	w.Phones.Reset()
	return list
}

func wantTold(t *testing.T, w *ct.World, device string, want ...string) {
	t.Helper()
	if got := told(w, device); !slices.Equal(got, want) {
		t.Errorf("%s was told %q, want %q", device, got, want)
	}
}

// party is an event of anna's at a local time. Bo has a seat, and everybody has heard of
// the event.
func party(t *testing.T, local string, change ...func(*event.CreateInput)) (*ct.World, *event.Event) {
	t.Helper()
	w := ct.New(t)
	return w, partyIn(t, w, local, change...)
}

func partyIn(t *testing.T, w *ct.World, local string, change ...func(*event.CreateInput)) *event.Event {
	t.Helper()
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	for _, name := range []string{"anna", "bo", "cara"} {
		w.Phone(name, name)
	}
	start := at(t, local)
	in := event.CreateInput{GroupID: g.ID, Title: "Fest", StartsAt: clock.LocalOf(start, clock.Copenhagen),
		EndsAt: clock.LocalOf(start.Add(2*time.Hour), clock.Copenhagen), TimeZone: clock.Copenhagen}
	for _, c := range change {
		c(&in)
	}
	e := ct.Must(w.Events.Create(w.As("anna"), in))(t)
	e = ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	w.MustAttend("bo", e.ID, 0)
	w.Drain()
	w.Phones.Reset()
	return e
}

const (
	reminder = "Husk Fest | i morgen, søndag den 3. maj kl. 15.00"
	today    = "Husk Fest | i dag kl. 15.00"
)

func TestRemindersComeTheDayBeforeAndTwoHoursBefore(t *testing.T) {
	t.Parallel()
	w, _ := party(t, "2026-05-03T15:00")
	until(t, w, "2026-05-02T17:59")
	wantTold(t, w, "bo")
	until(t, w, "2026-05-02T18:00")
	wantTold(t, w, "bo", reminder)
	until(t, w, "2026-05-03T12:59")
	wantTold(t, w, "bo")
	until(t, w, "2026-05-03T13:00")
	wantTold(t, w, "bo", today)
	until(t, w, "2026-05-03T16:00")
	wantTold(t, w, "bo")
	if list := w.Notices("cara"); len(list) != 0 {
		t.Errorf("cara has no seat and was told %+v", list)
	}
}

func TestTheOrganiserAndThePersonChooseReminders(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-09T15:00", func(in *event.CreateInput) { in.Reminders = []notify.ReminderOffset{notify.OffsetHalfAnHour} })
	w.MustAttend("cara", e.ID, 0)
	ct.Must(w.Settings.Update(w.As("cara"), inbox.UpdateSettingsInput{Reminders: optional.Of(inbox.RemindersInput{Offsets: optional.ListOf(notify.OffsetWeekBefore)})}))(t)
	until(t, w, "2026-05-02T15:00")
	if got := len(told(w, "cara")); got != 1 {
		t.Errorf("cara was reminded %d times a week before", got)
	}
	until(t, w, "2026-05-09T14:29")
	wantTold(t, w, "bo")
	until(t, w, "2026-05-09T14:30")
	if bo, all := w.Phones.Count("bo"), w.Phones.Received(); bo != 1 || all != 1 {
		t.Errorf("half an hour before %d of %d pushes were for bo", bo, all)
	}
}

func TestMovedIsRemindedAnewAndRepeatedIsSilent(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-03T15:00")
	until(t, w, "2026-05-02T18:00")
	wantTold(t, w, "bo", reminder)
	later := clock.Local("2026-05-05T15:00:00")
	e = ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(later)}))(t)
	until(t, w, "2026-05-02T18:03")
	told(w, "bo")
	until(t, w, "2026-05-03T13:00") // two hours before the old start
	wantTold(t, w, "bo")
	title := "Fest"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t) // sets the timers again
	until(t, w, "2026-05-04T18:00")
	wantTold(t, w, "bo", "Husk Fest | i morgen, tirsdag den 5. maj kl. 15.00")
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t)
	until(t, w, "2026-05-04T18:30")
	wantTold(t, w, "bo")
}

func TestWhoHasNoSeatIsNotReminded(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(w *ct.World, e *event.Event){
		"left": func(w *ct.World, e *event.Event) {
			if err := w.Leave("bo", e.ID); err != nil {
				w.T.Fatal(err)
			}
		},
		"the event is cancelled": func(w *ct.World, e *event.Event) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(w.T)
			w.Drain()
			w.Phones.Reset()
		},
		"a removed member, members only": func(w *ct.World, e *event.Event) {
			hidden := group.VisibilityMembers
			ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: e.GroupID, Visibility: optional.Of(hidden)}))(w.T)
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: e.GroupID, PersonID: ct.PersonID("bo")}))(w.T)
			w.RunPending()
			w.Drain() // bo is told that the booking has ended
			w.Phones.Reset()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-03T15:00")
			lose(w, e)
			until(t, w, "2026-05-02T18:00")
			until(t, w, "2026-05-03T13:00")
			wantTold(t, w, "bo")
		})
	}
	t.Run("in line", func(t *testing.T) {
		t.Parallel()
		w, e := party(t, "2026-05-03T15:00", func(in *event.CreateInput) { in.Capacity = ct.Seats(1) })
		if s := w.MustAttend("cara", e.ID, 0); s != "WAITLISTED" {
			t.Fatal(s)
		}
		until(t, w, "2026-05-02T18:00")
		wantTold(t, w, "cara")
	})
}

func TestADraftIsNotRemindedOf(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Phone("anna", "anna")
	w.Draft("anna", g.ID, nil)
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	w.Drain()
	if w.Count("timers") != 0 || w.Count("notify_jobs") != 0 {
		t.Errorf("%d timers, %d causes", w.Count("timers"), w.Count("notify_jobs"))
	}
}

// Changes are held for two minutes and told in one message that says what is new.
func TestChangesAreOneMessageThatSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	six, seven, three := clock.Local("2026-05-03T18:00:00"), clock.Local("2026-05-03T19:00:00"), clock.Local("2026-05-03T15:00:00")
	until9 := clock.Local("2026-05-03T21:00:00")
	title, other, text := "Fest", "Sommerfest", "Tag en ret med."
	hall := "Salen"
	for name, row := range map[string]struct {
		changes []event.UpdateInput
		want    string
	}{
		"moved":           {[]event.UpdateInput{{StartsAt: optional.Of(six)}}, "Haven: Fest er flyttet | Ny tid: søndag den 3. maj kl. 18.00 · Før: søndag den 3. maj kl. 15.00"},
		"moved twice":     {[]event.UpdateInput{{StartsAt: optional.Of(six)}, {StartsAt: optional.Of(seven)}}, "Haven: Fest er flyttet | Ny tid: søndag den 3. maj kl. 19.00 · Før: søndag den 3. maj kl. 15.00"},
		"taken back":      {[]event.UpdateInput{{StartsAt: optional.Of(six)}, {StartsAt: optional.Of(three)}}, ""},
		"place":           {[]event.UpdateInput{{Place: optional.Of(place.Input{Name: &hall})}}, "Haven: Fest er flyttet | søndag den 3. maj kl. 15.00 · Nyt sted: Salen"},
		"time and place":  {[]event.UpdateInput{{StartsAt: optional.Of(six)}, {Place: optional.Of(place.Input{Name: &hall})}}, "Haven: Fest er flyttet | Ny tid: søndag den 3. maj kl. 18.00 · Før: søndag den 3. maj kl. 15.00 · Nyt sted: Salen"},
		"end":             {[]event.UpdateInput{{EndsAt: optional.Of(until9)}}, "Haven: Fest har ny sluttid | Ny sluttid: søndag den 3. maj kl. 21.00"},
		"title and time":  {[]event.UpdateInput{{Title: optional.Of(other)}, {StartsAt: optional.Of(six)}}, "Haven: Sommerfest er flyttet | Ny tid: søndag den 3. maj kl. 18.00 · Før: søndag den 3. maj kl. 15.00 · Hed før \"Fest\""},
		"a typo":          {[]event.UpdateInput{{Title: optional.Of(other)}, {Title: optional.Of(title)}}, ""},
		"only the text":   {[]event.UpdateInput{{Description: optional.Of(text)}}, ""}, // goes to the inbox without a push
		"only the places": {[]event.UpdateInput{{Capacity: optional.Of(9)}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := party(t, "2026-05-03T15:00")
			for _, change := range row.changes {
				change.EventID = e.ID
				ct.Must(w.Events.Update(w.As("anna"), change))(t)
				w.Clock.Advance(100 * time.Second)
				w.Fire()
				w.Drain()
				wantTold(t, w, "bo")
			}
			w.Clock.Advance(20 * time.Second)
			w.Fire()
			w.Drain()
			if row.want == "" {
				wantTold(t, w, "bo")
			} else {
				wantTold(t, w, "bo", row.want)
			}
			if got := len(w.Notices("bo")); name == "only the text" && got != 2 {
				t.Errorf("bo has %d notices", got)
			}
			w.Clock.Advance(time.Hour)
			w.Fire()
			w.Drain()
			wantTold(t, w, "bo")
		})
	}
}

// A worker that was away tells all changes that were made meanwhile.
func TestALateWorkerLosesNoChange(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-03T15:00")
	six := clock.Local("2026-05-03T18:00:00")
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(six)}))(t)
	w.Clock.Advance(time.Hour)
	hall := "Salen"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Place: optional.Of(place.Input{Name: &hall})}))(t)
	w.Clock.Advance(2 * time.Minute)
	w.Fire()
	w.Drain()
	wantTold(t, w, "bo", "Haven: Fest er flyttet | Ny tid: søndag den 3. maj kl. 18.00 · Før: søndag den 3. maj kl. 15.00 · Nyt sted: Salen")
}

func TestOfACancelledChangeOnlyTheCancellationIsTold(t *testing.T) {
	t.Parallel()
	w, e := party(t, "2026-05-03T15:00")
	six := clock.Local("2026-05-03T18:00:00")
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(six)}))(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	if got := told(w, "bo"); len(got) != 1 || !strings.Contains(got[0], "aflyst") {
		t.Errorf("bo was told %q", got)
	}
}

func TestOffsetsOnTheNightsTheClockChanges(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		start  string
		offset notify.ReminderOffset
		want   string
	}{
		{"2026-10-25T10:00", notify.OffsetDayBefore, "2026-10-24T16:00:00Z"},
		{"2026-10-25T10:00", notify.OffsetTwoHours, "2026-10-25T07:00:00Z"},
		{"2026-10-25T03:30", notify.OffsetTwoHours, "2026-10-25T00:30:00Z"}, // the first half past two, by the hour
		{"2026-03-29T10:00", notify.OffsetDayBefore, "2026-03-28T17:00:00Z"},
		{"2026-03-29T03:30", notify.OffsetTwoHours, "2026-03-28T23:30:00Z"},
		{"2026-04-05T02:30", notify.OffsetWeekBefore, "2026-03-29T01:30:00Z"}, // that time is skipped a week before
		{"2026-05-03T15:00", notify.OffsetHalfAnHour, "2026-05-03T12:30:00Z"},
	} {
		if got := tc.offset.At(at(t, tc.start), clock.Copenhagen).Format(time.RFC3339); got != tc.want {
			t.Errorf("%s of %s is at %s, want %s", tc.offset, tc.start, got, tc.want)
		}
	}
}
