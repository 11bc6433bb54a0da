package announcement_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
)

// handOver has the work of one go to two.
func handOver(t *testing.T, w *ct.World) {
	t.Helper()
	in := person.HandOverInput{FromID: ct.PersonID("one"), ToID: ct.PersonID("two"), Reason: "Går på barsel."}
	ct.Must(w.People.HandOver(w.Grant("boss", auth.RoleAdmin), in))(t)
	w.RunPending()
}

// now is the announcement as the person sees it.
func now(t *testing.T, w *ct.World, name, announcementID string) *announcement.Announcement {
	t.Helper()
	a := ct.Must(w.Announcements.ByIDs(w.As(name), []string{announcementID}))(t)[announcementID]
	if a == nil {
		t.Fatalf("%s does not see %s", name, announcementID)
	}
	return a
}

// What an employee has written by office and not sent goes to the colleague who takes over, and goes out at its
// time although its author has gone. What they said in a group of residents stays theirs.
func TestWhatIsOpenGoesWithTheWork(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one := w.Grant("one", auth.RoleStaff)
	w.Grant("two", auth.RoleStaff)
	at := w.Clock.Now().Add(2 * time.Hour)
	work := ct.Must(w.Groups.Create(one, group.CreateInput{Name: "Udvalget", Kind: group.KindCommittee, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen}))(t)
	own := w.Group("one")
	w.Join(work.ID, "bo")
	w.Join(own.ID, "bo")
	one = w.As("one")
	e := w.PublishedEvent("one", work.ID, nil)
	w.MustAttend("bo", e.ID, 0)
	w.Drain()
	later := func(groupID string) announcement.GroupInput {
		in := said(groupID)
		in.PublishAt = &at
		return in
	}
	town, note := spoken(), spoken()
	town.PublishAt, note.IsDraft = &at, true
	message := write(ct.DateOf(e.ID), booking.Confirmed)
	message.PublishAt = &at
	theirs := map[string]*announcement.Announcement{
		"the broadcast":     ct.Must(w.Announcements.Broadcast(one, town))(t),
		"the draft":         ct.Must(w.Announcements.Broadcast(one, note))(t),
		"in the committee":  ct.Must(w.Announcements.ToGroup(one, later(work.ID)))(t),
		"to who has a seat": ct.Must(w.Announcements.Message(one, message))(t),
	}
	private := ct.Must(w.Announcements.ToGroup(one, later(own.ID)))(t)
	for range 2 { // the second time there is nothing left to do
		handOver(t, w)
	}
	for what, a := range theirs {
		if got := now(t, w, "two", a.ID); got.AuthorID != ct.PersonID("two") || got.State != a.State {
			t.Errorf("%s is %s, and of %s", what, got.State, got.AuthorID)
		}
	}
	if got := now(t, w, "one", private.ID); got.AuthorID != ct.PersonID("one") {
		t.Errorf("what one says in their own group is %s's", got.AuthorID)
	}
	// Three are to be sent in their name, and they organise one event.
	if got := told(w, "two", area.NoticeHandedOver, i18n.Danish); len(got) != 4 {
		t.Errorf("two reads %q", got)
	}
	ct.Must(w.People.RevokeRole(w.As("boss"), person.RoleInput{PersonID: ct.PersonID("one"), Role: auth.RoleStaff}))(t)
	w.RunPending()
	w.Clock.Advance(3 * time.Hour)
	w.Fire()
	for what, a := range theirs {
		want := announcement.StateSent
		if what == "the draft" {
			want = announcement.StateDraft
		}
		if got := now(t, w, "two", a.ID); got.State != want {
			t.Errorf("at its time %s is %s", what, got.State)
		}
	}
}

// Whoever takes over is the second person for what waits. Whose text has gone to a colleague never is, and is
// forgotten with their account.
func TestWhoseTextHasGoneToAColleagueDoesNotApproveIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one, two := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff)
	in := spoken()
	in.IsUrgent = true
	waits := ct.Must(w.Announcements.Broadcast(one, in))(t)
	in.IsDraft = true
	draft := ct.Must(w.Announcements.Broadcast(one, in))(t)
	handOver(t, w)
	ct.Must(w.Announcements.Approve(two, announcement.DecideInput{AnnouncementID: waits.ID}))(t)
	publish := func(ctx context.Context) {
		ct.Must(w.Announcements.Publish(ctx, announcement.PublishInput{AnnouncementID: draft.ID}))(t)
		for _, name := range []string{"one", "two"} {
			_, err := w.Announcements.Approve(w.As(name), announcement.DecideInput{AnnouncementID: draft.ID})
			ct.WantKey(t, err, "announcement.second_person")
		}
	}
	publish(two)
	ct.Must(w.Announcements.Update(two, announcement.UpdateInput{AnnouncementID: draft.ID, Title: in.Title, Text: in.Text}))(t)
	publish(two)
	w.Entomb("one")
	ct.EraseFrom(t, w.Announcements.Part().Collections, "one")
	if got := ct.All[announcement.Announcement](w, "announcements", nil); len(got) != 2 || len(got[0].FormerAuthorIDs)+len(got[1].FormerAuthorIDs) != 0 {
		t.Errorf("after the erasure there is %+v", got)
	}
	ct.Must(w.Announcements.Approve(w.Grant("third", auth.RoleStaff), announcement.DecideInput{AnnouncementID: draft.ID}))(t)
}
