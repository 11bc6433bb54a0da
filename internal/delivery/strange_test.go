package delivery_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// These tests have news of other nouns and of newer versions of the program.

// opened is a kind of news of a future noun.
const opened notify.Kind = "POLL_OPENED"

type openedArgs struct{ PollID string }

func to(names ...string) []notify.AudienceOf {
	people := notify.AudienceOf{Kind: notify.AudiencePeople, IDs: []string{}}
	for _, name := range names {
		people.IDs = append(people.IDs, ct.PersonID(name))
	}
	return []notify.AudienceOf{people}
}

// Any noun may have news about a group, with args of its own.
func TestNewsOfAnotherNounAboutAGroup(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	w.News.Add([]notify.KindSpec{{Kind: opened, Default: notify.Push, Family: notify.FamilyEvents, Args: openedArgs{}}}, nil, nil)
	w.Enqueue(notify.Cause{Key: "poll", Kind: opened, Subject: g.ID, Args: notify.ArgsOf(openedArgs{"pol_1"}), Audiences: to("bo"), Data: map[string]string{}})
	w.Drain()
	wantPushed(t, w, "bo")
}

// If an older version carries out the effect of a newer version's cause, it queues the cause unchanged for the
// newer version.
func TestACauseOfANewerVersionIsQueuedForIt(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	cause := notify.Cause{Key: "poll", Kind: opened, Subject: g.ID, Args: notify.ArgsOf(openedArgs{"pol_1"}), Audiences: to("bo"), Data: map[string]string{}}
	if err := w.Notifier.Enqueue(t.Context(), cause); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	wantPushed(t, w)
	newer := w.Again()
	newer.News.Add([]notify.KindSpec{{Kind: opened, Default: notify.Push, Family: notify.FamilyEvents, Args: openedArgs{}}}, nil, nil)
	newer.Drain()
	wantPushed(t, w, "bo")
}

// Unknown fields in args, which a newer version has added, stop neither pushes nor summaries.
func TestArgsMaySayMore(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	e := later(w, g)
	for _, name := range []string{"bo", "cara"} {
		w.MustAttend(name, e.ID, 0)
	}
	put(w, "cara", func(s *notify.Settings) {
		s.Kinds = map[notify.Kind]notify.Channel{event.NoticeReminder: notify.Summary, event.NoticePublished: notify.Inbox}
	})
	work(w)
	w.Phones.Reset()
	w.Enqueue(notify.Cause{Key: "reminder", Kind: event.NoticeReminder, Subject: e.ID, Data: map[string]string{"Title": "Fællesspisning"},
		Args: notify.ArgsOf(struct {
			notify.ReminderArgs
			Weather string
		}{notify.ReminderArgs{Offset: notify.OffsetDayBefore, StartsAt: e.StartsAt}, "rain"}),
		Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{ct.DateOf(e.ID)}}}})
	work(w)
	wantPushed(t, w, "bo")
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo", "cara")
}

// A person whom news no longer concerns for the reason of one audience hears of it for the reason of another.
func TestTheReasonOfALaterAudienceCounts(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	w.News.Add(nil, []notify.Audience{{Kind: "HELPERS", Reason: notify.ReasonGroupLeader, Walk: notify.Named,
		Still: func(context.Context, []notify.Concern) (map[notify.Concern]bool, error) { return nil, nil }}}, nil)
	helpers := notify.AudienceOf{Kind: "HELPERS", IDs: []string{ct.PersonID("bo"), ct.PersonID("cara")}}
	w.Enqueue(notify.Cause{Key: "news", Kind: group.NoticeJoinAnswered, Subject: g.ID, Data: map[string]string{"Group": "Haven"},
		Audiences: append([]notify.AudienceOf{helpers}, to("bo")...)})
	w.Notifier.PageBy(1)
	ct.Must(w.Notifier.Expand(t.Context()))(t) // both helpers
	w.Clock.Advance(10 * time.Minute)
	w.Drain()
	wantPushed(t, w, "bo")
	for _, n := range w.Notices("bo") {
		// It is new now: a feed that looks at what is new finds it.
		if n.Cause == "news" && (n.Hidden || len(n.Reasons) != 2 || !n.CreatedAt.Equal(w.Clock.Now())) {
			t.Errorf("bo's notice: %+v", n)
		}
	}
	for _, n := range w.Notices("cara") {
		if n.Cause == "news" && !n.Hidden {
			t.Errorf("cara's notice: %+v", n)
		}
	}
}

// A line of a summary that only a newer version understands waits for that version, and people get the other
// lines.
func TestALineOfANewerVersionStopsNoSummary(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	none := 0
	for _, name := range []string{"bo", "cara"} {
		put(w, name, func(s *notify.Settings) { s.Pushes = &none })
	}
	later(w, g)
	work(w)
	at := copenhagen("2026-05-01T18:00")
	bo := ct.PersonID("bo")
	w.Put("notices", map[string]any{"_id": bo + ":strange", "personId": bo, "kind": "BROADCAST", "subject": "pol_01jv0000000000000000000000", "data": map[string]any{},
		"reasons": []any{}, "channel": "SUMMARY", "rule": "KIND_DEFAULT", "firstChannel": "SUMMARY", "firstRule": "KIND_DEFAULT", "hidden": false,
		"cause": "strange", "chunk": "x", "createdAt": w.Clock.Now(), "unread": true, "summaryAt": at, "summaryIn": inbox.SummaryDue, "summaryFor": bo})
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo", "cara")
	strange := ct.All[inbox.Notice](w, "notices", map[string]any{"_id": bo + ":strange"})[0]
	if strange.SummaryIn != inbox.SummaryDue || strange.Channel != notify.Summary || strange.Hidden || !strange.SummaryAt.Equal(at.Add(24*time.Hour)) {
		t.Errorf("the line of the newer version: %+v", strange)
	}
	for _, s := range summariesOf(w, "bo") {
		if slices.Contains(s.Items, strange.ID) || len(s.Items) != 1 {
			t.Errorf("bo's summary holds %v", s.Items)
		}
	}
}

// A job and a chunk about a subject that only a newer version knows are left to it.
func TestNewsAboutASubjectOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	w, _ := club(t, "bo")
	const subject = "pol_01jv0000000000000000000000"
	w.Enqueue(notify.Cause{Key: "poll", Kind: event.NoticePublished, Subject: subject, Audiences: to("bo"), Data: map[string]string{}})
	w.Drain()
	for range 20 {
		w.Clock.Advance(time.Hour)
		w.Drain()
	}
	if l := letters(w); len(l) != 0 {
		t.Errorf("put aside: %+v", l)
	}
	newer := w.Again()
	newer.News.Add(nil, nil, []notify.Subject{{Prefix: "pol", State: func(context.Context, notify.News) (notify.SubjectState, error) {
		return notify.SubjectState{Alive: true}, nil
	}}})
	newer.Drain()
	if n := w.Jobs(event.NoticePublished); len(n) != 1 || n[0].State != "DONE" {
		t.Errorf("jobs: %+v", n)
	}
}
