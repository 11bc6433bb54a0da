package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// crowd is a world with a group of anna's that has n members p0, p1 and so on, each
// with a phone of the same name.
func crowd(t *testing.T, n int, opts ...testkit.Option) (*ct.World, *group.Group) {
	t.Helper()
	w := ct.New(t, opts...)
	g := w.Group("anna")
	for i := range n {
		w.Join(g.ID, fmt.Sprint("p", i))
		w.Phone(fmt.Sprint("p", i), fmt.Sprint("p", i))
	}
	return w, g
}

func report(w *ct.World) notify.Report {
	w.T.Helper()
	return ct.Must(w.Notifier.Report(w.T.Context(), w.Jobs(event.NoticePublished)[0].Key))(w.T)
}

func hasDevice(w *ct.World, name string) bool {
	w.T.Helper()
	return len(ct.Must(w.Devices.Of(w.T.Context(), []string{ct.PersonID(name)}))(w.T)) > 0
}

// This goes through every answer of Firebase, end to end: what becomes of the device and
// of the job, and what the ledger says. p0 gets the answer, and eleven others get the
// push.
func TestEveryAnswerOfFirebase(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer  fcmsim.Answer
		device  bool   // whether p0's device is kept
		state   string // the state of the job, with its chunks
		outcome string // the outcome in the ledger
		reason  string
		again   bool // whether p0 is tried again, and gets the push
	}{
		"200":                             {fcmsim.OK(), true, "DONE", "SENT", "", false},
		"UNREGISTERED":                    {fcmsim.Unregistered(), false, "DONE", "GONE", "UNREGISTERED", false},
		"SENDER_ID_MISMATCH":              {fcmsim.SenderIDMismatch(), false, "DONE", "GONE", "SENDER_ID_MISMATCH", false},
		"INVALID_ARGUMENT of the device":  {fcmsim.InvalidDevice(), false, "DONE", "BAD_DEVICE", "INVALID_ARGUMENT", false},
		"INVALID_ARGUMENT of the message": {fcmsim.InvalidPayload(), true, "DONE", "BAD_PAYLOAD", "INVALID_ARGUMENT", false},
		"THIRD_PARTY_AUTH_ERROR":          {fcmsim.ThirdPartyAuth().Once(), true, "QUEUED", "PLATFORM_DOWN", "THIRD_PARTY_AUTH_ERROR", true},
		"QUOTA_EXCEEDED with Retry-After": {fcmsim.QuotaExceeded(30 * time.Second).Once(), true, "QUEUED", "QUOTA_EXCEEDED", "QUOTA_EXCEEDED", true},
		"QUOTA_EXCEEDED without":          {fcmsim.QuotaExceeded(0).Once(), true, "QUEUED", "QUOTA_EXCEEDED", "QUOTA_EXCEEDED", true},
		"500":                             {fcmsim.Internal().Once(), true, "QUEUED", "RETRY", "INTERNAL", true},
		"503":                             {fcmsim.Unavailable(0).Once(), true, "QUEUED", "RETRY", "UNAVAILABLE", true},
		"a connection that breaks":        {fcmsim.Reset(), true, "QUEUED", "RETRY", "NETWORK", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := crowd(t, 12)
			w.Phones.Script("p0", row.answer)
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			if got := hasDevice(w, "p0"); got != row.device {
				t.Errorf("p0's device is kept: %t", got)
			}
			r := report(w)
			if string(r.State) != row.state {
				t.Errorf("the job is %s: %+v", r.State, r)
			}
			lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("p0")})
			if len(lines) != 1 || string(lines[0].Outcome) != row.outcome || lines[0].Reason != row.reason {
				t.Errorf("the ledger has %+v", lines)
			}
			if row.reason != "" && (r.Answer[row.reason] != 1 || r.Sent != 11) {
				t.Errorf("the report has not counted what was answered: %+v", r)
			}
			if n := w.Phones.Count("p0"); row.again && n != 0 {
				t.Errorf("p0 got %d already", n)
			}
			if !row.again {
				return
			}
			w.Phones.Script("p0")
			w.Clock.Advance(7 * time.Minute)
			w.Drain()
			if r := report(w); r.State != "DONE" || r.Sent != 12 || w.Phones.Count("p0") != 1 || w.Phones.Received() != 12 {
				t.Errorf("later p0 has %d, all %d: %+v", w.Phones.Count("p0"), w.Phones.Received(), r)
			}
		})
	}
}

