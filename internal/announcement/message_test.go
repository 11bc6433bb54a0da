package announcement_test

import (
	"testing"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/page"
)

func write(occurrenceID string, states ...booking.State) announcement.MessageInput {
	return announcement.MessageInput{OccurrenceID: &occurrenceID, States: states, Title: "Husk støvler", Text: "Det regner."}
}

// A message goes to people with a seat, or with a booking in the states that are named, and to nobody else. Who
// has muted the event gets no push.
func TestAMessageGoesToPeopleWithABooking(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "seated", "muted", "waits", "left", "member")
	capacity := 2
	e := w.PublishedEvent("anna", g.ID, &capacity)
	date := ct.DateOf(e.ID)
	w.MustAttend("left", e.ID, 0)
	if err := w.Leave("left", e.ID); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"seated", "muted", "waits"} {
		w.MustAttend(name, e.ID, 0)
	}
	for _, name := range []string{"seated", "muted"} {
		w.Phone(name, name)
	}
	ct.Must(w.Settings.MuteThread(w.As("muted"), inbox.ThreadInput{SubjectID: e.ID}))(t)
	w.Drain()
	before := w.Phones.Received()
	if p := ct.Must(w.Announcements.PreviewMessage(w.As("anna"), &date, nil, nil))(t); p.Audience != 2 || p.Push != 1 || p.Inbox != 1 {
		t.Errorf("the preview says %+v", p)
	}
	a := ct.Must(w.Announcements.Message(w.As("anna"), write(date)))(t)
	want := e.Title + ": Husk støvler | Det regner."
	for name, n := range map[string]int{"seated": 1, "muted": 1, "waits": 0, "left": 0, "member": 0} {
		if got := told(w, name, announcement.NoticeMessage, i18n.Danish); len(got) != n || n == 1 && got[0] != want {
			t.Errorf("%s reads %q", name, got)
		}
	}
	if n := w.Phones.Received() - before; n != 1 {
		t.Errorf("%d phones rang", n)
	}
	for _, n := range w.Notices("seated") {
		if n.Kind == announcement.NoticeMessage && n.Why()[0].Text(w.As("seated")) != "Fordi du er tilmeldt "+e.Title {
			t.Errorf("the reason is %q", n.Why()[0].Text(w.As("seated")))
		}
	}
	ct.Must(w.Announcements.Message(w.As("anna"), write(date, booking.Waitlisted)))(t)
	if got := told(w, "waits", announcement.NoticeMessage, i18n.Danish); len(got) != 1 {
		t.Errorf("who waits reads %q", got)
	}
	f := &announcement.Filter{OccurrenceID: &date}
	for name, want := range map[string]bool{"seated": true, "anna": true, "member": false, "left": false} {
		found := ct.Must(w.Announcements.ByIDs(w.As(name), []string{a.ID}))(t)
		list, err := w.Announcements.List(w.As(name), f, page.Args{First: 5})
		if (len(found) == 1) != want || (err == nil && len(list.Edges) == 2) != want {
			t.Errorf("%s sees %d, and the list %v %v", name, len(found), list, err)
		}
	}
}

func TestWhoMayWriteToPeopleWithABooking(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	e := w.PublishedEvent("anna", g.ID, nil)
	date := ct.DateOf(e.ID)
	w.Grant("staff", auth.RoleStaff)
	for _, name := range []string{"bo", "staff"} {
		_, err := w.Announcements.Message(w.As(name), write(date))
		ct.WantKind(t, err, fault.KindForbidden)
	}
	_, err := w.Announcements.Message(w.As("anna"), write(date, booking.Cancelled))
	ct.WantKey(t, err, "announcement.message.states")
	_, err = w.Announcements.Message(w.As("anna"), announcement.MessageInput{Title: "a", Text: "b"})
	ct.WantKey(t, err, "announcement.one_thing")
	hidden := w.DraftAt("anna", g.ID, ct.Noon.AddDate(0, 0, 3))
	_, err = w.Announcements.Message(w.As("bo"), write(ct.DateOf(hidden.ID)))
	ct.WantKind(t, err, fault.KindNotFound)
	for range 3 {
		ct.Must(w.Announcements.Message(w.As("anna"), write(date)))(t)
	}
	_, err = w.Announcements.Message(w.As("anna"), write(date))
	ct.WantKey(t, err, "announcement.too_many")
	if list := ct.Must(w.Announcements.List(w.As("bo"), &announcement.Filter{GroupID: &g.ID}, page.Args{First: 5}))(t); len(list.Edges) > 0 {
		t.Error("the group's list has a message to the people at a date")
	}
}
