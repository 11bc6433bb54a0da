package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/announcement"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/delivery"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// setBack is the part of a job or a chunk that says how it has failed.
type setBack struct {
	ID    string `bson:"_id"`
	State string `bson:"state"`
	Tries int    `bson:"tries"`
	Begun int    `bson:"begun"`
}

func letters(w *ct.World) []dead.Letter {
	w.T.Helper()
	return ct.Must(w.Dead.List(w.T.Context(), 50))(w.T)
}

// A job that always fails or panics holds nobody up. It is tried ten times with growing
// waits, and then put aside. If it is tried again when the fault is mended, everybody is
// told once.
func TestAJobThatFailsForEver(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"by an error": func() error { return errors.New("no answer for bo@example.dk") },
		"by a panic":  func() error { panic("out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := crowd(t, 2)
			bad := w.PublishedEvent("anna", g.ID, nil)
			var isMended atomic.Bool
			asked, events := 0, w.News.Subjects[id.Event]
			ask := events.State
			events.State = func(ctx context.Context, n notify.News) (notify.SubjectState, error) {
				if n.Subject == bad.ID && !isMended.Load() {
					asked++
					return notify.SubjectState{}, fail()
				}
				return ask(ctx, n)
			}
			w.News.Subjects[id.Event] = events
			w.Clock.Advance(time.Second)
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			wantPushed(t, w, "p0", "p1") // the pushes of the second job
			for range 9 {
				before := asked
				w.Drain()
				if asked != before {
					t.Errorf("it was tried again at once, %d times by now", asked)
				}
				w.Clock.Advance(time.Hour)
				w.Drain()
			}
			if asked != 10 {
				t.Errorf("it was tried %d times", asked)
			}
			list := letters(w)
			if len(list) != 1 || list[0].Tries != 10 || list[0].About != bad.ID || strings.Contains(list[0].Error+list[0].Body, "example.dk") {
				t.Fatalf("put aside: %+v", list)
			}
			w.Clock.Advance(48 * time.Hour)
			w.Drain()
			if asked != 10 {
				t.Errorf("it was tried %d times after it was put aside", asked-10)
			}
			isMended.Store(true)
			for range 2 { // the second retry finds no letter
				err := w.Dead.Retry(t.Context(), list[0].ID)
				if err != nil && !fault.Is(err, fault.KindNotFound) {
					t.Error(err)
				}
				w.Drain()
			}
			if n := len(w.Notices("p0")); n != 2 || len(letters(w)) != 0 {
				t.Errorf("p0 has %d notices, and %+v is put aside", n, letters(w))
			}
		})
	}
}

// A chunk that always fails is put aside, and others go on. When it is tried again,
// nobody gets the push twice.
func TestAChunkThatFailsForEver(t *testing.T) {
	t.Parallel()
	const phones = 30
	w := ct.New(t)
	g, x := w.Crowd(phones)
	w.Phones.Script(x.Phone(7), fcmsim.Unregistered())
	forget, load := w.Notifier.RemoveDevices, w.Notifier.Devices
	isBroken := true
	var loaded int
	w.Notifier.RemoveDevices = func(ctx context.Context, ids ...string) error {
		if isBroken && len(ids) > 0 {
			return errors.New("the devices cannot be written")
		}
		return forget(ctx, ids...)
	}
	w.Notifier.Devices = func(ctx context.Context, people []string) ([]delivery.Device, error) {
		if loaded++; isBroken && len(people) == phones && loaded > 1 {
			panic("the devices cannot be read")
		}
		return load(ctx, people)
	}
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	w.Clock.Advance(time.Second)
	other := notify.Cause{Key: "another", Kind: group.NoticeJoinAnswered, Subject: g.ID, Data: map[string]string{"Group": "Haven"},
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}}}}
	w.Enqueue(other)
	w.Drain()
	if w.Phones.Count("bo") != 1 {
		t.Error("bo waits behind a chunk that fails")
	}
	for range 12 {
		w.Clock.Advance(time.Hour)
		w.Drain()
	}
	list := letters(w)
	if len(list) != 1 || !strings.HasPrefix(list[0].ID, "chunk/") || list[0].Tries != 10 {
		t.Fatalf("put aside: %+v", list)
	}
	if l := ct.Must(w.Dead.Get(t.Context(), list[0].ID))(t); strings.Contains(l.Body, "per_") {
		t.Errorf("the letter names people: %s", l.Body)
	}
	isBroken = false
	if err := w.Dead.Retry(t.Context(), list[0].ID); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	for i := range phones {
		if n := w.Phones.Count(x.Phone(i)); n > 1 || n == 0 && i != 7 {
			t.Errorf("phone %d has the push %d times", i, n)
		}
	}
	if states := ct.All[setBack](w, "notify_chunks", map[string]any{"state": "DONE"}); len(states) != 2 {
		t.Errorf("done: %+v", states)
	}
}