// If the message reached nobody, nothing says that the devices are bad.
func TestABadDeviceAloneIsKept(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	w.Phones.Script("p0", fcmsim.InvalidDevice())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	if r := report(w); r.State != "DONE" || r.Failed != 1 || !hasDevice(w, "p0") {
		t.Errorf("%+v, p0's device is kept: %t", r, hasDevice(w, "p0"))
	}
}

// While one platform rests, pushes to the others go on. The pause holds for all workers.
func TestAPlatformRestsForAllWorkers(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 3)
	for _, name := range []string{"p0", "p1"} {
		ct.Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: "iphone-" + name, Platform: device.PlatformIOS}))(t)
	}
	w.Phones.ScriptPlatform("IOS", fcmsim.ThirdPartyAuth())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	wantPushed(t, w, "p0", "p1", "p2")
	requests := w.Phones.Requests()
	other := w.Again()
	w.Phones.ScriptPlatform("IOS", fcmsim.OK())
	w.PublishedEvent("anna", g.ID, nil)
	other.Drain()
	if n := w.Phones.Requests() - requests; n != 3 {
		t.Errorf("the other worker asked Firebase %d times while iPhones rest, want the 3 Androids", n)
	}
	w.Clock.Advance(6 * time.Minute)
	other.Drain()
	w.Clock.Advance(6 * time.Minute)
	other.Drain()
	for _, name := range []string{"iphone-p0", "iphone-p1"} {
		if n := w.Phones.Count(name); n != 2 {
			t.Errorf("%s got %d of 2", name, n)
		}
	}
}

// If Firebase says "too fast", every worker stops for as long as Firebase says.
func TestTooFastPausesAllWorkers(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 2)
	w.Phones.Script("p0", fcmsim.QuotaExceeded(90*time.Second).Once())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	other, requests := w.Again(), w.Phones.Requests()
	w.PublishedEvent("anna", g.ID, nil)
	other.Drain()
	w.Clock.Advance(89 * time.Second)
	other.Drain()
	if n := w.Phones.Requests() - requests; n != 0 {
		t.Errorf("%d requests while the project rests", n)
	}
	w.Clock.Advance(time.Minute)
	other.Drain()
	wantPushed(t, w, "p0", "p0", "p1", "p1")
}

// A job that is stopped goes no further, during expansion as well as during sending.
func TestAStoppedJobGoesNoFurther(t *testing.T) {
	t.Parallel()
	for name, collection := range map[string]string{"expanding": "push_slots", "sending": "notice_ledger"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w, g := crowd(t, 15, m.Option())
			w.PublishedEvent("anna", g.ID, nil)
			key := w.Jobs(event.NoticePublished)[0].Key
			m.Before("insert", collection, func() {
				if err := w.Notifier.StopJob(t.Context(), key, notify.StopByPerson, "the author says so"); err != nil {
					t.Error(err)
				}
			})
			w.Drain()
			w.Clock.Advance(time.Hour)
			w.Drain()
			want := 0
			if name == "sending" {
				want = 10 // these pushes were on their way already
			}
			if r := report(w); r.State != "STOPPED" || r.StoppedBecause != notify.StopByPerson || w.Phones.Received() != want || r.Sent != want {
				t.Errorf("%d pushes, want %d: %+v", w.Phones.Received(), want, r)
			}
		})
	}
}

// The rest of a large job waits behind a small one that comes later.
func TestASmallJobPassesALargeOne(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ids := make([]string, 2100)
	for i := range ids {
		ids[i] = ct.PersonID(fmt.Sprint("p", i))
	}
	w.PutPeople(ids)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	large := notify.Cause{Key: "large", Kind: group.NoticeJoinAnswered, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: slices.Sorted(slices.Values(ids))}}, Data: map[string]string{"Group": "Haven"}}
	w.Enqueue(large)
	for range 2 { // the first pages, and one page of the rest
		ct.Must(w.Notifier.Expand(t.Context()))(t)
	}
	w.Clock.Advance(time.Second)
	w.PublishedEvent("anna", g.ID, nil)
	ct.Must(w.Notifier.Expand(t.Context()))(t)
	if len(w.Notices("bo")) != 1 {
		t.Errorf("bo waits for %d people", 2100-w.Count("notices"))
	}
	var order []int
	for _, c := range w.Chunks() {
		order = append(order, c.Rank)
	}
	slices.Sort(order)
	if !slices.Equal(order, []int{0, 0, 0, 1}) {
		t.Errorf("the ranks of the chunks are %v, want two of the large job's beginning, one of its rest, and the small one", order)
	}
	w.Drain()
	if n := w.Count("notices"); n != 2101 {
		t.Errorf("%d notices", n)
	}
}

