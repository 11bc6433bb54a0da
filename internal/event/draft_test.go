package event_test

import (
	"context"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// An event that was never public stays with the people who may post in the group, also when
// it is cancelled.
func TestACancelledDraftIsSeenByItsAuthorsAlone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	reason := "Kun for os"
	draft := w.Draft("anna", g.ID, nil)
	shown := w.PublishedEvent("anna", g.ID, nil)
	for _, eventID := range []string{draft.ID, shown.ID} {
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: eventID, Reason: &reason}))(t)
	}
	for _, nobody := range []context.Context{t.Context(), w.As("bo"), w.As("carl")} {
		_, err := w.Events.Get(nobody, draft.ID)
		ct.WantKind(t, err, fault.KindNotFound)
		_, err = w.Events.Occurrence(nobody, ct.DateOf(draft.ID))
		ct.WantKind(t, err, fault.KindNotFound)
		if ct.Must(w.Events.Get(nobody, shown.ID))(t).CancelReason == nil {
			t.Error("of a published event the reason is not told")
		}
		for what, f := range map[string]*event.Filter{"all": {}, "the group's": {GroupID: &g.ID}} {
			if got := cancelled(nobody, t, w, f); len(got) != 1 || got[0] != shown.ID {
				t.Errorf("of %s cancelled events %v are listed, want %s alone", what, got, shown.ID)
			}
		}
	}
	if got := cancelled(w.As("anna"), t, w, &event.Filter{GroupID: &g.ID}); len(got) != 2 {
		t.Errorf("its author lists %v", got)
	}
	if ct.Must(w.Events.Get(w.As("anna"), draft.ID))(t).CancelReason == nil {
		t.Error("its author does not see why")
	}
	ct.Must(w.Events.Occurrence(w.As("anna"), ct.DateOf(draft.ID)))(t)
}

// A draft whose time has passed has not taken place: its date is cancelled with it.
func TestADraftThatIsOverIsCancelledWithItsDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	draft := w.Draft("anna", w.Group("anna").ID, nil)
	w.Clock.Advance(draft.EndsAt.Sub(w.Clock.Now()) + time.Hour)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: draft.ID}))(t)
	if o := ct.Must(w.Events.Occurrence(w.As("anna"), ct.DateOf(draft.ID)))(t); o.State != event.StateCancelled {
		t.Errorf("its date is %s", o.State)
	}
}

// A person who guesses the id of a date of a cancelled draft learns nothing by signing up.
func TestACancelledDraftCannotBeProbed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	draft := w.Draft("anna", g.ID, nil)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: draft.ID}))(t)
	attend := func(ctx context.Context) error {
		_, err := w.Events.Attend(ctx, event.AttendInput{OccurrenceID: ct.DateOf(draft.ID)})
		return err
	}
	ct.WantKey(t, attend(w.As("bo")), "event.not_found")
	if r := ct.Must(w.Events.Attend(w.As("anna"), event.AttendInput{OccurrenceID: ct.DateOf(draft.ID)}))(t); r.Refusal != booking.RefusedCancelled {
		t.Errorf("anna: %+v", r)
	}
}

// An event that an older program published, without noting when, stays visible when it is
// cancelled.
func TestWhatWasPublishedByAnOlderProgramStaysSeen(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Set(t.Context(), "events", e.ID, map[string]any{"publishedAt": nil})
	ct.Must(w.Events.Get(t.Context(), e.ID))(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	ct.Must(w.Events.Get(t.Context(), e.ID))(t)
	if got := cancelled(t.Context(), t, w, &event.Filter{}); len(got) != 1 {
		t.Errorf("%v are listed", got)
	}
}

// An organiser whose role has ended no longer sees the group's drafts.
func TestADraftIsNotSeenByWhoWroteItOnce(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	ct.Must(w.Groups.GrantRole(w.As("anna"), group.GrantRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleOrganiser}))(t)
	draft := w.Draft("bo", g.ID, nil)
	ct.Must(w.Events.Cancel(w.As("bo"), event.CancelInput{EventID: draft.ID}))(t)
	ct.Must(w.Events.Get(w.As("bo"), draft.ID))(t)
	ct.Must(w.Groups.RevokeRole(w.As("anna"), group.RevokeRoleInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Key: group.RoleOrganiser}))(t)
	_, err := w.Events.Get(w.As("bo"), draft.ID)
	ct.WantKind(t, err, fault.KindNotFound)
}

// cancelled are the ids of the cancelled events in a person's list.
func cancelled(ctx context.Context, t *testing.T, w *ct.World, f *event.Filter) []string {
	t.Helper()
	state := event.StateCancelled
	f.State = &state
	var ids []string
	for _, e := range ct.Must(w.Events.List(ctx, f, page.Args{First: 10}))(t).Edges {
		ids = append(ids, e.Node.ID)
	}
	return ids
}