// A job that kills its process leaves no error. After ten such deaths it is put aside,
// so that the eleventh process lives.
func TestAJobThatKillsProcesses(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	w.PublishedEvent("anna", g.ID, nil)
	key := w.Jobs(event.NoticePublished)[0].Key
	w.Set(t.Context(), "notify_jobs", key, map[string]any{"begun": 10})
	w.Drain()
	if list := letters(w); len(list) != 1 || list[0].ID != "job/"+key {
		t.Errorf("put aside: %+v", list)
	}
	wantPushed(t, w)
}

// panicky is a sender that panics for one device.
type panicky struct {
	push.Sender
	at string
}

func (p panicky) Send(ctx context.Context, to push.Device, m push.Message) push.Result {
	if to.Value == p.at {
		panic("no such device")
	}
	return p.Sender.Send(ctx, to, m)
}

// A panic while a push is made or sent fails that device only.
func TestAPanicOfOnePushIsItsOwn(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 12)
	w.Notifier.Sender = panicky{w.Notifier.Sender, "p3"}
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	if r := report(w); r.State != "DONE" || r.Sent != 11 || r.Failed != 1 || r.Answer["PANIC"] != 1 {
		t.Errorf("%+v", r)
	}
}

// The worker goes on by itself after a panic that belongs to no job.
func TestTheWorkerOutlivesAPanic(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	var panics atomic.Int32
	other := w.Again()
	members := other.News.Audiences[group.AudienceMembers]
	walk := members.Walk
	members.Walk = func(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
		if panics.Add(1) == 1 {
			panic("once")
		}
		return walk(ctx, ids, after, limit)
	}
	other.News.Audiences[group.AudienceMembers] = members
	w.PublishedEvent("anna", g.ID, nil)
	goesOn(w)
	runs(other)
	for panics.Load() == 0 {
		time.Sleep(5 * time.Millisecond) // until the worker has met the panic
	}
	for len(w.Notices("p0")) == 0 {
		w.Clock.Advance(time.Minute)
		other.Notifier.Wake()
		time.Sleep(5 * time.Millisecond)
	}
}

// If data of one person is damaged, or written by a newer version, the others get their
// news, and that person gets it as far as possible.
func TestOneDamagedPersonStopsNobody(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		damage func(w *ct.World)
		misses bool // whether p0 gets no push
	}{
		"times of day that are none": {damage: func(w *ct.World) {
			putSettings(w, map[string]any{"quietFrom": "25:99", "quietUntil": "x", "summaryTime": "soon"})
		}},
		"a zone that is none": {damage: func(w *ct.World) { putSettings(w, map[string]any{"zone": "Nowhere/Else"}) }},
		"a channel of a newer version": {damage: func(w *ct.World) {
			putSettings(w, map[string]any{"kinds": map[string]any{"EVENT_PUBLISHED": "PIGEON", "POLL_OPENED": "PUSH"}})
		}},
		"numbers that are texts": {damage: func(w *ct.World) {
			putSettings(w, map[string]any{"pushes": "three", "mutedThreads": "all", "pushOff": false})
		}},
		"what still holds": {damage: func(w *ct.World) { putSettings(w, map[string]any{"pushes": "three", "pushOff": true}) }, misses: true},
		"a language that is none": {damage: func(w *ct.World) {
			w.Set(w.T.Context(), "persons", ct.PersonID("p0"), map[string]any{"language": 7})
			w.Set(w.T.Context(), "devices", phoneOf(w, "p0"), map[string]any{"language": "KLINGON"})
		}},
		"a device that is none": {damage: func(w *ct.World) { w.Set(w.T.Context(), "devices", phoneOf(w, "p0"), map[string]any{"value": 7}) }, misses: true},
		"a platform of a newer version": {damage: func(w *ct.World) {
			w.Set(w.T.Context(), "devices", phoneOf(w, "p0"), map[string]any{"platform": "WATCH"})
		}, misses: true},
		"a kind of device of a newer version": {damage: func(w *ct.World) { w.Set(w.T.Context(), "devices", phoneOf(w, "p0"), map[string]any{"kind": "PIGEON"}) }, misses: true},
		"four kilobytes of token": {damage: func(w *ct.World) {
			w.Set(w.T.Context(), "devices", phoneOf(w, "p0"), map[string]any{"value": strings.Repeat("\x7f", 4096)})
		}, misses: false},
		"nobody any more": {damage: func(w *ct.World) { w.Remove("persons", ct.PersonID("p0")) }, misses: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := crowd(t, 12)
			row.damage(w)
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			r := report(w)
			want := 12
			if row.misses {
				want = 11
			}
			if r.State != "DONE" || r.Sent != want || len(letters(w)) != 0 {
				t.Errorf("%d have their push, want %d: %+v, %+v", r.Sent, want, r, letters(w))
			}
			for _, b := range ct.All[setBack](w, "notify_jobs", nil) {
				if b.Tries != 0 {
					t.Errorf("it was tried again: %+v", b)
				}
			}
		})
	}
}

