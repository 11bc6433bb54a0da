package announcement_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/push/fcmsim"
)

func said(groupID string) announcement.GroupInput {
	return announcement.GroupInput{GroupID: groupID, Title: "Vandet lukkes", Text: "I morgen fra 9 til 12."}
}

func danish(text string) []i18n.Translation { return []i18n.Translation{{Language: "DA", Text: text}} }

func spoken() announcement.BroadcastInput {
	return announcement.BroadcastInput{Title: append(danish("Borgermøde"), i18n.Translation{Language: "EN", Text: "Town meeting"}),
		Text: append(danish("Kom og vær med."), i18n.Translation{Language: "EN", Text: "Come along."})}
}

// crowd makes people directly, without sign-ins, since only their number matters.
func crowd(t *testing.T, w *ct.World, n int) {
	t.Helper()
	people := make([]any, n)
	for i := range people {
		people[i] = person.Person{ID: ct.PersonID(fmt.Sprint("crowd-", i)), UID: fmt.Sprint("crowd-", i), DisplayName: "x", OwnLanguage: i18n.Danish}
	}
	if _, err := w.DB.Collection("persons").InsertMany(t.Context(), people); err != nil {
		t.Fatal(err)
	}
}

// first is the first push that a phone got.
func first(w *ct.World, phone string) fcmsim.Push {
	for _, p := range w.Phones.Pushes() {
		if p.Device == phone {
			return p
		}
	}
	w.T.Errorf("%s got no push", phone)
	return fcmsim.Push{}
}

func TestAnAnnouncementReachesTheMembers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "ida", "ole")
	w.Phone("bo", "bo")
	w.Phone("ida", "ida")
	w.Phone("anna", "anna")
	ct.Must(w.Groups.SetNotifications(w.As("ida"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox}))(t)
	preview := ct.Must(w.Announcements.PreviewToGroup(w.As("anna"), g.ID))(t)
	if preview.Audience != 3 || preview.Push != 2 || preview.Inbox != 1 || preview.NeedsApproval || !preview.IsComplete {
		t.Errorf("the preview says %+v", preview)
	}
	if n := len(ct.All[inbox.Notice](w, "notices", nil)); n != 0 {
		t.Errorf("the preview has written %d notices", n)
	}
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	w.Drain()
	if a.State != announcement.StateSent || w.Phones.Received() != 1 {
		t.Fatalf("%s, and %d pushes", a.State, w.Phones.Received())
	}
	if p := first(w, "bo"); p.Title != "Haven: Vandet lukkes" || p.Body != "I morgen fra 9 til 12." {
		t.Errorf("bo's phone shows %q: %q", p.Title, p.Body)
	}
	notice := ct.All[inbox.Notice](w, "notices", map[string]any{"personId": ct.PersonID("bo")})[0]
	for range 2 {
		opened := ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: notice.ID, By: inbox.ByOpening}))(t)
		if !opened.OpenedAt.Equal(ct.Noon) || opened.Unread {
			t.Errorf("opened at %v, unread: %t", opened.OpenedAt, opened.Unread)
		}
		w.Clock.Advance(time.Minute)
	}
	_, err := w.Inbox.Opened(w.As("ida"), inbox.OpenedInput{NoticeID: notice.ID, By: inbox.ByOpening})
	ct.WantKind(t, err, fault.KindNotFound)
	r := ct.Must(reportFor(w, "anna", a))(t)
	if r.Expanded() != 3 || r.HandedOver() != 1 || r.Delivered() != 1 || r.Opened != 1 || r.IsRunning() {
		t.Errorf("the report says %+v", r)
	}
	other := ct.Must(w.Announcements.ByIDs(w.As("bo"), []string{a.ID}))(t)[a.ID]
	if r := ct.Must(reportFor(w, "bo", other))(t); r != nil {
		t.Errorf("a member sees the report %+v", r)
	}
	// The report outlives the notifier's memory.
	w.Clock.Advance(6*24*time.Hour + time.Minute)
	w.Fire()
	w.Clock.Advance(48 * time.Hour)
	if err := w.Notifier.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	a = ct.Must(w.Announcements.ByIDs(w.As("anna"), []string{a.ID}))(t)[a.ID]
	if r := ct.Must(reportFor(w, "anna", a))(t); r.Delivered() != 1 || r.Opened != 1 {
		t.Errorf("a week later the report says %+v", r)
	}
}

