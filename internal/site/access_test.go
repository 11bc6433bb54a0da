package site_test

import (
	"net/http"
	"strings"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/calendar"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
)

// 28: what ends access ends it at the next fetch, before any effect has run, and another's address goes on.
func TestAFeedOfAGroupEndsAtTheNextFetch(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *ct.World, groupID string) error{
		"removed": func(w *ct.World, groupID string) error {
			_, err := w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID("bo")})
			return err
		},
		"banned from the group": func(w *ct.World, groupID string) error {
			_, err := w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: groupID, PersonID: ct.PersonID("bo"), Ban: true})
			return err
		},
		"left": func(w *ct.World, groupID string) error {
			_, err := w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: groupID})
			return err
		},
		"banned": func(w *ct.World, _ string) error {
			w.Set(w.T.Context(), "persons", ct.PersonID("bo"), map[string]any{"bannedAt": w.Clock.Now()})
			return nil
		},
		"erased": func(w *ct.World, _ string) error { return w.Erase(w.T.Context(), ct.PersonID("bo")) },
		"renewed": func(w *ct.World, groupID string) error {
			_, err := w.Calendar.Renew(w.As("bo"), calendar.RenewFeedInput{Scope: calendar.FeedScopeInput{GroupID: &groupID}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g, h := w.Group("anna").ID, pages(w)
			w.Join(g, "bo", "cara")
			of := calendar.FeedScopeInput{GroupID: &g}
			bo, cara := feedOf(w.As("bo"), w, of), feedOf(w.As("cara"), w, of)
			if code := get(t.Context(), h, bo).Code; code != http.StatusOK {
				t.Fatalf("before: %d", code)
			}
			stored := ct.All[map[string]any](w, "calendar_feeds", map[string]any{"personId": ct.PersonID("bo")})
			if err := end(w, g); err != nil && name != "erased" { // other collections decide whether an erasure is whole
				t.Fatal(err)
			}
			if left := ct.All[ct.Ref](w, "calendar_feeds", map[string]any{"personId": ct.PersonID("bo")}); len(left) == 0 {
				w.Put("calendar_feeds", stored[0]) // as long as the effect that removes it has not run
			}
			ended, unknown := get(t.Context(), h, bo), get(t.Context(), h, "/calendar/"+strings.Repeat("A", 32)+".ics")
			if ended.Code != http.StatusNotFound || ended.Body.String() != unknown.Body.String() {
				t.Errorf("afterwards: %d %q, and %d %q for an address that never was", ended.Code, ended.Body, unknown.Code, unknown.Body)
			}
			if code := get(t.Context(), h, cara).Code; code != http.StatusOK {
				t.Errorf("another's: %d", code)
			}
		})
	}
}

// What somebody may no longer see is gone from their calendars at the next fetch.
func TestAFeedShowsWhatItsPersonMaySee(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ct.Must(w.LoadAreas(t.Context()))(t)
	area := ct.Must(w.Areas.List(t.Context()))(t)[0].ID
	g, h := w.Group("anna", func(in *group.CreateInput) { in.AreaID = &area }).ID, pages(w)
	w.Join(g, "cara")
	e, draft := w.PublishedEvent("anna", g, nil), w.Draft("anna", g, nil)
	w.MustAttend("bo", e.ID, 0)
	w.RunPending()
	paths := map[string]string{"bo's own": feedOf(w.As("bo"), w, me), "bo's of the area": feedOf(w.As("bo"), w, calendar.FeedScopeInput{AreaID: &area}),
		"cara's of the area": feedOf(w.As("cara"), w, calendar.FeedScopeInput{AreaID: &area}), "cara's of the group": feedOf(w.As("cara"), w, calendar.FeedScopeInput{GroupID: &g})}
	check := func(when string, sees func(name string) bool) {
		t.Helper()
		for name, path := range paths {
			res := get(t.Context(), h, path)
			body := res.Body.String()
			if res.Code != http.StatusOK || strings.Contains(body, ct.DateOf(e.ID)) != sees(name) || strings.Contains(body, ct.DateOf(draft.ID)) {
				t.Errorf("%s, %s: %d\n%s", when, name, res.Code, body)
			}
		}
	}
	everybody := func(string) bool { return true }
	members := func(name string) bool { return strings.HasPrefix(name, "cara") }
	check("at first", everybody)
	hides, opens := group.VisibilityHidden, group.VisibilityPublic
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(hides)}))(t)
	w.RunPending()
	check("of a hidden group", members)
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(opens)}))(t)
	w.RunPending()
	// Whoever was not let in any more has lost the place too.
	all := func(name string) bool { return name != "bo's own" }
	check("of a public group again", all)
	ct.Must(w.Groups.Archive(w.As("anna"), group.ArchiveInput{GroupID: g}))(t)
	w.RunPending()
	check("of an archived group, which can be read", all)
}

// Hidden and missing are the same to everybody who may not see it, page and file alike, with the same headers.
func TestWhatIsHiddenIsAsIfItWereNot(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	h := pages(w)
	open := w.Group("anna").ID
	hidden := w.Group("anna", func(in *group.CreateInput) { in.Visibility, in.JoinPolicy = group.VisibilityHidden, group.JoinInvite }).ID
	cancelled := w.Draft("anna", open, nil)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: cancelled.ID}))(t)
	missing := "evt_00000000000000000000000000"
	want := get(t.Context(), h, "/events/"+missing)
	for name, e := range map[string]*event.Event{"hidden": w.PublishedEvent("anna", hidden, nil), "a draft": w.Draft("anna", open, nil), "a draft that was cancelled": cancelled} {
		for _, path := range []string{"/events/" + e.ID, "/events/" + e.ID + ".ics", "/occurrences/" + ct.DateOf(e.ID) + ".ics", "/events/" + strings.ToUpper(e.ID), "/events/x", "/occurrences/x.ics", "/calendar/x.ics", "/calendar/x"} {
			for _, as := range []string{"", "bo"} {
				ctx := t.Context()
				if as != "" {
					ctx = w.As(as)
				}
				got := get(ctx, h, path)
				if got.Code != http.StatusNotFound || got.Body.String() != want.Body.String() || len(got.Header()) != len(want.Header()) {
					t.Errorf("%s, %s as %q: %d %q %v, want as missing: %q %v", name, path, as, got.Code, got.Body, got.Header(), want.Body, want.Header())
				}
			}
		}
	}
	if code := get(w.As("anna"), h, "/events/"+cancelled.ID+".ics").Code; code != http.StatusOK && code != http.StatusNotFound {
		t.Errorf("the organiser's own draft as a file: %d", code)
	}
	if code := get(auth.WithViewer(t.Context(), auth.Viewer{}), h, "/calendar/.ics").Code; code != http.StatusNotFound {
		t.Errorf("without a secret: %d", code)
	}
}
