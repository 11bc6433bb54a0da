package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// afterRecall is a moment after what was asked for has gathered.
const afterRecall = 4 * time.Second

// family is a world in which bo, of a group of anna's, has an Android phone, an iPhone and a browser.
func family(t *testing.T) (*ct.World, string) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "android")
	for value, platform := range map[string]device.Platform{"iphone": device.PlatformIOS, "web": device.PlatformWeb} {
		ct.Must(w.Devices.Register(w.As("bo"), device.RegisterInput{Kind: device.KindToken, Value: value, Platform: platform}))(t)
	}
	return w, g.ID
}

func publishedNotice(name string, e *event.Event) string {
	return inbox.NoticeID(ct.PersonID(name), e.ID+":published:2")
}

// passes lets time pass, and everything be done that is due then.
func passes(w *ct.World, d time.Duration) {
	w.T.Helper()
	w.Clock.Advance(d)
	w.Drain()
}

// removalsTo are the removals that a phone got, each with the tags that it takes off, in their order.
func removalsTo(w *ct.World, phone string) (list [][]string) {
	for _, p := range w.Phones.Removals() {
		if p.Device == phone {
			slices.Sort(p.Removes)
			list = append(list, p.Removes)
		}
	}
	return list
}

func wantRemoved(w *ct.World, phone string, want ...[]string) {
	w.T.Helper()
	for _, tags := range want {
		slices.Sort(tags)
	}
	if diff := cmp.Diff(want, removalsTo(w, phone)); diff != "" {
		w.T.Errorf("what %s took off its screen (-want +got):\n%s", phone, diff)
	}
}

func tagsOf(noticeIDs ...string) []string {
	tags := make([]string, len(noticeIDs))
	for i, noticeID := range noticeIDs {
		tags[i] = push.CollapseID(noticeID)
	}
	return tags
}

func read(w *ct.World, name string, noticeIDs ...string) {
	w.T.Helper()
	ct.Must(w.Inbox.MarkRead(w.As(name), inbox.MarkReadInput{NoticeIDs: noticeIDs}))(w.T)
}

// What is read on one phone goes away from all of them, a moment later, as one message for each however many notices
// it is, without a sound, and once.
func TestWhatIsReadGoesAway(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	var ids []string
	for range 3 {
		ids = append(ids, publishedNotice("bo", w.PublishedEvent("anna", g, nil)))
	}
	w.Drain()
	for _, noticeID := range ids[:2] {
		read(w, "bo", noticeID)
	}
	w.Drain()
	wantRemoved(w, "android")
	passes(w, afterRecall)
	passes(w, time.Hour)
	for _, phone := range []string{"android", "iphone", "web"} {
		wantRemoved(w, phone, tagsOf(ids[0], ids[1]))
	}
	for _, p := range w.Phones.Removals() {
		if p.Title != "" || p.Body != "" || p.Sound != "" || len(p.Actions) > 0 {
			t.Errorf("a removal shows something: %+v", p)
		}
		if p.Badge == nil || *p.Badge != 1 {
			t.Errorf("with a removal %s shows the number %v, want the one that is left", p.Device, p.Badge)
		}
	}
	if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	read(w, "bo", ids[0])
	passes(w, afterRecall)
	wantRemoved(w, "android", tagsOf(ids[0], ids[1]))
}

// Whichever way somebody deals with a notice, it goes away; if it is put off and comes back, it is shown and goes away anew.
func TestEveryWayToDealWithANoticeTakesItAway(t *testing.T) {
	t.Parallel()
	for name, deal := range map[string]func(w *ct.World, noticeID string) error{
		"opened": func(w *ct.World, noticeID string) error {
			_, err := w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: noticeID, By: inbox.ByOpening})
			return err
		},
		"read with all": func(w *ct.World, _ string) error {
			_, err := w.Inbox.MarkAllRead(w.As("bo"), inbox.MarkAllReadInput{Before: w.Clock.Now()})
			return err
		},
		"put off": func(w *ct.World, noticeID string) error {
			until := w.Clock.Now().Add(time.Hour)
			_, err := w.Inbox.Snooze(w.As("bo"), inbox.SnoozeInput{NoticeID: noticeID, Until: &until})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := family(t)
			noticeID := publishedNotice("bo", w.PublishedEvent("anna", g, nil))
			w.Drain()
			if err := deal(w, noticeID); err != nil {
				t.Fatal(err)
			}
			passes(w, afterRecall)
			wantRemoved(w, "web", tagsOf(noticeID))
			if name != "put off" {
				return
			}
			w.Clock.Advance(time.Hour)
			w.Fire()
			w.Drain()
			read(w, "bo", noticeID)
			passes(w, afterRecall)
			wantRemoved(w, "web", tagsOf(noticeID), tagsOf(noticeID))
		})
	}
}

