package announcement_test

import (
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// A flood warning goes out at three at night: the second person's phone rings, and once they have approved
// it, everybody's does, whatever they chose for its kind and however much they got that day. Whoever turned
// push notifications off finds it in their inbox.
func TestAFloodWarningAtThreeAtNight(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Clock.Advance(13 * time.Hour) // 01:00 UTC, and 03:00 in Denmark
	one, two := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff)
	names := []string{"one", "two", "asleep", "enough", "unkind", "off"}
	for _, name := range names {
		w.As(name)
		w.Phone(name, name)
	}
	settings := map[string]inbox.UpdateSettingsInput{
		"enough": {PushesADay: optional.Of(0)},
		"unkind": {Kinds: optional.ListOf(inbox.KindInput{Kind: announcement.NoticeUrgent, Channel: optional.Of(notify.Inbox)})},
		"off":    {PushEnabled: optional.Of(false)},
	}
	for name, in := range settings {
		ct.Must(w.Settings.Update(w.As(name), in))(t)
	}
	in := spoken()
	in.IsUrgent = true
	if p := ct.Must(w.Announcements.PreviewBroadcast(one, nil, true))(t); !p.NeedsApproval || p.Push != 4 || p.Held != 0 || p.Inbox != 1 || p.Approvers != 1 {
		t.Errorf("the preview says %+v", p)
	}
	a := ct.Must(w.Announcements.Broadcast(one, in))(t)
	w.Drain()
	if a.State != announcement.StatePending || w.Phones.Received() != 1 {
		t.Fatalf("it is %s, and %d phones rang", a.State, w.Phones.Received())
	}
	if p := first(w, "two"); p.Title != "Haster: godkend en vigtig besked" {
		t.Errorf("the second person's phone shows %q", p.Title)
	}
	_, err := w.Announcements.Approve(one, announcement.DecideInput{AnnouncementID: a.ID})
	ct.WantKey(t, err, "announcement.second_person")
	ct.Must(w.Announcements.Approve(two, announcement.DecideInput{AnnouncementID: a.ID, ExpectedVersion: &a.Version}))(t)
	w.Drain()
	rang := map[string]int{}
	for _, p := range w.Phones.Pushes() {
		if p.Title == "Vigtigt: Borgermøde" {
			rang[p.Device]++
		}
		if p.Device == "one" && p.Title != "Dit opslag er godkendt: Borgermøde" {
			t.Errorf("its author's phone shows %q", p.Title)
		}
	}
	if n := len(w.Phones.Pushes()); n != 6 {
		t.Errorf("%d phones rang, want the second person's, its author's and four more", n)
	}
	for _, name := range names {
		want := 1
		if name == "one" || name == "off" {
			want = 0 // its author, and who turned push notifications off
		}
		if rang[name] != want {
			t.Errorf("%s's phone rang %d times, want %d", name, rang[name], want)
		}
	}
	if list := ct.Must(w.Inbox.List(w.As("off"), page.Args{First: 5}))(t); len(list.Edges) != 1 {
		t.Errorf("off's inbox has %d", len(list.Edges))
	}
}

// rings counts the pushes that a phone got.
func rings(w *ct.World, phone string) int {
	w.Drain()
	n := 0
	for _, p := range w.Phones.Pushes() {
		if p.Device == phone {
			n++
		}
	}
	return n
}

// urgent is an urgent announcement of one's, with two who may approve it at three at night.
func urgent(t *testing.T, w *ct.World) *announcement.Announcement {
	t.Helper()
	w.Clock.Advance(13 * time.Hour)
	w.Grant("two", auth.RoleStaff)
	w.Phone("two", "two")
	in := spoken()
	in.IsUrgent = true
	return ct.Must(w.Announcements.Broadcast(w.Grant("one", auth.RoleStaff), in))(t)
}

