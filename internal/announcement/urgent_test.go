package announcement_test

import (
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
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
	if p := ct.Must(w.Announcements.PreviewBroadcast(one, nil, true))(t); !p.NeedsApproval || p.Push != 4 || p.Held != 0 || p.Inbox != 1 {
		t.Errorf("the preview says %+v", p)
	}
	a := ct.Must(w.Announcements.Broadcast(one, in))(t)
	w.Drain()
	if a.State != announcement.StatePending || w.Phones.Received() != 1 {
		t.Fatalf("it is %s, and %d phones rang", a.State, w.Phones.Received())
	}
	if p := first(w, "two"); p.Title != "Haster: en vigtig besked skal godkendes" {
		t.Errorf("the second person's phone shows %q", p.Title)
	}
	_, err := w.Announcements.Approve(one, announcement.DecideInput{AnnouncementID: a.ID})
	ct.WantKey(t, err, "announcement.second_person")
	ct.Must(w.Announcements.Approve(two, announcement.DecideInput{AnnouncementID: a.ID}))(t)
	w.Drain()
	rang := map[string]int{}
	for _, p := range w.Phones.Pushes() {
		if p.Title == "Vigtigt: Borgermøde" {
			rang[p.Device]++
		}
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
