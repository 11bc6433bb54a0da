package delivery_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

// A push is tried again only for people who have not got it. People who have got it are
// left alone: they get no second push, and nothing is taken from them.

func TestATryInTheNightRepeatsNothingInTheMorning(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	until(t, w, "2026-05-01T20:59")
	w.Phones.Script("cara", fcmsim.Unavailable(0).Once())
	later(w, g)
	work(w)
	wantPushed(t, w, "bo")
	until(t, w, "2026-05-01T21:10") // cara's push is tried again, and held
	work(w)
	wantPushed(t, w, "bo")
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo", "cara")
}

// One phone of a person has got the push, and the other one's is held for the morning.
// The first phone does not ring again.
func TestATryInTheNightIsForThePhoneThatFailed(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	ct.Must(w.Devices.Register(w.As("bo"), device.RegisterInput{Kind: device.KindToken, Value: "tablet", Platform: device.PlatformAndroid}))(t)
	until(t, w, "2026-05-01T20:59")
	w.Phones.Script("tablet", fcmsim.Unavailable(0).Once())
	later(w, g)
	work(w)
	wantPushed(t, w, "bo")
	until(t, w, "2026-05-01T21:10")
	work(w)
	until(t, w, "2026-05-02T08:00")
	work(w)
	wantPushed(t, w, "bo", "tablet")
}

func TestALateTryTakesNothingFromWhoHasIt(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	half := []notify.ReminderOffset{notify.OffsetHalfAnHour}
	for _, name := range []string{"bo", "cara"} {
		put(w, name, func(s *notify.Settings) { s.Offsets = &half })
	}
	e := publishAt(w, g, copenhagen("2026-05-01T18:00"))
	for _, name := range []string{"bo", "cara"} {
		w.MustAttend(name, e.ID, 0)
	}
	work(w)
	w.Phones.Reset()
	until(t, w, "2026-05-01T17:30")
	w.Phones.Script("cara", fcmsim.Unavailable(0))
	work(w)
	wantPushed(t, w, "bo")
	for w.Clock.Now().Before(copenhagen("2026-05-01T18:40")) {
		w.Clock.Advance(5 * time.Minute)
		work(w)
	}
	wantReminder := func(name string, hidden bool) {
		t.Helper()
		list := slices.DeleteFunc(w.Notices(name), func(n inbox.Notice) bool { return n.Kind != event.NoticeReminder || n.FirstChannel == notify.Drop })
		if len(list) != 1 || list[0].Hidden != hidden {
			t.Errorf("%s's reminders, want one that is hidden: %t: %+v", name, hidden, list)
		}
	}
	wantReminder("bo", false)
	wantReminder("cara", true)
	if lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("bo"), "channel": notify.Drop}); len(lines) != 0 {
		t.Errorf("the ledger says of who was reminded %+v", lines)
	}
	if w.StateOf("bo", e.ID) != booking.Confirmed {
		t.Fatal("bo has no place: nothing is tested")
	}
}

// A push that came is no line of the summary, even if the person changes their settings
// afterwards.
func TestAPushThatCameIsNotSummedUp(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	w.Phones.Script("cara", fcmsim.Unavailable(0).Once())
	later(w, g)
	work(w)
	for _, name := range []string{"bo", "cara"} {
		put(w, name, func(s *notify.Settings) {
			s.Kinds = map[notify.Kind]notify.Channel{event.NoticePublished: notify.Summary}
		})
	}
	w.Clock.Advance(5 * time.Minute)
	work(w)
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo", "cara") // cara gets the summary
	for _, p := range w.Phones.Pushes() {
		if want := map[string]string{"bo": "EVENT_PUBLISHED", "cara": "SUMMARY"}[p.Device]; p.Data["kind"] != want {
			t.Errorf("%s got %s, want %s", p.Device, p.Data["kind"], want)
		}
	}
}
