package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// until moves the clock of a world to a local time of Copenhagen.
func until(t *testing.T, w *ct.World, local string) {
	t.Helper()
	d := copenhagen(local).Sub(w.Clock.Now())
	if d < 0 {
		t.Fatalf("it is later than %s", local)
	}
	w.Clock.Advance(d)
}

func copenhagen(local string) time.Time {
	l, err := clock.ParseLocal(local)
	if err != nil {
		panic(err)
	}
	at, err := l.In(clock.Copenhagen)
	if err != nil {
		panic(err)
	}
	return at
}

// work fires the timers that are due, and then does the work that they cause.
func work(w *ct.World) {
	w.T.Helper()
	w.Fire()
	w.Drain()
}

// later publishes an event of a group three days ahead.
func later(w *ct.World, g *group.Group) *event.Event {
	w.T.Helper()
	starts := w.Clock.Now().Add(72 * time.Hour)
	return publishAt(w, g, starts)
}

func TestAPushOfTheNightComesInTheMorning(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	until(t, w, "2026-05-01T23:00")
	later(w, g)
	work(w)
	wantPushed(t, w)
	if n := w.Notices("bo"); len(n) != 1 || n[0].Rule != notify.RuleQuietHours || n[0].Channel != notify.Push {
		t.Errorf("in the inbox at night: %+v", n)
	}
	until(t, w, "2026-05-02T07:59")
	work(w)
	wantPushed(t, w)
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo")
}

// A push that is held is decided again when its time comes.
func TestWhatHappensInTheNightCounts(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		meanwhile func(w *ct.World, g *group.Group, e *event.Event)
		want      []string // the kinds that bo gets pushed in the morning
		rule      notify.Rule
	}{
		"nothing": {func(*ct.World, *group.Group, *event.Event) {}, []string{"EVENT_PUBLISHED"}, ""},
		"cancelled": {func(w *ct.World, _ *group.Group, e *event.Event) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
		}, nil, notify.RuleUntrue},
		"left": {func(w *ct.World, g *group.Group, _ *event.Event) {
			ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
		}, nil, notify.RuleLeft},
		"read in the app": {func(w *ct.World, _ *group.Group, _ *event.Event) {
			ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: []string{w.Notices("bo")[0].ID}}))(t)
		}, nil, notify.RuleRead},
		"muted": {func(w *ct.World, _ *group.Group, e *event.Event) {
			put(w, "bo", func(s *notify.Settings) { s.MutedThreads = map[string]time.Time{e.ID: ct.Noon} })
		}, nil, notify.RuleThreadMuted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo")
			until(t, w, "2026-05-01T23:00")
			e := later(w, g)
			work(w)
			row.meanwhile(w, g, e)
			until(t, w, "2026-05-02T08:30")
			work(w)
			var kinds []string
			for _, p := range w.Phones.Pushes() {
				kinds = append(kinds, p.Data["kind"])
			}
			if !slices.Equal(kinds, row.want) {
				t.Errorf("pushed %v, want %v", kinds, row.want)
			}
			lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"rule": row.rule})
			if want := row.rule != ""; want != (len(lines) == 1) {
				t.Errorf("the ledger has %+v, want a decision by %q", lines, row.rule)
			}
		})
	}
}

// The cancellation of an event in the next hours passes through the night. That of a
// later event waits.
func TestACancellationOfTheNextMorningPassesTheNight(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	near := publishAt(w, g, copenhagen("2026-05-02T10:00"))
	far := publishAt(w, g, copenhagen("2026-05-04T10:00"))
	ct.Must(w.Attend("bo", near.ID, 0))(t)
	ct.Must(w.Attend("cara", far.ID, 0))(t)
	work(w)
	w.Phones.Reset()
	until(t, w, "2026-05-01T23:30")
	for _, e := range []*event.Event{near, far} {
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	}
	work(w)
	wantPushed(t, w, "bo")
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo", "cara")
}

