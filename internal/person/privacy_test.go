package person_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// whole makes a person with all data that a person can have.
func whole(w *ct.World, name string) {
	w.T.Helper()
	ctx := w.As(name)
	area := ct.Must(w.Areas.Ensure(ctx, "nord", "Nord", "Byen"))(w.T)
	skill := ct.Must(w.Skills.Ensure(ctx, i18n.Text{{Language: "DA", Text: "Førstehjælp"}}))(w.T)
	shown := "Navn " + name
	ct.Must(w.People.CompleteProfile(ctx, person.ProfileInput{DisplayName: optional.Of(shown), HomeAreaID: optional.Of(area.ID), Interests: optional.ListOf("haver"), SkillsWanted: optional.ListOf(skill.ID)}))(w.T)
	personID := ct.PersonID(name)
	if _, err := w.People.GrantSkill(ctx, personID, skill.ID, person.SkillGrant{CourseID: "crs_1", At: ct.Noon}); err != nil {
		w.T.Fatal(err)
	}
	ct.Must(w.People.CopyMembership(ctx, personID, "grp_1", person.GroupCopy{Active: true, Level: notify.LevelAll, Version: 1}))(w.T)
	w.Grant(name, auth.RoleStaff)
	w.Grant(name, auth.RoleAdmin)
	w.RunPending()
}

func docOf(w *ct.World, personID string) map[string]any {
	w.T.Helper()
	return ct.All[map[string]any](w, "persons", map[string]any{"_id": personID})[0]
}

func TestAnErasedPersonLeavesAnEmptyDocument(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	whole(w, "anna")
	whole(w, "bo")
	anna, bo := ct.PersonID("anna"), ct.PersonID("bo")
	w.Set(t.Context(), "persons", anna, map[string]any{"nickname": "Anna, of a newer version"})
	bos := docOf(w, bo)

	for range 2 { // a second time there is nothing to do
		if err := w.Erase(t.Context(), anna); err != nil {
			t.Fatal(err)
		}
		doc := docOf(w, anna)
		for _, field := range []string{"createdAt", "erasedAt", "version", "effects", "due"} {
			delete(doc, field)
		}
		if diff := cmp.Diff(map[string]any{"_id": anna}, doc); diff != "" {
			t.Errorf("left of the document (-want +got):\n%s", diff)
		}
		for _, collection := range []string{"persons", "sign_ins", "offices"} {
			if found := testkit.Mentions(t, w.DB, collection, anna, "uid-anna", "Navn anna", "of a newer"); collection != "persons" && len(found) > 0 ||
				collection == "persons" && !slices.Equal(found, []string{anna + " _id"}) {
				t.Errorf("%s: %q", collection, found)
			}
		}
	}
	if diff := cmp.Diff(bos, docOf(w, bo)); diff != "" {
		t.Errorf("somebody else has changed (-before +after):\n%s", diff)
	}
	if ids := leadsTo(w); !slices.Equal(ids, []string{bo}) {
		t.Errorf("sign-ins lead to %v", ids)
	}
	if found := ct.Must(w.People.ByIDs(w.As("bo"), []string{anna, bo}))(t); len(found) != 1 || found[bo] == nil {
		t.Errorf("others see %v", found)
	}
	back := ct.Must(w.People.SignIn(t.Context(), auth.Claims{UID: "uid-anna"}, i18n.Danish))(t)
	if back.ID == anna || len(back.HeldRoles())+len(back.Groups)+len(back.Skills) > 0 {
		t.Errorf("came back as %+v", back)
	}
	if err := w.Erase(t.Context(), ct.PersonID("nobody")); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("an unknown person: %v", err)
	}
}

// Calls that write something for a person while they are being erased write nothing.
func TestNothingIsWrittenOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ctx, anna := w.As("anna"), ct.PersonID("anna")
	if err := w.Erase(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	before := docOf(w, anna)
	name := "Anna"
	_, err := w.People.CompleteProfile(ctx, person.ProfileInput{DisplayName: optional.Of(name)})
	ct.WantKind(t, err, fault.KindNotFound)
	ct.Must(w.People.CopyMembership(ctx, anna, "grp_1", person.GroupCopy{Active: true, Version: 1}))(t)
	if _, err := w.People.GrantSkill(ctx, anna, "skl_1", person.SkillGrant{CourseID: "crs_1", At: ct.Noon}); err != nil {
		t.Error(err)
	}
	_, err = w.People.GrantRole(w.Grant("bo", auth.RoleAdmin), person.RoleInput{PersonID: anna, Role: auth.RoleStaff})
	ct.WantKind(t, err, fault.KindNotFound)
	if diff := cmp.Diff(before, docOf(w, anna)); diff != "" {
		t.Errorf("written all the same (-before +after):\n%s", diff)
	}
}

func TestTheLastAdminIsNotErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Grant("anna", auth.RoleAdmin)
	anna := ct.PersonID("anna")
	ct.WantKey(t, w.Erase(t.Context(), anna), "person.role.last_admin")
	if _, p := w.Person("anna"); p.ErasedAt != nil || !p.Viewer().Has(auth.RoleAdmin) {
		t.Errorf("refused, but left as %+v", p)
	}
	w.Grant("bo", auth.RoleAdmin)
	if err := w.Erase(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	if found := testkit.Mentions(t, w.DB, "offices", anna); len(found) > 0 {
		t.Errorf("an admin still: %q", found)
	}
	actions := []string{}
	for _, e := range ct.Must(w.Audit.Of(t.Context(), anna))(t) {
		actions = append(actions, e.Actor+" "+e.Action)
	}
	slices.Sort(actions)
	if want := []string{"operator erasePerson", "operator grantRole", "operator revokeRole"}; !slices.Equal(actions, want) {
		t.Errorf("the record says %q, want %q", actions, want)
	}
}

// Two admins are erased at once, after each call has seen the other admin.
func TestTwoAdminsErasedAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	w.Grant("anna", auth.RoleAdmin)
	w.Grant("bo", auth.RoleAdmin)
	m.Before("update", "offices", func() {
		if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
			t.Error(err)
		}
	})
	ct.WantKey(t, w.Erase(t.Context(), ct.PersonID("anna")), "person.role.last_admin")
	if found := testkit.Mentions(t, w.DB, "offices", ct.PersonID("bo")); len(found) > 0 {
		t.Errorf("an admin still: %q", found)
	}
}

// A person is erased between the look and the write of a call that makes them an admin.
func TestWhoIsErasedMeanwhileIsNoAdmin(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	admin := w.Grant("anna", auth.RoleAdmin)
	w.As("bo")
	m.Before("update", "offices", func() {
		if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
			t.Error(err)
		}
	})
	ct.Must(w.People.GrantRole(admin, person.RoleInput{PersonID: ct.PersonID("bo"), Role: auth.RoleAdmin}))(t)
	if found := testkit.Mentions(t, w.DB, "offices", ct.PersonID("bo")); len(found) > 0 {
		t.Errorf("nobody is an admin: %q", found)
	}
}

// If the process dies before the collections are erased, a timer goes on, and looks once more later.
func TestATimerErasesWhatWasLeft(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.As("anna")
	anna := ct.PersonID("anna")
	if err := w.People.EraseAsOperator(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	if len(leadsTo(w)) != 1 {
		t.Fatal("nothing is left to be done")
	}
	w.Clock.Advance(time.Minute)
	w.Fire()
	if ids := leadsTo(w); len(ids) > 0 {
		t.Errorf("sign-ins lead to %v", ids)
	}
	w.Set(t.Context(), "persons", anna, map[string]any{"displayName": "Anna"}) // as a slow older version may write it
	w.Clock.Advance(privacy.LooksAgain)
	w.Fire()
	if found := testkit.MentionsAnywhere(t, w.DB, "Anna"); len(found) > 0 {
		t.Errorf("after the second look: %v", found)
	}
	if found := testkit.Mentions(t, w.DB, "timers", anna); len(found) > 0 {
		t.Errorf("the erasure goes on for ever: %v", found)
	}
}

func TestAPersonIsGivenWhatIsKeptOfThem(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	whole(w, "anna")
	whole(w, "bo")
	var out bytes.Buffer
	if err := w.Export(t.Context(), ct.PersonID("anna"), &out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Collections []struct {
			Name    string
			Records []map[string]any
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	records := map[string][]map[string]any{}
	for _, c := range got.Collections {
		records[c.Name] = c.Records
	}
	for _, name := range []string{"persons", "sign_ins", "offices"} {
		if len(records[name]) != 1 {
			t.Errorf("%d records of %s", len(records[name]), name)
		}
	}
	if p := records["persons"]; len(p) != 1 || p[0]["displayName"] != "Navn anna" || p[0]["uid"] != "uid-anna" || p[0]["effects"] != nil {
		t.Errorf("the person reads %v", p)
	}
	if bytes.Contains(out.Bytes(), []byte(ct.PersonID("bo"))) {
		t.Errorf("the person reads of somebody else:\n%s", &out)
	}
	ct.WantKind(t, w.Export(t.Context(), ct.PersonID("nobody"), &out), fault.KindNotFound)
}