func TestWhoMayAnnounceAndWhoMayRead(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityHidden })
	staff := w.Grant("staff", auth.RoleStaff)
	w.As("bo")
	_, err := w.Announcements.ToGroup(w.As("bo"), said(g.ID))
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Announcements.PreviewToGroup(w.As("bo"), g.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Announcements.Broadcast(w.As("bo"), spoken())
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Announcements.PreviewBroadcast(w.As("bo"), nil, false)
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Announcements.ToGroup(w.As("anna"), announcement.GroupInput{GroupID: g.ID, Title: " ", Text: ""})
	ct.WantKind(t, err, fault.KindInvalid)

	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	all := ct.Must(w.Announcements.Broadcast(staff, spoken()))(t)
	for name, want := range map[string]int{"anna": 2, "bo": 1, "staff": 1} {
		found := ct.Must(w.Announcements.ByIDs(w.As(name), []string{a.ID, all.ID}))(t)
		if len(found) != want {
			t.Errorf("%s sees %d of the two", name, len(found))
		}
	}
	groups := &announcement.Filter{GroupID: &g.ID}
	if list := ct.Must(w.Announcements.List(w.As("anna"), groups, page.Args{First: 5}))(t); len(list.Edges) != 1 {
		t.Errorf("anna's list has %d", len(list.Edges))
	}
	_, err = w.Announcements.List(w.As("bo"), groups, page.Args{First: 5})
	ct.WantKind(t, err, fault.KindNotFound)
	stopped := announcement.StateStopped
	_, err = w.Announcements.List(w.As("bo"), &announcement.Filter{States: []announcement.State{stopped}}, page.Args{First: 5})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Announcements.Stop(w.As("bo"), announcement.DecideInput{AnnouncementID: all.ID})
	ct.WantKind(t, err, fault.KindForbidden)
}

// An announcement to more than a thousand people needs a second person's approval, and nobody
// is told before.
func TestALargeBroadcastNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one, two := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff)
	crowd(t, w, 998) // a thousand, together with the two
	if a := ct.Must(w.Announcements.Broadcast(one, spoken()))(t); a.State != announcement.StateSent {
		t.Errorf("to a thousand it is %s", a.State)
	}
	w.Drain()
	toldIt := func() int {
		return len(ct.All[inbox.Notice](w, "notices", map[string]any{"kind": announcement.NoticeBroadcast}))
	}
	told := toldIt()
	if told != 999 {
		t.Errorf("%d were told, want all but the author", told)
	}
	w.As("bo")
	a := ct.Must(w.Announcements.Broadcast(one, spoken()))(t)
	w.Drain()
	if n := toldIt(); a.State != announcement.StatePending || n != told {
		t.Fatalf("to a thousand and one it is %s, and %d more were told", a.State, n-told)
	}
	if found := ct.Must(w.Announcements.ByIDs(w.As("bo"), []string{a.ID}))(t); len(found) != 0 {
		t.Error("a resident reads what waits")
	}
	in := announcement.DecideInput{AnnouncementID: a.ID}
	_, err := w.Announcements.Approve(one, in)
	ct.WantKey(t, err, "announcement.second_person")
	_, err = w.Announcements.Approve(w.As("bo"), in)
	ct.WantKind(t, err, fault.KindNotFound)
	ct.Must(w.Announcements.Approve(two, in))(t)
	_, err = w.Announcements.Approve(two, in)
	ct.WantKey(t, err, "announcement.state")
	w.Drain()
	if n := toldIt() - told; n != 1000 {
		t.Errorf("approved, it told %d", n)
	}
	b := ct.Must(w.Announcements.Broadcast(one, spoken()))(t)
	ct.Must(w.Announcements.Reject(two, announcement.DecideInput{AnnouncementID: b.ID}))(t)
	_, err = w.Announcements.Approve(two, announcement.DecideInput{AnnouncementID: b.ID})
	ct.WantKey(t, err, "announcement.state")
}

