package announcement_test

import (
	"slices"
	"testing"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// told are the titles and texts of the notices of a kind that a person has.
func told(w *ct.World, name string, kind notify.Kind, l i18n.Language) []string {
	w.T.Helper()
	w.Drain()
	var list []string
	for _, n := range w.Notices(name) {
		if n.Kind == kind && !n.Hidden {
			title, body := notify.Render(n.Kind, n.Words, i18n.Reader{Language: l, Zone: clock.Copenhagen, Now: w.Clock.Now()})
			list = append(list, title+" | "+body)
		}
	}
	return list
}

// An announcement that waits tells exactly those who may approve it: staff and whoever has BROADCAST by itself
// now, and of one in a group also those who speak for it. Its author, plain members, and people whose office
// has ended hear nothing.
func TestWhoMayApproveHearsThatItWaits(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := committee(t, w, group.VisibilityPublic, "one", "two")
	w.Grant("staff", auth.RoleStaff)
	admin := w.Grant("admin", auth.RoleAdmin)
	w.Grant("former", auth.RoleStaff)
	ct.Must(w.People.RevokeRole(admin, person.RoleInput{PersonID: ct.PersonID("former"), Role: auth.RoleStaff}))(t)
	w.As("speaker")
	ct.Must(w.People.GrantCapability(admin, person.GrantCapabilityInput{PersonID: ct.PersonID("speaker"), Capability: auth.CapabilityBroadcast}))(t)
	w.Join(g.ID, "member")

	a := ct.Must(w.Announcements.ToGroup(w.As("one"), said(g.ID)))(t)
	if a.State != announcement.StatePending {
		t.Fatalf("it is %s", a.State)
	}
	want := "Haven: et opslag skal godkendes | " + a.Titles.In(i18n.Danish) + " · Læs opslaget, og godkend eller afvis det."
	for _, name := range []string{"two", "staff", "speaker", "chair"} {
		if got := told(w, name, announcement.NoticeWaits, i18n.Danish); !slices.Equal(got, []string{want}) {
			t.Errorf("%s reads %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"one", "member", "former", "admin"} {
		if got := told(w, name, announcement.NoticeWaits, i18n.Danish); len(got) > 0 {
			t.Errorf("%s reads %q, and may not approve it", name, got)
		}
	}
	if got := told(w, "staff", announcement.NoticeWaits, i18n.English); got[0] != "Haven: an announcement to approve | "+a.Titles.In(i18n.Danish)+" · Read the announcement, and approve or reject it." {
		t.Errorf("in English: %q", got)
	}
}

// The author hears yes or no, with what was said, in both languages; of their own decision they hear nothing.
func TestTheAuthorHearsYesOrNo(t *testing.T) {
	t.Parallel()
	why := "Forkert dag."
	for name, row := range map[string]struct {
		decide func(w *ct.World, in announcement.DecideInput)
		da, en []string
	}{
		"approved": {func(w *ct.World, in announcement.DecideInput) { ct.Must(w.Announcements.Approve(w.As("two"), in))(w.T) },
			[]string{"Dit opslag er godkendt: T | Det er sendt ud."}, []string{"Your announcement is approved: T | It has been sent."}},
		"rejected": {func(w *ct.World, in announcement.DecideInput) {
			in.Reason = &why
			ct.Must(w.Announcements.Reject(w.As("two"), in))(w.T)
		}, []string{"Dit opslag blev ikke godkendt: T | Det bliver ikke sendt ud. Forkert dag."},
			[]string{"Your announcement was rejected: T | It will not be sent. Forkert dag."}},
		"stopped": {func(w *ct.World, in announcement.DecideInput) {
			ct.Must(w.Announcements.Approve(w.As("two"), in))(w.T)
			in.Reason = &why
			ct.Must(w.Announcements.Stop(w.As("two"), in))(w.T)
		}, []string{"Dit opslag er stoppet: T | De, der ikke har fået det endnu, får det ikke. Forkert dag."},
			[]string{"Your announcement was stopped: T | Those who have not got it yet will not get it. Forkert dag."}},
		"taken back": {func(w *ct.World, in announcement.DecideInput) { ct.Must(w.Announcements.Reject(w.As("one"), in))(w.T) }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			w.Grant("one", auth.RoleStaff)
			w.Grant("two", auth.RoleStaff)
			crowd(t, w, 1000)
			in := spoken()
			in.Title[0].Text, in.Title[1].Text = "T", "T"
			a := ct.Must(w.Announcements.Broadcast(w.As("one"), in))(t)
			row.decide(w, announcement.DecideInput{AnnouncementID: a.ID})
			if got := told(w, "one", announcement.NoticeDecided, i18n.Danish); !slices.Equal(got, row.da) {
				t.Errorf("the author reads %q, want %q", got, row.da)
			}
			if got := told(w, "one", announcement.NoticeDecided, i18n.English); !slices.Equal(got, row.en) {
				t.Errorf("the author reads %q, want %q", got, row.en)
			}
			if got := told(w, "two", announcement.NoticeDecided, i18n.Danish); len(got) > 0 {
				t.Errorf("who decided reads %q", got)
			}
		})
	}
}
