package inbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

func texts(list []*inbox.LedgerEntry) []string {
	var texts []string
	for _, e := range list {
		what := "decided"
		if e.Outcome != nil {
			what = string(*e.Outcome)
		} else {
			what += " " + string(*e.Channel) + " " + string(*e.Rule)
		}
		texts = append(texts, what)
	}
	return texts
}

// The ledger has every decision and every try, so that people can find out why they
// got a push, or got none.
func TestTheLedgerSaysWhyAndWhyNot(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan")
	ct.Must(w.Groups.SetNotifications(w.As("cara"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox}))(t)
	w.Phones.Script("bo", fcmsim.Internal().Once())
	until(t, w, "2026-05-01T23:00")
	e := later(w, g)
	work(w)
	ct.Must(w.Groups.Leave(w.As("dan"), group.LeaveInput{GroupID: g.ID}))(t)
	for range 6 {
		w.Clock.Advance(2 * time.Hour)
		work(w)
	}
	for name, want := range map[string][]string{
		"bo":   {"decided PUSH QUIET_HOURS", "RETRY", "SENT"},
		"cara": {"decided INBOX GROUP_MUTED"},
		"dan":  {"decided PUSH QUIET_HOURS", "decided DROP LEFT"},
		"anna": nil, // anna did it, so she is not told
	} {
		own := ct.Must(w.Ledger.Own(w.As(name), e.ID))(t)
		if diff := cmp.Diff(want, texts(own)); diff != "" {
			t.Errorf("%s's ledger (-want +got):\n%s", name, diff)
		}
		for _, entry := range own {
			if text := entry.Text(w.As(name)); text == "" || text[0] < 'A' || text[0] > 'Z' {
				t.Errorf("%s reads %q", name, text)
			}
		}
	}
	for _, rule := range notify.Rules {
		entry := inbox.LedgerEntry{Rule: &rule}
		if da, en := entry.Text(w.As("bo")), entry.Text(w.As("eva-en")); da == en || da == "" {
			t.Errorf("%s reads %q and %q", rule, da, en)
		}
	}
	w.Clock.Advance(91 * 24 * time.Hour)
	if err := w.Inbox.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if own := ct.Must(w.Ledger.Own(w.As("bo"), e.ID))(t); len(own) != 0 || w.Count("notice_ledger") != 0 {
		t.Errorf("after 90 days the ledger has %v, and %d lines are stored", texts(own), w.Count("notice_ledger"))
	}
}

// The ledger follows a notice into its summary, and says why a notice was left out.
func TestTheLedgerFollowsIntoTheSummary(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan")
	none := 0
	for _, name := range []string{"bo", "cara", "dan"} {
		put(w, name, func(s *notify.Settings) { s.Pushes = &none })
	}
	e, other := later(w, g), later(w, g)
	work(w)
	for _, n := range w.Notices("cara") {
		if n.SubjectID == e.ID {
			ct.Must(w.Inbox.MarkRead(w.As("cara"), inbox.MarkReadInput{NoticeIDs: []string{n.ID}}))(t)
		}
	}
	ct.Must(w.Groups.Leave(w.As("dan"), group.LeaveInput{GroupID: g.ID}))(t)
	w.Phones.Script("bo", fcmsim.Internal().Once())
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	w.Clock.Advance(3 * time.Minute)
	work(w)
	for name, want := range map[string][]string{
		"bo":   {"decided SUMMARY BUDGET", "decided PUSH KIND_DEFAULT", "RETRY", "SENT"},
		"cara": {"decided SUMMARY BUDGET", "decided INBOX READ"},
		"dan":  {"decided SUMMARY BUDGET", "decided DROP LEFT"},
	} {
		if diff := cmp.Diff(want, texts(ct.Must(w.Ledger.Own(w.As(name), e.ID))(t))); diff != "" {
			t.Errorf("%s's ledger (-want +got):\n%s", name, diff)
		}
	}
	if got := texts(ct.Must(w.Ledger.Own(w.As("cara"), other.ID))(t)); !slices.Equal(got, []string{"decided SUMMARY BUDGET", "decided PUSH KIND_DEFAULT", "SENT"}) {
		t.Errorf("of what cara has not read: %v", got)
	}
}

func TestWhoLooksAtAnothersLedgerIsRecorded(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	e := later(w, g)
	work(w)
	in := inbox.InspectInput{PersonID: ct.PersonID("bo"), SubjectID: e.ID, Reason: "Bo ringede og spurgte."}
	_, err := w.Ledger.Inspect(w.As("anna"), in)
	ct.WantKind(t, err, fault.KindForbidden)
	staff := w.Grant("staff", auth.RoleStaff)
	bad := in
	bad.Reason = "Fordi"
	_, err = w.Ledger.Inspect(staff, bad)
	ct.WantKind(t, err, fault.KindInvalid)
	entries := ct.Must(w.Audit.Of(t.Context(), ct.PersonID("bo")))(t)
	if len(entries) != 0 {
		t.Errorf("what was refused is recorded: %+v", entries)
	}
	if got := texts(ct.Must(w.Ledger.Inspect(staff, in))(t)); !slices.Equal(got, []string{"decided PUSH KIND_DEFAULT", "SENT"}) {
		t.Errorf("staff see %v", got)
	}
	entries = ct.Must(w.Audit.Of(t.Context(), ct.PersonID("bo")))(t)
	if len(entries) != 1 || entries[0].Actor != ct.PersonID("staff") || entries[0].Details["reason"] != in.Reason || entries[0].Details["subject"] != e.ID {
		t.Errorf("recorded: %+v", entries)
	}
}

// One key stands for one look. It does not open the ledger of a second person, and
// after a day it counts as another look, with an entry of its own.
func TestALookUnderAUsedKeyIsNoOther(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "ida")
	e := later(w, g)
	work(w)
	staff, key := w.Grant("staff", auth.RoleStaff), "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a12"
	in := inbox.InspectInput{ClientMutationID: &key, PersonID: ct.PersonID("bo"), SubjectID: e.ID, Reason: "Bo ringede og spurgte."}
	recorded := func(name string) int { return len(ct.Must(w.Audit.Of(t.Context(), ct.PersonID(name)))(t)) }
	want := texts(ct.Must(w.Ledger.Inspect(staff, in))(t))
	if got := texts(ct.Must(w.Ledger.Inspect(staff, in))(t)); !slices.Equal(got, want) || recorded("bo") != 1 {
		t.Errorf("the repeat sees %v, want %v; %d entries", got, want, recorded("bo"))
	}
	other, why := in, in
	other.PersonID = ct.PersonID("ida")
	why.Reason = "Bo ringede en gang til."
	for _, again := range []inbox.InspectInput{other, why} {
		if list, err := w.Ledger.Inspect(staff, again); !fault.HasCode(err, fault.CodeIdempotencyKeyReused) || len(list) > 0 {
			t.Errorf("under the same key: %v, %v", texts(list), err)
		}
	}
	for _, later := range []inbox.InspectInput{other, in} {
		w.Clock.Advance(25 * time.Hour)
		if err := w.Keys.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		ct.Must(w.Ledger.Inspect(staff, later))(t)
	}
	if recorded("ida") != 1 || recorded("bo") != 2 {
		t.Errorf("days later there are %d entries of ida and %d of bo", recorded("ida"), recorded("bo"))
	}
}