func putSettings(w *ct.World, fields map[string]any) {
	w.T.Helper()
	if err := w.Settings.Put(w.T.Context(), []notify.Settings{{PersonID: ct.PersonID("p0"), Version: 1}}); err != nil {
		w.T.Fatal(err)
	}
	w.Set(w.T.Context(), "notify_settings", ct.PersonID("p0"), fields)
}

func phoneOf(w *ct.World, name string) string {
	w.T.Helper()
	return ct.All[ct.Ref](w, "devices", map[string]any{"personId": ct.PersonID(name)})[0].ID
}

// A very long text does not make a push that Firebase refuses.
func TestALongTextFitsIntoAPush(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	w.Enqueue(notify.Cause{Key: "long", Kind: announcement.NoticeBroadcast, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("p0")}}},
		Data:      map[string]string{"Title": strings.Repeat("æ", 3000), "Text": strings.Repeat("💧", 3000)}})
	w.Drain()
	pushes := w.Phones.Pushes()
	if len(pushes) != 1 || len(pushes[0].Title)+len(pushes[0].Body) > 2400 || strings.ContainsRune(pushes[0].Body+pushes[0].Title, '\uFFFD') || !strings.HasSuffix(pushes[0].Body, "💧…") {
		t.Errorf("%d pushes", len(pushes))
	}
}

// Work that a newer version has written is left as it is, and the work behind it is
// done.
func TestWhatANewerVersionWroteIsLeftAlone(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 2)
	early := w.Clock.Now().Add(-time.Hour)
	people := []map[string]any{{"kind": "PEOPLE", "ids": []string{ct.PersonID("p0")}}}
	strange := map[string]map[string]any{}
	add := func(collection, docID string, fields map[string]any) {
		base := map[string]any{"_id": docID, "state": "QUEUED", "subject": g.ID, "audiences": people, "data": map[string]any{}, "rank": 0, "fence": 0,
			"leaseUntil": time.Time{}, "createdAt": early, "notBefore": early, "mood": "of a newer version"}
		for key, value := range fields {
			base[key] = value
		}
		w.Put(collection, base)
		strange[collection+" "+docID] = base
	}
	for i := range 45 { // more than one look reads
		add("notify_jobs", fmt.Sprint("kind-", i), map[string]any{"kind": "POLL_OPENED"})
		add("notify_jobs", fmt.Sprint("audience-", i), map[string]any{"kind": "BROADCAST", "audiences": append(slices.Clone(people), map[string]any{"kind": "NEIGHBOURS", "ids": []string{"x"}})})
		add("notify_chunks", fmt.Sprint("chunk-", i), map[string]any{"job": fmt.Sprint("kind-", i), "people": []string{ct.PersonID("p0")}})
		add("notify_chunks", fmt.Sprint("chunk-of-audience-", i), map[string]any{"job": fmt.Sprint("audience-", i), "people": []string{ct.PersonID("p0")}})
	}
	add("notify_jobs", "state", map[string]any{"kind": "BROADCAST", "state": "PAUSED"})
	add("notify_chunks", "state", map[string]any{"job": "state", "state": "PAUSED", "people": []string{ct.PersonID("p0")}})
	before := everything(w)
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	wantPushed(t, w, "p0", "p1")
	w.Clock.Advance(30 * 24 * time.Hour)
	w.Drain()
	if err := w.Notifier.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := everything(w)
	for id := range before {
		if diff := cmp.Diff(before[id], after[id]); diff != "" {
			t.Errorf("%s (-before +after):\n%s", id, diff)
		}
	}
	if len(before) != 182 || len(letters(w)) != 0 {
		t.Errorf("%d strange documents, and %+v put aside", len(before), letters(w))
	}
}