// A phone on which a notice was never shown, and a person whose notice was not pushed, get nothing.
func TestWhatWasNeverShownIsNotTakenAway(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	w.Phones.Script("web", fcmsim.Unavailable(0).Once())
	noticeID := publishedNotice("bo", w.PublishedEvent("anna", g, nil))
	w.Drain()
	w.Phone("bo", "new")
	read(w, "bo", noticeID)
	passes(w, afterRecall)
	wantRemoved(w, "android", tagsOf(noticeID))
	wantRemoved(w, "new")
	wantRemoved(w, "web")
	passes(w, 10*time.Minute)
	if n := w.Phones.Count("web"); n != 0 {
		t.Errorf("the browser got %d pushes of what is read", n)
	}
}

// An iPhone gets at most three removals an hour. What comes later waits, and comes as one.
func TestAnIPhoneIsWokenThreeTimesAnHour(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	if err := w.Settings.Put(t.Context(), []notify.Settings{{PersonID: ct.PersonID("bo"), Pushes: ct.Seats(20), Version: 1}}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range 6 {
		ids = append(ids, publishedNotice("bo", w.PublishedEvent("anna", g, nil)))
	}
	w.Drain()
	for _, noticeID := range ids {
		read(w, "bo", noticeID)
		passes(w, afterRecall)
	}
	three := [][]string{tagsOf(ids[0]), tagsOf(ids[1]), tagsOf(ids[2])}
	wantRemoved(w, "iphone", three...)
	if n := len(removalsTo(w, "android")); n != 6 {
		t.Errorf("the Android phone got %d removals, want one for each", n)
	}
	passes(w, time.Hour)
	wantRemoved(w, "iphone", append(three, tagsOf(ids[3:]...))...)
	passes(w, 2*time.Hour)
	if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A notice that is asked for a moment before it is read goes away also if the call that reads it is slow; one that is
// never read stays.
func TestARecallIsPatient(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	slow, never := publishedNotice("bo", w.PublishedEvent("anna", g, nil)), publishedNotice("bo", w.PublishedEvent("anna", g, nil))
	w.Drain()
	if err := w.Notifier.Recall(t.Context(), ct.PersonID("bo"), []string{slow, never, inbox.NoticeID(ct.PersonID("bo"), "gone")}); err != nil {
		t.Fatal(err)
	}
	passes(w, afterRecall)
	wantRemoved(w, "android")
	if _, err := w.DB.Collection("notices").UpdateOne(t.Context(), map[string]any{"_id": slow, "personId": ct.PersonID("bo")}, map[string]any{"$set": map[string]any{"unread": false}}); err != nil {
		t.Fatal(err)
	}
	passes(w, time.Minute)
	passes(w, time.Hour)
	wantRemoved(w, "android", tagsOf(slow))
	if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// Every answer of Firebase to a removal is acted on as for any push, and it ends.
func TestFirebasesAnswersToARemoval(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer  fcmsim.Answer
		outcome string
		kept    bool // whether the device is kept
		again   bool // whether it is tried again, and comes
	}{
		"UNREGISTERED":     {fcmsim.Unregistered(), "GONE", false, false},
		"a bad device":     {fcmsim.InvalidDevice(), "BAD_DEVICE", true, false},
		"a bad message":    {fcmsim.InvalidPayload(), "BAD_PAYLOAD", true, false},
		"503":              {fcmsim.Unavailable(0).Once(), "RETRY", true, true},
		"too fast":         {fcmsim.QuotaExceeded(30 * time.Second).Once(), "QUOTA_EXCEEDED", true, true},
		"a platform rests": {fcmsim.ThirdPartyAuth().Once(), "PLATFORM_DOWN", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := crowd(t, 1)
			e := w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			w.Phones.Script("p0", row.answer)
			read(w, "p0", publishedNotice("p0", e))
			passes(w, afterRecall)
			lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("p0"), "purpose": "REMOVE"})
			if len(lines) != 1 || string(lines[0].Outcome) != row.outcome {
				t.Errorf("the ledger has %+v", lines)
			}
			if hasDevice(w, "p0") != row.kept {
				t.Errorf("the device is kept: %t", !row.kept)
			}
			for range 3 {
				passes(w, 10*time.Minute)
			}
			if got := len(removalsTo(w, "p0")) == 1; got != row.again {
				t.Errorf("it came: %t", got)
			}
			if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// A worker that dies during a recall leaves it to the next.
func TestARecallOutlivesItsWorker(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 3)
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	for i := range 3 {
		read(w, fmt.Sprint("p", i), publishedNotice(fmt.Sprint("p", i), e))
	}
	w.Clock.Advance(afterRecall)
	ids := []string{ct.PersonID("p0"), ct.PersonID("p1"), ct.PersonID("p2")}
	if _, err := w.DB.Collection("push_recalls").UpdateMany(t.Context(), map[string]any{"_id": map[string]any{"$in": ids}}, map[string]any{"$set": map[string]any{"owner": "dead", "leaseUntil": w.Clock.Now().Add(time.Minute)}}); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	wantRemoved(w, "p1")
	passes(w, 2*time.Minute)
	wantRemoved(w, "p1", tagsOf(publishedNotice("p1", e)))
}
