package announcement_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

func fixed(announcementID string) announcement.CorrectInput {
	return announcement.CorrectInput{AnnouncementID: announcementID, Title: danish("Vandet lukkes"), Text: danish("I overmorgen.")}
}

// inboxOf are the titles and texts in somebody's inbox as they see them, the newest first.
func inboxOf(t *testing.T, w *ct.World, name string) []string {
	t.Helper()
	w.Drain()
	var list []string
	for _, e := range ct.Must(w.Inbox.List(w.As(name), page.Args{First: 20}))(t).Edges {
		title, body := e.Node.In(i18n.Reader{Language: i18n.Danish, Now: w.Clock.Now()})
		list = append(list, title+" | "+body)
	}
	return list
}

// A correction stands in every inbox where the wrong text stood. Only those are told who have read that, or
// whose phone has shown it.
func TestACorrectionTellsWhoHasSeenWhatWasWrong(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "pushed", "read", "unread")
	for _, name := range []string{"read", "unread"} {
		ct.Must(w.Settings.Update(w.As(name), inbox.UpdateSettingsInput{PushEnabled: optional.Of(false)}))(t)
	}
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	w.Drain()
	ct.Must(w.Inbox.Opened(w.As("read"), inbox.OpenedInput{NoticeID: w.Notices("read")[0].ID, By: inbox.ByOpening}))(t)
	w.Clock.Advance(time.Minute)
	a = ct.Must(w.Announcements.Correct(w.As("anna"), fixed(a.ID)))(t)
	if a.Text(t.Context(), nil) != "I overmorgen." || a.CorrectedAt == nil || a.State != announcement.StateSent {
		t.Errorf("it says %q, corrected at %v, and is %s", a.Text(t.Context(), nil), a.CorrectedAt, a.State)
	}
	first, correction := "Haven: Vandet lukkes | I overmorgen.", "Haven: Rettelse: Vandet lukkes | I overmorgen."
	for name, want := range map[string][]string{"pushed": {correction, first}, "read": {correction, first}, "unread": {first}} {
		if got := inboxOf(t, w, name); !slices.Equal(got, want) {
			t.Errorf("%s reads %q, want %q", name, got, want)
		}
	}
	for range 4 {
		ct.Must(w.Announcements.Correct(w.As("anna"), fixed(a.ID)))(t)
	}
	_, err := w.Announcements.Correct(w.As("anna"), fixed(a.ID))
	ct.WantKey(t, err, "announcement.state")
}

// What two people stand for is corrected by two people.
func TestACorrectionOfWhatWasApprovedWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	one, two := w.Grant("one", auth.RoleStaff), w.Grant("two", auth.RoleStaff)
	crowd(t, w, 1000)
	a := ct.Must(w.Announcements.Broadcast(one, spoken()))(t)
	in := announcement.DecideInput{AnnouncementID: a.ID}
	ct.Must(w.Announcements.Approve(two, in))(t)
	a = ct.Must(w.Announcements.Correct(two, fixed(a.ID)))(t)
	if got := a.Text(t.Context(), nil); got != "Kom og vær med." {
		t.Errorf("before it is approved, it says %q", got)
	}
	_, err := w.Announcements.Approve(two, in)
	ct.WantKey(t, err, "announcement.second_person")
	state := announcement.StatePending
	if list := ct.Must(w.Announcements.List(one, &announcement.Filter{States: []announcement.State{state}}, page.Args{First: 5}))(t); len(list.Edges) != 1 {
		t.Errorf("%d wait", len(list.Edges))
	}
	found := ct.Must(w.Announcements.ByIDs(w.As("bo"), []string{a.ID}))(t)[a.ID]
	if c := ct.Must(w.Announcements.Correction(w.As("bo"), found))(t); c != nil {
		t.Errorf("a resident reads the correction %+v", c)
	}
	if got := told(w, "one", announcement.NoticeWaits, i18n.Danish); len(got) != 1 {
		t.Errorf("one reads %q", got)
	}
	a = ct.Must(w.Announcements.Approve(one, in))(t)
	if got := a.Text(t.Context(), nil); got != "I overmorgen." {
		t.Errorf("approved, it says %q", got)
	}
	want := []string{"Din rettelse er godkendt: Vandet lukkes | Den nye tekst står i opslaget."}
	if got := told(w, "two", announcement.NoticeDecided, i18n.Danish); !slices.Equal(got, want) {
		t.Errorf("two reads %q, want %q", got, want)
	}
	ct.Must(w.Announcements.Correct(two, fixed(a.ID)))(t)
	a = ct.Must(w.Announcements.Reject(one, in))(t)
	if a.State != announcement.StateSent || a.Proposed != nil {
		t.Errorf("its correction rejected, it is %s with %+v", a.State, a.Proposed)
	}
}
