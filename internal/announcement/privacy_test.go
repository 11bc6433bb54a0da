package announcement_test

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// careful lets nothing be announced to more than nobody without a second person.
func careful(w *ct.World) *ct.World {
	nobody := 0
	w.Community = community.New(community.Options{DB: w.DB, Sender: w.Sender, Log: slog.New(slog.DiscardHandler), Owner: "test", ApprovalOver: &nobody})
	return w
}

// An announcement is its group's or the municipality's, and stays: who wrote it and who
// decided about it goes, and what was decided, and when, is left.
func TestAnAnnouncementForgetsSomebodyErased(t *testing.T) {
	t.Parallel()
	w := careful(ct.New(t))
	xaver, bo := w.Grant("xaver", auth.RoleStaff), w.Grant("bo", auth.RoleStaff)
	w.As("cara")
	entries := w.Announcements.Part().Collections
	in := func(a *announcement.Announcement) announcement.DecideInput {
		return announcement.DecideInput{AnnouncementID: a.ID}
	}
	written := ct.Must(w.Announcements.Broadcast(xaver, spoken()))(t)
	approved := ct.Must(w.Announcements.Broadcast(bo, spoken()))(t)
	ct.Must(w.Announcements.Approve(xaver, in(approved)))(t)
	ct.Must(w.Announcements.Stop(bo, in(approved)))(t)
	rejected := ct.Must(w.Announcements.Broadcast(bo, spoken()))(t)
	ct.Must(w.Announcements.Reject(xaver, in(rejected)))(t)
	waits := ct.Must(w.Announcements.Broadcast(xaver, spoken()))(t)
	w.RunPending()

	if read := ct.ExportFrom(t, entries, "announcements", "xaver"); len(read) != 4 || strings.Contains(strings.Join(read, ""), ct.PersonID("bo")) {
		t.Errorf("there is to read %v", read)
	}
	w.Entomb("xaver")
	ct.EraseFrom(t, entries, "xaver")
	if left := testkit.Mentions(t, w.DB, "announcements", ct.PersonID("xaver")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	stored := func() []announcement.Announcement { return ct.All[announcement.Announcement](w, "announcements", nil) }
	before := stored()
	ct.EraseFrom(t, entries, "xaver")
	if diff := cmp.Diff(before, stored(), cmp.AllowUnexported(announcement.Announcement{})); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
	now := ct.Must(w.Announcements.ByIDs(bo, []string{written.ID, approved.ID, rejected.ID, waits.ID}))(t)
	if a := now[approved.ID]; a.AuthorID != ct.PersonID("bo") || a.Decided.StopperID != ct.PersonID("bo") || a.Decided.ApprovedAt == nil || a.Titles.In("DA") == "" {
		t.Errorf("what bo wrote and stopped is %+v", a)
	}
	if a := now[rejected.ID]; a.AuthorID != ct.PersonID("bo") || a.State != announcement.StateRejected || a.Decided.RejectedAt == nil {
		t.Errorf("what was rejected is %+v", a)
	}
	// Nobody can say who the second person would be: the author may be back under
	// another name.
	if can := ct.Must(w.Announcements.Can(bo, now[waits.ID]))(t); !slices.Equal(can, []announcement.Action{announcement.ActionEdit, announcement.ActionReject}) {
		t.Errorf("bo can %v", can)
	}
	_, err := w.Announcements.Approve(bo, in(waits))
	ct.WantKey(t, err, "announcement.second_person")
	ct.Must(w.Announcements.Reject(bo, in(waits)))(t)
}

// While somebody decides about an announcement its author is erased. Whoever decides has
// read the author, and does not write them back.
func TestADecisionBringsNobodyBack(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := careful(ct.New(t, m.Option()))
	xaver, bo := w.Grant("xaver", auth.RoleStaff), w.Grant("bo", auth.RoleStaff)
	other := w.Again()
	a := ct.Must(w.Announcements.Broadcast(xaver, spoken()))(t)
	w.RunPending()
	m.Before("update", "announcements", func() {
		other.Entomb("xaver")
		ct.EraseFrom(t, other.Announcements.Part().Collections, "xaver")
	})
	if _, err := w.Announcements.Reject(bo, announcement.DecideInput{AnnouncementID: a.ID}); err == nil {
		t.Error("a decision by an old version was taken")
	}
	if left := testkit.Mentions(t, w.DB, "announcements", ct.PersonID("xaver")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// An announcement's id does not tell who wrote it: whoever knows an author's id, perhaps from before they were
// erased, cannot compute the ids of their announcements. Nor is the clientMutationId there, with which the
// stored outcome could be read.
func TestTheIDOfAnAnnouncementTellsNobodyItsAuthor(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	key, in := "0198c7a2-7d3e-7b1c-9a55-3f0e6d2c4b18", spoken()
	in.ClientMutationID = &key
	a := ct.Must(w.Announcements.Broadcast(w.Grant("xaver", auth.RoleStaff), in))(t)
	day := clock.Day(a.CreatedAt, clock.Copenhagen)
	for i := range 100 {
		if a.ID == id.Derive(id.Announcement, ct.PersonID("xaver"), day, strconv.Itoa(i)) {
			t.Errorf("the id is made of the author's id, the day and %d", i)
		}
	}
	if found := testkit.Mentions(t, w.DB, "announcements", key); len(found) > 0 {
		t.Errorf("the clientMutationId is kept: %v", found)
	}
	if again := ct.Must(w.Announcements.Broadcast(w.As("xaver"), in))(t); again.ID != a.ID {
		t.Errorf("made twice: %s and %s", a.ID, again.ID)
	}
}