// A second person who sleeps is asked again and again for half an hour, and no longer once somebody has
// decided. Whoever waits for them sees whether their phones got it, and whether somebody has opened it.
func TestASecondPersonWhoSleepsIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	a := urgent(t, w)
	for i, wait := range []time.Duration{0, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 2 * time.Hour} {
		w.Clock.Advance(wait)
		w.Fire()
		if got, want := rings(w, "two"), min(i+1, 4); got != want {
			t.Errorf("after %s more the phone rang %d times, want %d", wait, got, want)
		}
	}
	waits := ct.Must(w.Announcements.ByIDs(w.As("one"), []string{a.ID}))(t)[a.ID]
	if r := ct.Must(approvalReportFor(w, "one", waits))(t); r.Delivered() != 1 || r.Opened != 0 {
		t.Errorf("the report of the question says %+v", r)
	}
	ct.Must(w.Inbox.Opened(w.As("two"), inbox.OpenedInput{NoticeID: w.Notices("two")[0].ID, By: inbox.ByOpening}))(t)
	if r := ct.Must(approvalReportFor(w, "one", waits))(t); r.Opened != 1 {
		t.Errorf("opened, the report of the question says %+v", r)
	}
	ct.Must(w.Announcements.Approve(w.As("two"), announcement.DecideInput{AnnouncementID: a.ID, ExpectedVersion: &a.Version}))(t)
	sent := ct.Must(w.Announcements.ByIDs(w.As("one"), []string{a.ID}))(t)[a.ID]
	if r := ct.Must(approvalReportFor(w, "one", sent))(t); r != nil {
		t.Errorf("approved, the report of the question says %+v", r)
	}
}

func TestNobodyIsAskedAgainOnceItIsDecided(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	a := urgent(t, w)
	w.Drain()
	ct.Must(w.Announcements.Reject(w.As("two"), announcement.DecideInput{AnnouncementID: a.ID}))(t)
	w.Clock.Advance(time.Hour)
	w.Fire()
	if n := rings(w, "two"); n != 1 {
		t.Errorf("the phone rang %d times", n)
	}
}

// What was rejected and is published again asks again, the same night. Somebody who does that over and over
// makes no phone ring more than five times.
func TestWhatIsPublishedAgainAsksAgain(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	a := urgent(t, w)
	for i := range 7 {
		if got, want := rings(w, "two"), min(i+1, 5); got != want {
			t.Errorf("published %d times, the phone rang %d times, want %d", i+1, got, want)
		}
		ct.Must(w.Announcements.Reject(w.As("two"), announcement.DecideInput{AnnouncementID: a.ID}))(t)
		ct.Must(w.Announcements.Update(w.As("one"), announcement.UpdateInput{AnnouncementID: a.ID, Title: danish("x"), Text: danish("y")}))(t)
		ct.Must(w.Announcements.Publish(w.As("one"), announcement.PublishInput{AnnouncementID: a.ID}))(t)
	}
}

// Whoever approves has read the words: somebody who changes them meanwhile, perhaps with an account that is
// not theirs, has them approved by nobody.
func TestAnApprovalIsForTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	a := urgent(t, w)
	thief := w.Grant("thief", auth.RoleStaff)
	read := a.Version
	ct.Must(w.Announcements.Update(thief, announcement.UpdateInput{AnnouncementID: a.ID, Title: danish("x"), Text: danish("y")}))(t)
	ct.Must(w.Announcements.Publish(thief, announcement.PublishInput{AnnouncementID: a.ID}))(t)
	_, err := w.Announcements.Approve(w.As("two"), announcement.DecideInput{AnnouncementID: a.ID, ExpectedVersion: &read})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("approved by what was read before: %v", err)
	}
	_, err = w.Announcements.Approve(thief, announcement.DecideInput{AnnouncementID: a.ID})
	ct.WantKey(t, err, "announcement.second_person")
}

// Urgent announcements have a limit of their own.
func TestUrgentOnesCountForThemselves(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	for range 5 {
		ct.Must(w.Announcements.Broadcast(staff, spoken()))(t)
	}
	_, err := w.Announcements.Broadcast(staff, spoken())
	ct.WantKey(t, err, "announcement.too_many")
	in := spoken()
	in.IsUrgent = true
	for range 3 {
		ct.Must(w.Announcements.Broadcast(staff, in))(t)
	}
	_, err = w.Announcements.Broadcast(staff, in)
	ct.WantKey(t, err, "announcement.too_many_urgent")
	later := w.Clock.Now().Add(time.Hour)
	in.PublishAt = &later
	_, err = w.Announcements.Broadcast(staff, in)
	ct.WantKey(t, err, "announcement.urgent_later")
}
