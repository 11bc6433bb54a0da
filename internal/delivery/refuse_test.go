package delivery_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

// A phone that has turned something off is not sent it.

// tell has a phone of a person say which families are off on it.
func tell(w *ct.World, name, token string, off ...notify.Family) {
	w.T.Helper()
	ct.Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: token, Platform: device.PlatformAndroid, FamiliesOff: off}))(w.T)
}

// tellMute has a phone say that the app may show nothing at all.
func tellMute(w *ct.World, name, token string) {
	w.T.Helper()
	no := false
	ct.Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: token, Platform: device.PlatformIOS, PushAllowed: &no}))(w.T)
}

// wantVerdict checks what became of a person's only notice of a kind.
func wantVerdict(t *testing.T, w *ct.World, name string, kind notify.Kind, channel notify.Channel, rule notify.Rule) {
	t.Helper()
	list := slices.DeleteFunc(w.Notices(name), func(n inbox.Notice) bool { return n.Kind != kind })
	if len(list) != 1 || list[0].Channel != channel || list[0].Rule != rule {
		t.Errorf("%s of %s is %+v, want %s by %s", kind, name, list, channel, rule)
	}
}

// Bo has a phone that shows events and one that does not. Cara's only phone does not, Dan's shows nothing at all, and Eva
// has none. Whoever gets nothing on any phone reads it in the summary, which Cara's phone shows, and Dan's does not.
func TestAPhoneIsNotSentWhatItRefuses(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan")
	w.Join(g.ID, "eva")
	tell(w, "bo", "bo", notify.FamilyEvents)
	tell(w, "bo", "tablet", notify.FamilyCourses)
	tell(w, "cara", "cara", notify.FamilyEvents)
	tellMute(w, "dan", "dan")
	e := later(w, g)
	work(w)
	wantPushed(t, w, "tablet")
	published := w.Notices("bo")[0].Kind
	wantVerdict(t, w, "bo", published, notify.Push, notify.RuleKindDefault)
	wantVerdict(t, w, "cara", published, notify.Summary, notify.RulePhoneOff)
	wantVerdict(t, w, "dan", published, notify.Summary, notify.RulePhoneOff)
	wantVerdict(t, w, "eva", published, notify.Push, notify.RuleKindDefault)
	w.Phones.Reset()
	until(t, w, "2026-05-01T18:01")
	work(w)
	wantPushed(t, w, "cara")
	for _, name := range []string{"cara", "dan"} {
		if list := summariesOf(w, name); len(list) != 1 || len(list[0].Items) != 1 {
			t.Errorf("%s has the summaries %+v", name, list)
		}
	}
	wantVerdict(t, w, "dan", notify.KindSummary, notify.Inbox, notify.RulePhoneOff)
	entries := ct.Must(w.Ledger.Own(w.As("cara"), e.ID))(t)
	if text := entries[0].Text(w.As("cara")); text != "Dine telefoner viser ikke den slags beskeder, så den kom ikke som notifikation. Den ligger i indbakken." {
		t.Errorf("cara is told %q", text)
	}
}

// A push that waits for the morning, or for another try, goes by what the phone lets through then.
func TestAPhoneThatRefusesMeanwhileIsNotSentIt(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		prepare func(t *testing.T, w *ct.World)
		wait    func(t *testing.T, w *ct.World)
	}{
		"it waited for the morning": {
			func(t *testing.T, w *ct.World) { until(t, w, "2026-05-01T23:00") },
			func(t *testing.T, w *ct.World) { until(t, w, "2026-05-02T08:00") },
		},
		"its first try failed": {
			func(_ *testing.T, w *ct.World) { w.Phones.Script("bo", fcmsim.Unavailable(0).Once()) },
			func(_ *testing.T, w *ct.World) { w.Clock.Advance(2 * time.Minute) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo", "cara")
			row.prepare(t, w)
			later(w, g)
			work(w)
			tell(w, "bo", "bo", notify.FamilyEvents)
			row.wait(t, w)
			work(w)
			wantPushed(t, w, "cara")
			wantVerdict(t, w, "bo", w.Notices("bo")[0].Kind, notify.Summary, notify.RulePhoneOff)
			if n := w.Count("push_slots"); n != 1 {
				t.Errorf("%d pushes of the day are taken, want cara's", n)
			}
			w.Phones.Reset()
			tell(w, "bo", "bo")
			later(w, g)
			work(w)
			wantPushed(t, w, "bo", "cara")
		})
	}
}

// What is urgent waits for no summary: if no phone shows it, it is in the inbox at once. A preview says so.
func TestWhatIsUrgentIsReadAtOnceWherePhonesRefuseIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, name := range []string{"bo", "cara", "dan"} {
		w.Phone(name, name)
	}
	tell(w, "bo", "bo", notify.FamilyUrgent)
	tellMute(w, "cara", "cara")
	until(t, w, "2026-05-01T23:00")
	cause := notify.Cause{Key: "urgent", Kind: announcement.NoticeUrgent, Subject: "ann_01kr00000000000000000000an",
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo"), ct.PersonID("cara"), ct.PersonID("dan")}}},
		Data:      map[string]string{"Title": "t", "Text": "x"}}
	p := ct.Must(w.Notifier.Preview(t.Context(), cause, time.Now().Add(time.Minute)))(t)
	if want := (notify.RuleCount{Channel: notify.Inbox, Rule: notify.RulePhoneOff, People: 2}); p.Push != 1 || p.Inbox != 2 || p.Sorted()[0] != want {
		t.Errorf("the preview is %+v", p)
	}
	if n := w.Count("notices"); n != 0 {
		t.Errorf("the preview has written %d notices", n)
	}
}

// Bo's tablet refuses events, and the first try for the phone fails. By the next try the phone refuses them too, or bo has
// left: a phone that was never sent it has not told bo, so that what becomes of the notice is decided anew.
func TestAPhoneThatRefusesHasToldNobody(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		meanwhile func(w *ct.World, groupID string)
		channel   notify.Channel
		rule      notify.Rule
	}{
		"the phone refuses too": {func(w *ct.World, _ string) { tell(w, "bo", "bo", notify.FamilyEvents) }, notify.Summary, notify.RulePhoneOff},
		"bo has left": {func(w *ct.World, groupID string) {
			ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: groupID}))(w.T)
		}, notify.Drop, notify.RuleLeft},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo")
			tell(w, "bo", "tablet", notify.FamilyEvents)
			w.Phones.Script("bo", fcmsim.Unavailable(0).Once())
			later(w, g)
			work(w)
			row.meanwhile(w, g.ID)
			w.Clock.Advance(2 * time.Minute)
			work(w)
			wantPushed(t, w)
			wantVerdict(t, w, "bo", w.Notices("bo")[0].Kind, row.channel, row.rule)
		})
	}
}