// If a worker dies in the middle of a large job, everybody is told, and nobody twice.
func TestALargeJobOutlivesItsWorkers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ids := make([]string, 2100)
	for i := range ids {
		ids[i] = ct.PersonID(fmt.Sprint("p", i))
	}
	w.PutPeople(ids)
	g := w.Group("anna")
	w.Enqueue(notify.Cause{Key: "large", Kind: announcement.NoticeBroadcast, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: slices.Sorted(slices.Values(ids))}}, Data: map[string]string{"Title": "Vand", "Text": "Lukket."}})
	for n := 1; n < 30; n += 4 {
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n % 7)
		_ = dying.Notifier.Drain(t.Context()) // the test wants it to die
		w.Clock.Advance(20 * time.Second)
	}
	w.Drain()
	told := map[string]int{}
	for _, c := range w.Chunks() {
		for _, p := range c.People {
			told[p]++
		}
	}
	if len(told) != 2100 || w.Count("notices") != 2100 || w.Count("push_slots") != 2100 {
		t.Errorf("%d people in chunks, %d notices, %d pushes of the day", len(told), w.Count("notices"), w.Count("push_slots"))
	}
	for p, n := range told {
		if n != 1 {
			t.Errorf("%s is in %d chunks", p, n)
		}
	}
	j := ct.All[ct.Job](w, "notify_jobs", map[string]any{"_id": "large"})[0]
	if diff := cmp.Diff(2100, j.Counts.Pushed); diff != "" {
		t.Errorf("counted: %s", diff)
	}
}

func TestDevicesNotSeenForLongArePruned(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Phone("bo", "bo")
	w.Clock.Advance(200 * 24 * time.Hour)
	w.Phone("cara", "cara")
	w.Clock.Advance(69 * 24 * time.Hour)
	prune := func() {
		if err := w.Devices.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	prune()
	if !hasDevice(w, "bo") {
		t.Error("bo's device went after 269 days")
	}
	w.Clock.Advance(25 * time.Hour)
	prune()
	if hasDevice(w, "bo") || !hasDevice(w, "cara") {
		t.Errorf("after 270 days bo's is kept: %t, cara's: %t", hasDevice(w, "bo"), hasDevice(w, "cara"))
	}
}

// A push leads to its notice: on a phone by the link in its data, in a browser by an
// address of the app.
func TestAPushLeadsToItsNotice(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 1)
	ct.Must(w.Devices.Register(w.As("p0"), device.RegisterInput{Kind: device.KindToken, Value: "browser", Platform: device.PlatformWeb}))(t)
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	noticeID := inbox.NoticeID(ct.PersonID("p0"), notify.Key(e.ID, "published", "2"))
	for _, p := range w.Phones.Pushes() {
		want := map[string]string{"noticeId": noticeID, "kind": "EVENT_PUBLISHED", "subjectId": e.ID, "link": "/notices/" + noticeID,
			"channel": "events", "thread": e.ID, "level": "active", "unread": "1", "actions": p.Data["actions"]}
		if diff := cmp.Diff(want, p.Data); diff != "" {
			t.Errorf("%s (-want +got):\n%s", p.Device, diff)
		}
		if link := map[string]string{"p0": "", "browser": ct.AppURL + "/notices/" + noticeID}[p.Device]; p.Link != link {
			t.Errorf("%s opens %q, want %q", p.Device, p.Link, link)
		}
	}
	wantPushed(t, w, "browser", "p0")
}

// What is urgent waits behind nothing: not behind small jobs that came earlier, nor behind the beginning of
// large ones.
func TestWhatIsUrgentGoesFirst(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("one", auth.RoleStaff)
	w.Grant("two", auth.RoleStaff)
	w.Drain()
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.PublishedEvent("anna", g.ID, nil)
	w.Clock.Advance(time.Second)
	title := []i18n.Translation{{Language: i18n.Danish, Text: "Stormflod"}}
	ct.Must(w.Announcements.Broadcast(staff, announcement.BroadcastInput{Title: title, Text: title, IsUrgent: true}))(t)
	ct.Must(w.Notifier.Expand(t.Context()))(t)
	if n := w.Notices("two"); len(n) != 1 || n[0].Kind != announcement.NoticeUrgentWaits {
		t.Errorf("the first job told two %v", n)
	}
	for _, c := range w.Chunks() {
		if c.Rank != -1 {
			t.Errorf("the chunk %s has the rank %d", c.ID, c.Rank)
		}
	}
}
