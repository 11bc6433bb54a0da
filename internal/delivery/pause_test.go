package delivery_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

// Apple's service refuses Firebase for hours. No push is given up, Firebase is asked now
// and then, and all pushes come when the outage is over.
func TestAPlatformThatRestsForHoursLosesNoPush(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 0)
	for _, name := range []string{"bo", "cara"} {
		w.Join(g.ID, name)
		ct.Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: name, Platform: device.PlatformIOS}))(t)
	}
	w.Phones.ScriptPlatform("IOS", fcmsim.ThirdPartyAuth())
	w.PublishedEvent("anna", g.ID, nil)
	const hours = 4
	for range hours * 30 {
		w.Drain()
		w.Clock.Advance(2 * time.Minute)
	}
	if asked := w.Phones.Requests(); asked < hours || asked > hours*60/5*2 {
		t.Errorf("Firebase was asked %d times", asked)
	}
	if r := report(w); r.State != "QUEUED" || r.Failed != 0 {
		t.Errorf("meanwhile: %+v", r)
	}
	w.Phones.ScriptPlatform("IOS", fcmsim.OK())
	w.Clock.Advance(6 * time.Minute)
	w.Drain()
	wantPushed(t, w, "bo", "cara")
	if r := report(w); r.State != "DONE" || r.Sent != 2 || r.Failed != 0 {
		t.Errorf("in the end: %+v", r)
	}
}

// Pushes to a platform that refuses for days are given up, since they are too old.
func TestAPlatformThatRestsForDaysIsGivenUp(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 0)
	w.Join(g.ID, "bo")
	ct.Must(w.Devices.Register(w.As("bo"), device.RegisterInput{Kind: device.KindToken, Value: "bo", Platform: device.PlatformIOS}))(t)
	w.Phones.ScriptPlatform("IOS", fcmsim.ThirdPartyAuth())
	w.Enqueue(notify.Cause{Key: "answered", Kind: group.NoticeJoinAnswered, Subject: g.ID, Data: map[string]string{"Group": "Haven"},
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}}}})
	for range 26 * 3 {
		w.Drain()
		w.Clock.Advance(20 * time.Minute)
	}
	r := ct.Must(w.Notifier.Report(t.Context(), "answered"))(t)
	if r.State != "DONE" || r.Failed != 1 {
		t.Errorf("after a day: %+v", r)
	}
}

// When Firebase tells one replica that pushes come too fast, another one in the middle
// of a chunk begins no more.
func TestTooFastStopsAnotherWorkersChunk(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, g := crowd(t, 40, m.Option())
	h := w.Group("anna")
	w.Join(h.ID, "dan")
	w.Phone("dan", "dan")
	w.PublishedEvent("anna", g.ID, nil)
	for { // everything is decided before anything is sent
		if !ct.Must(w.Notifier.Expand(t.Context()))(t) {
			break
		}
	}
	other := w.Again()
	m.Before("insert", "notice_ledger", func() {
		w.Phones.Script("dan", fcmsim.QuotaExceeded(time.Minute).Once())
		other.PublishedEvent("anna", h.ID, nil)
		other.Drain()
		w.Clock.Advance(2 * time.Second)
	})
	w.Drain()
	if n := w.Phones.Received(); n > 10 {
		t.Errorf("%d phones got the push while pushes rest, want at most the ten on their way", n)
	}
	w.Clock.Advance(2 * time.Minute)
	w.Drain()
	if n := w.Phones.Devices(); n != 41 {
		t.Errorf("%d of 41 phones", n)
	}
	wantRepeats(w, 0)
}