func everything(w *ct.World) map[string]map[string]any {
	w.T.Helper()
	all := map[string]map[string]any{}
	for _, collection := range []string{"notify_jobs", "notify_chunks"} {
		for _, doc := range ct.All[map[string]any](w, collection, nil) {
			all[collection+" "+doc["_id"].(string)] = doc
		}
	}
	return all
}

// A notice of a kind that only a newer version knows is left to that version: it is
// neither shown, counted, summed up nor changed. The notices beside it are.
func TestNoticesOfANewerVersion(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	p0, at := ct.PersonID("p0"), w.Clock.Now()
	w.Put("notices", map[string]any{"_id": p0 + ":strange", "personId": p0, "kind": "POLL_OPENED", "subject": g.ID, "data": map[string]any{}, "mood": "new",
		"reasons": []any{}, "channel": "SUMMARY", "rule": "KIND_DEFAULT", "firstChannel": "SUMMARY", "firstRule": "KIND_DEFAULT", "hidden": false,
		"cause": "strange", "chunk": "x", "createdAt": at, "unread": true, "summaryAt": at, "summaryIn": inbox.SummaryDue, "summaryFor": p0})
	known := w.Notices("p0")[0]
	w.Set(t.Context(), "notices", known.ID, map[string]any{"summaryAt": at, "summaryIn": inbox.SummaryDue, "summaryFor": p0, "channel": "SUMMARY",
		"reasons": []any{map[string]any{"kind": "NEIGHBOUR", "subject": "x"}, map[string]any{"kind": "GROUP_MEMBER", "subject": g.ID}}})
	line := map[string]any{"_id": "strange", "personId": p0, "subject": known.SubjectID, "kind": "EVENT_PUBLISHED", "noticeId": known.ID, "at": at}
	for i, more := range []map[string]any{{"outcome": "TELEPATHY", "deviceId": "d"}, {"kind": "POLL_OPENED", "outcome": "SENT"}, {"rule": "MOON", "channel": "PUSH"}, {"outcome": "SENT", "platform": "WATCH"}} {
		doc := map[string]any{}
		for _, part := range []map[string]any{line, more, {"_id": fmt.Sprint("strange", i)}} {
			for key, value := range part {
				doc[key] = value
			}
		}
		w.Put("notice_ledger", doc)
	}
	strange := func() map[string]any {
		return ct.All[map[string]any](w, "notices", map[string]any{"_id": p0 + ":strange"})[0]
	}
	before := strange()
	ctx := w.As("p0")
	list := ct.Must(w.Inbox.List(ctx, page.Args{First: 1}))(t)
	if len(list.Edges) != 1 || list.Edges[0].Node.ID != known.ID || list.PageInfo.HasNextPage || len(list.Edges[0].Node.Why()) != 1 {
		t.Errorf("the inbox has %+v", list)
	}
	if n := ct.Must(w.Inbox.UnreadCount(ctx))(t); n != 1 {
		t.Errorf("%d unread", n)
	}
	if found := ct.Must(w.Inbox.ByIDs(ctx, []string{p0 + ":strange", known.ID}))(t); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	entries := ct.Must(w.Ledger.Own(ctx, known.SubjectID))(t)
	if last := entries[len(entries)-1]; len(entries) != 3 || last.Platform != nil && entries[1].Platform != nil {
		t.Errorf("the ledger has %d lines", len(entries))
	}
	w.Enqueue(notify.Cause{Key: "summary:now", Kind: notify.KindSummary, Data: map[string]string{},
		Audiences: []notify.AudienceOf{{Kind: notify.AudienceSummary, IDs: []string{w.Clock.Now().Format(time.RFC3339)}}}})
	w.Drain()
	if sums := ct.All[inbox.Notice](w, "notices", map[string]any{"kind": "SUMMARY"}); len(sums) != 1 || !slices.Equal(sums[0].Items, []string{known.ID}) {
		t.Errorf("summed up: %+v", sums)
	}
	if diff := cmp.Diff(before, strange()); diff != "" {
		t.Errorf("it was changed (-before +after):\n%s", diff)
	}
}