// An announcement that is stopped in the middle tells no more people, not even those whose
// push is queued.
func TestABroadcastIsStoppedOnItsWay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	w.Clock.Advance(10 * time.Hour) // to midnight, so that the push is held
	if p := ct.Must(w.Announcements.PreviewToGroup(w.As("anna"), g.ID))(t); p.Push != 1 || p.Held != 1 {
		t.Errorf("the preview says %+v", p)
	}
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	w.Drain()
	r := ct.Must(reportFor(w, "anna", a))(t)
	if !r.IsRunning() || r.Push != 1 || r.Waiting != 1 {
		t.Fatalf("held, the report says %+v", r)
	}
	why := "Forkert dag."
	a = ct.Must(w.Announcements.Stop(w.As("anna"), announcement.DecideInput{AnnouncementID: a.ID, Reason: &why}))(t)
	// If the cause came only now, after a crash, it would no longer be true.
	if state := ct.Must(w.News.State(t.Context(), notify.News{Kind: announcement.NoticeToGroup, Subject: a.ID}))(t); state.Alive {
		t.Error("people are still to be told")
	}
	w.Clock.Advance(10 * time.Hour)
	w.Drain()
	r = ct.Must(reportFor(w, "anna", a))(t)
	if a.State != announcement.StateStopped || w.Phones.Received() != 0 || r.IsRunning() || r.StoppedBecause != notify.StopByPerson {
		t.Errorf("%s, %d pushes, %+v", a.State, w.Phones.Received(), r)
	}
}

// An author may make three announcements a day in a group, however many calls come at once.
func TestAnAuthorIsLimitedPerDay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	anna := w.As("anna")
	var made, refused atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, err := w.Announcements.ToGroup(anna, said(g.ID)); {
			case err == nil:
				made.Add(1)
			case fault.Is(err, fault.KindExhausted):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if made.Load() != 3 || refused.Load() != 5 {
		t.Errorf("%d made, %d refused", made.Load(), refused.Load())
	}
	w.Clock.Advance(10 * time.Hour) // 22:00 UTC is the next day in Denmark
	key := "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a11"
	in := said(g.ID)
	in.ClientMutationID = &key
	first, again := ct.Must(w.Announcements.ToGroup(anna, in))(t), ct.Must(w.Announcements.ToGroup(anna, in))(t)
	if first.ID != again.ID {
		t.Error("a repeat announced again")
	}
}

// A push holds the beginning of a text, cut between words; the app shows the rest.
func TestALongTextIsCutInThePush(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	in := said(g.ID)
	in.Text = strings.Repeat("ære ", 60) // 240 characters
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), in))(t)
	w.Drain()
	if got, want := first(w, "bo").Body, strings.Repeat("ære ", 44)+"ære…"; got != want {
		t.Errorf("the push says %q, want %q", got, want)
	}
	if got := a.Text(t.Context(), nil); got != strings.TrimSpace(in.Text) {
		t.Errorf("the app shows %q", got)
	}
}

func TestABroadcastOfAnAreaTellsWhoLivesThere(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	areas := ct.Must(w.LoadAreas(t.Context()))(t)
	staff := w.Grant("staff", auth.RoleStaff)
	live := func(ctx context.Context, areaID string) {
		name := "x"
		ct.Must(w.People.CompleteProfile(ctx, person.ProfileInput{DisplayName: optional.Of(name), HomeAreaID: optional.Of(areaID)}))(t)
	}
	live(w.As("bo"), areas[0].ID)
	live(w.As("eve-en"), areas[0].ID)
	live(w.As("ole"), areas[1].ID)
	for _, name := range []string{"bo", "eve-en", "ole"} {
		w.Phone(name, name)
	}
	in := spoken()
	in.AreaIDs = []string{areas[0].ID, areas[0].ID}
	if a := ct.Must(w.Announcements.Broadcast(staff, in))(t); len(a.AreaIDs) != 1 {
		t.Errorf("it is for the areas %v", a.AreaIDs)
	}
	w.Drain()
	if w.Phones.Count("bo") != 1 || w.Phones.Count("ole") != 0 || first(w, "eve-en").Title != "Town meeting" {
		t.Errorf("bo %d, ole %d", w.Phones.Count("bo"), w.Phones.Count("ole"))
	}
}
