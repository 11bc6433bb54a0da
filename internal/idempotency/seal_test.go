package idempotency_test

import (
	"fmt"
	"strings"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// holding are the collections in which a word stands.
func holding(w *ct.World, word string) []string {
	w.T.Helper()
	var found []string
	names := ct.Must(w.DB.Collection("persons").Database().ListCollectionNames(w.T.Context(), map[string]any{}))(w.T)
	for _, name := range names {
		for _, doc := range ct.All[map[string]any](w, name, nil) {
			if strings.Contains(fmt.Sprint(doc), word) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}

// The input and answer of a mutation stand only in the collections where they belong.
// The records hold neither the token of a phone, nor the code of a link, nor a
// person's name, nor the clientMutationId that opens an outcome.
func TestWhatIsKeptOfAMutationTellsNothing(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk })
	anna, bo := w.As("anna"), w.As("bo")
	link := ct.Must(w.Groups.CreateLink(anna, group.CreateLinkInput{GroupID: g.ID}))(t)
	token, called := "token-4711", "Bo Benjaminsen"
	ask := func() {
		t.Helper()
		ct.Must(w.Devices.Register(bo, device.RegisterInput{ClientMutationID: ptr(key1), Kind: device.KindToken, Value: token, Platform: device.PlatformIOS}))(t)
		ct.Must(w.Groups.Join(bo, group.JoinInput{ClientMutationID: ptr(key2), GroupID: g.ID, InvitationCode: &link.Code}))(t)
		ct.Must(w.People.CompleteProfile(bo, person.ProfileInput{ClientMutationID: ptr(strings.Replace(key1, "1", "3", 1)), DisplayName: optional.Of(called)}))(t)
		ct.Must(w.Groups.RevokeLink(anna, group.RevokeLinkInput{ClientMutationID: ptr(key1), GroupID: g.ID, Code: &link.Code}))(t)
	}
	ask()
	ask() // a repeat reads the stored outcome
	if w.Count("idempotency_keys") != 4 {
		t.Errorf("%d calls are kept", w.Count("idempotency_keys"))
	}
	for word, want := range map[string][]string{
		token: {"devices"}, link.Code: nil, key1: nil, key2: nil,
	} {
		if got := holding(w, word); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q is in %v, want %v", word, got, want)
		}
	}
	for _, name := range holding(w, called) {
		if name == "idempotency_keys" {
			t.Error("a stored outcome has a name")
		}
	}
}

// An effect that a dead process has left, and that is to store an outcome, tells
// nothing of it.
func TestAnEffectTellsNoOutcome(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx := w.As("bo")
	off := false
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(2)
	_, _ = dying.Settings.Update(ctx, inbox.UpdateSettingsInput{ClientMutationID: ptr(key1), PushEnabled: optional.Of(off)})
	for _, doc := range ct.All[map[string]any](w, "notify_settings", nil) {
		if text := fmt.Sprint(doc["effects"]); !strings.Contains(text, "idempotency.outcome") || strings.Contains(text, "PushOff") {
			t.Errorf("the effects are %s", text)
		}
	}
	w.RunPending()
	s := ct.Must(w.Settings.Update(ctx, inbox.UpdateSettingsInput{ClientMutationID: ptr(key1), PushEnabled: optional.Of(off)}))(t)
	if s.Version != 1 || !s.PushOff {
		t.Errorf("the repeat answers %+v", s)
	}
}