// Of settings that a newer version has written, this one shows what it knows, and keeps
// the rest when they are changed.
func TestSettingsOfANewerVersion(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.As("p0")
	putSettings(w, map[string]any{"kinds": map[string]any{"POLL_OPENED": "PUSH", "EVENT_MOVED": "PIGEON", "EVENT_CHANGED": "PUSH"},
		"offsets": []string{"A_YEAR_BEFORE", "DAY_BEFORE"}, "quietFrom": "dusk", "zone": "Moon/Base", "mood": "new",
		"stopped": map[string]any{"NEIGHBOUR/x": map[string]any{"kind": "NEIGHBOUR", "subject": "x", "at": w.Clock.Now()}}})
	off := false
	s := ct.Must(w.Settings.Update(ctx, inbox.UpdateSettingsInput{PushEnabled: optional.Of(off)}))(t)
	for _, k := range w.Settings.KindSettings(s) {
		if want := map[notify.Kind]notify.Channel{"EVENT_MOVED": notify.Push, "EVENT_CHANGED": notify.Push}[k.Kind]; want != "" && k.Channel != want {
			t.Errorf("%s goes to %s", k.Kind, k.Channel)
		}
	}
	if !slices.Equal(s.Reminders(), []notify.ReminderOffset{notify.OffsetDayBefore}) || s.TimeZone() != "Europe/Copenhagen" || s.QuietHours().From != "21:00" || len(s.StoppedReasons(nil)) != 0 {
		t.Errorf("%v, %v, %v, %v", s.Reminders(), s.TimeZone(), s.QuietHours(), s.StoppedReasons(nil))
	}
	kept := ct.All[map[string]any](w, "notify_settings", nil)[0]
	if got := fmt.Sprint(kept["kinds"], kept["offsets"], kept["mood"]); !strings.Contains(got, "POLL_OPENED") || !strings.Contains(got, "PIGEON") || !strings.Contains(got, "A_YEAR_BEFORE") || !strings.Contains(got, "new") {
		t.Errorf("kept: %s", got)
	}
}

// A job or a chunk that cannot be read stops no other.
func TestDamagedWorkStopsNoOther(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 2)
	early := w.Clock.Now().Add(-time.Hour)
	add := func(collection, docID string, fields map[string]any) {
		base := map[string]any{"_id": docID, "state": "QUEUED", "kind": "BROADCAST", "subject": g.ID, "audiences": []any{}, "rank": 0, "fence": 0,
			"leaseUntil": time.Time{}, "createdAt": early, "notBefore": early}
		maps.Copy(base, fields)
		w.Put(collection, base)
	}
	add("notify_jobs", "look", map[string]any{"audiences": []any{map[string]any{"kind": 7}}})
	add("notify_jobs", "take", map[string]any{"counts": "many"})
	add("notify_jobs", "of a chunk", map[string]any{"state": "DONE", "counts": "many"})
	add("notify_chunks", "look", map[string]any{"job": 7})
	add("notify_chunks", "take", map[string]any{"job": "fine", "people": 7})
	add("notify_jobs", "fine", map[string]any{"state": "DONE"})
	add("notify_chunks", "its job", map[string]any{"job": "of a chunk"})
	w.PublishedEvent("anna", g.ID, nil)
	goesOn(w)
	runs(w)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := w.Phones.WaitFor(ctx, 2); err != nil {
		t.Errorf("%d of 2 phones got the push: %v", w.Phones.Devices(), err)
	}
}
