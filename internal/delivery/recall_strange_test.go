package delivery_test

import (
	"context"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/inbox"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// sendAfter does something before each send.
type sendAfter struct {
	push.Sender
	do func()
}

func (s sendAfter) Send(ctx context.Context, d push.Device, m push.Message) push.Result {
	s.do()
	return s.Sender.Send(ctx, d, m)
}

// What is read while Firebase still has its push in hand goes away once the ledger says that it was shown.
func TestWhatIsReadWhileItIsSentGoesAway(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	noticeID := publishedNotice("p0", w.PublishedEvent("anna", g.ID, nil))
	var once sync.Once
	w.Notifier.Sender = sendAfter{w.Notifier.Sender, func() {
		once.Do(func() {
			read(w, "p0", noticeID)
			w.Clock.Advance(afterRecall)
			ct.Must(w.Notifier.CarryOutRecalls(t.Context()))(t)
		})
	}}
	w.Drain()
	passes(w, afterRecall)
	passes(w, time.Minute)
	wantRemoved(w, "p0", tagsOf(noticeID))
	if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// However many phones somebody has, Firebase gets as long to come back as for any push, and a removal that comes through
// begins anew.
func TestFirebaseIsDownForManyPhones(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	var ids []string
	for range 2 {
		ids = append(ids, publishedNotice("bo", w.PublishedEvent("anna", g, nil)))
	}
	w.Drain()
	w.Phones.ScriptAll(fcmsim.Unavailable(0))
	read(w, "bo", ids[0])
	passes(w, afterRecall)
	for range 50 {
		passes(w, time.Minute)
	}
	w.Phones.ScriptAll(fcmsim.OK())
	for range 20 {
		passes(w, time.Minute)
	}
	for _, phone := range []string{"android", "iphone", "web"} {
		wantRemoved(w, phone, tagsOf(ids[0]))
	}
	for _, r := range ct.All[map[string]any](w, "push_recalls", nil) {
		if r["tries"] != nil && r["tries"] != int32(0) {
			t.Errorf("what came through still counts tries: %v", r)
		}
	}
	read(w, "bo", ids[1])
	passes(w, afterRecall)
	wantRemoved(w, "iphone", tagsOf(ids[0]), tagsOf(ids[1]))
}

// A removal lives no longer than the notice is put off, and what is about to come back is not taken away.
func TestARemovalDoesNotTakeAwayWhatHasComeBack(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	noticeID := publishedNotice("p0", w.PublishedEvent("anna", g.ID, nil))
	w.Drain()
	w.Phones.TurnOff("p0")
	until := w.Clock.Now().Add(20 * time.Minute)
	ct.Must(w.Inbox.Snooze(w.As("p0"), inbox.SnoozeInput{NoticeID: noticeID, Until: &until}))(t)
	passes(w, afterRecall)
	w.Clock.Advance(20 * time.Minute)
	w.Fire()
	w.Drain()
	w.Phones.TurnOn("p0")
	wantRemoved(w, "p0")
}