// A push that was due in the evening and could not be handed over before the night waits
// for the morning.
func TestALatePushDoesNotComeAtNight(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	until(t, w, "2026-05-01T20:59")
	w.Phones.ScriptAll(fcmsim.Unavailable(0))
	later(w, g)
	work(w)
	w.Phones.ScriptAll(fcmsim.OK())
	until(t, w, "2026-05-01T21:30")
	work(w)
	wantPushed(t, w)
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo")
}

func TestTheFourthPushOfADayGoesToTheSummary(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	for range 5 {
		later(w, g)
		work(w)
	}
	wantPushed(t, w, "bo", "bo", "bo")
	pushed, waiting := byChannel(w.Notices("bo"))
	if len(pushed) != 3 || len(waiting) != 2 {
		t.Fatalf("%d pushed, %d wait for the summary", len(pushed), len(waiting))
	}
	w.Phones.Reset()
	until(t, w, "2026-05-01T17:59")
	work(w)
	wantPushed(t, w)
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo")
	summary := w.Notices("bo")[slices.IndexFunc(w.Notices("bo"), func(n inbox.Notice) bool { return n.Kind == notify.KindSummary })]
	slices.Sort(waiting)
	if !slices.Equal(slices.Sorted(slices.Values(summary.Items)), waiting) {
		t.Errorf("the summary holds %v, want %v", summary.Items, waiting)
	}
	if p := w.Phones.Pushes()[0]; p.Title != "Opsamling: 2 nyheder" || p.Body != "Haven: Fællesspisning · Haven: Fællesspisning" || p.Data["noticeId"] != summary.ID {
		t.Errorf("the summary reads %+v", p)
	}
	w.Phones.Reset()
	until(t, w, "2026-05-02T09:00") // a new day
	later(w, g)
	work(w)
	wantPushed(t, w, "bo")
}

func byChannel(list []inbox.Notice) (pushed, waiting []string) {
	for _, n := range list {
		switch n.Channel {
		case notify.Push:
			pushed = append(pushed, n.ID)
		case notify.Summary:
			waiting = append(waiting, n.ID)
		}
	}
	return pushed, waiting
}

// News that passes the budget does not use it up, and comes even if it is used up.
func TestWhatMustBeKnownPassesTheBudget(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	e := later(w, g)
	ct.Must(w.Attend("bo", e.ID, 0))(t)
	for range 4 {
		later(w, g)
	}
	work(w)
	w.Phones.Reset()
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	work(w)
	wantPushed(t, w, "bo")
}

// Two workers decide at the same time for a person who has one push left.
func TestTwoWorkersNeverSpendTheSamePush(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g, h := w.Group("anna"), w.Group("anna")
	w.Join(g.ID, "bo")
	w.Join(h.ID, "bo")
	w.Phone("bo", "bo")
	later(w, g)
	later(w, g)
	work(w)
	other := w.Again()
	later(w, g)
	m.Before("insert", "push_slots", func() { // the first worker has counted two pushes
		later(w, h)
		if _, err := other.Notifier.Expand(t.Context()); err != nil {
			t.Error(err)
		}
	})
	work(w)
	work(w)
	wantPushed(t, w, "bo", "bo", "bo")
	if pushed, waiting := byChannel(w.Notices("bo")); len(pushed) != 3 || len(waiting) != 1 {
		t.Errorf("%d pushed, %d wait", len(pushed), len(waiting))
	}
}

func TestASummaryLeavesOutWhatIsNoLongerWorthALine(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan")
	h := w.Group("anna")
	w.Join(h.ID, "bo")
	none := 0
	for _, name := range []string{"bo", "cara", "dan"} {
		put(w, name, func(s *notify.Settings) { s.Pushes = &none })
	}
	later(w, g)
	cancelled := later(w, g)
	later(w, h)
	work(w)
	wantPushed(t, w)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: cancelled.ID}))(t)
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: h.ID}))(t)
	for _, n := range w.Notices("cara") {
		ct.Must(w.Inbox.MarkRead(w.As("cara"), inbox.MarkReadInput{NoticeIDs: []string{n.ID}}))(t)
	}
	until(t, w, "2026-05-01T18:00")
	work(w)
	wantPushed(t, w, "bo", "dan") // cara has read all her notices
	for _, p := range w.Phones.Pushes() {
		if p.Title != "Opsamling: én nyhed" {
			t.Errorf("%s reads %q", p.Device, p.Title)
		}
	}
	w.Phones.Reset()
	until(t, w, "2026-05-02T18:00")
	work(w)
	wantPushed(t, w) // nothing comes twice
}

// The worker that sums up dies after its n-th write, for every n. Everybody gets one
// complete summary.
func TestASummaryOutlivesItsWorker(t *testing.T) {
	t.Parallel()
	for n := range 12 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo", "cara")
			none := 0
			put(w, "bo", func(s *notify.Settings) { s.Pushes = &none })
			put(w, "cara", func(s *notify.Settings) { s.Pushes = &none })
			later(w, g)
			later(w, g)
			work(w)
			until(t, w, "2026-05-01T18:00")
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(n)
			_, errFire := dying.Timers.Fire(t.Context())
			if err := dying.Notifier.Drain(t.Context()); err == nil && errFire == nil && crasher.Crashed() && n < 9 {
				t.Error("the dead worker noticed nothing")
			}
			w.Clock.Advance(31 * time.Second)
			work(w)
			work(w)
			for _, name := range []string{"bo", "cara"} {
				keys := map[string]bool{}
				for _, p := range w.Phones.Pushes() {
					if p.Device == name {
						keys[p.CollapseKey] = true
						if p.Title != "Opsamling: 2 nyheder" {
							t.Errorf("%s reads %q", name, p.Title)
						}
					}
				}
				if len(keys) != 1 || len(w.Notices(name)) != 3 {
					t.Errorf("%s was told under %v and has %d notices", name, keys, len(w.Notices(name)))
				}
			}
		})
	}
}

// A reason that a person has stopped does not silence another reason.
func TestAStoppedReasonSilencesOnlyItself(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	asked := notify.Reason{Kind: notify.ReasonAsked}
	stopped := map[string]notify.StoppedReason{asked.Key(): {Reason: asked, At: ct.Noon}}
	put(w, "bo", func(s *notify.Settings) { s.Stopped = stopped })
	put(w, "cara", func(s *notify.Settings) { s.Stopped = stopped })
	ids := []string{ct.PersonID("bo"), ct.PersonID("cara")}
	slices.Sort(ids)
	cause := notify.Cause{Key: notify.Key(g.ID, "twice", "1"), Kind: group.NoticeJoinAnswered, Subject: g.ID, Actor: ct.PersonID("anna"),
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: ids}, {Kind: group.AudienceMembers, IDs: []string{g.ID}}},
		Data:      map[string]string{"Group": "Haven"}}
	ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: g.ID}))(t)
	w.Enqueue(cause)
	work(w)
	wantPushed(t, w, "bo") // bo is a member too; cara was only asked
	if n := w.Notices("bo"); len(n) != 1 || len(n[0].Reasons) != 2 || n[0].Rule != notify.RuleKindDefault {
		t.Errorf("bo has %+v", n)
	}
	if n := w.Notices("cara"); len(n) != 1 || n[0].Rule != notify.RuleReasonStopped {
		t.Errorf("cara has %+v", n)
	}
}

// put gives a person settings that differ from the defaults.
func put(w *ct.World, name string, change func(*notify.Settings)) {
	w.T.Helper()
	s := notify.Settings{PersonID: ct.PersonID(name), Version: 1}
	change(&s)
	if err := w.Settings.Put(w.T.Context(), []notify.Settings{s}); err != nil {
		w.T.Fatal(err)
	}
}

func publishAt(w *ct.World, g *group.Group, starts time.Time) *event.Event {
	w.T.Helper()
	e := w.DraftAt("anna", g.ID, starts)
	return ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(w.T)
}
