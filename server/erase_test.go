package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/community"
	"faellesskab/internal/demo"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// erased are the personas who are erased, one after the other, each of whom has been busy
// in the seeded world: a member, a leader, staff, an admin.
var erased = []string{"resident-1", "leader-1", "staff-1", "admin-1"}

// TestAnErasedPersonIsFoundNowhere erases people of the seeded world, and looks for their
// id, their name and their account in every field and key of every collection.
func TestAnErasedPersonIsFoundNowhere(t *testing.T) {
	t.Parallel()
	w := newEraseWorld(t)
	for _, persona := range erased {
		personID := w.people[persona]
		before := w.settled()
		if err := w.app.Erase(t.Context(), personID); err != nil {
			t.Fatalf("%s: %v", persona, err)
		}
		after := w.settledAfter(before)
		checkOthers(t, before, after, persona, personID)
		w.checkMentions(persona, personID)
		if wrong := complaintsAbout(t, after, w.app.DB.Now()); len(wrong) > 0 {
			t.Errorf("%s:\n\t%s", persona, strings.Join(wrong, "\n\t"))
		}
		w.askAll(persona)
		back := w.personID(persona)
		if back == personID {
			t.Errorf("%s came back as the old person", persona)
		}
		r := w.must(persona, `{ viewer { person { displayName interests } memberships { edges { node { id } } } upcoming { edges { node { id } } } } }`, nil)
		if edges := r.at("viewer", "memberships", "edges").([]any); len(edges) > 0 || len(r.at("viewer", "upcoming", "edges").([]any)) > 0 {
			t.Errorf("%s came back with %v", persona, r.Data)
		}
		w.people[persona] = back
	}
}

// newEraseWorld is the seeded world with another admin, so that the first can be erased.
func newEraseWorld(t *testing.T) *accessWorld {
	t.Helper()
	w := newAccessWorld(t)
	for _, p := range demo.Personas {
		if p.Name == "builder-1" {
			if _, err := w.app.People.GrantRoleAsOperator(t.Context(), p.UID(), "ADMIN"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, persona := range erased {
		w.must(persona, `mutation($name: String!) { completeProfile(input: {displayName: $name, interests: ["roning"]}) { person { id } } }`,
			vars{"name": fmt.Sprintf("Navn Nummer%d", i)})
	}
	return w
}

// checkMentions looks for the person everywhere. What is found must be kept by a noun's
// row, and what a row keeps the register must say.
func (w *accessWorld) checkMentions(persona, personID string) {
	w.t.Helper()
	p := demo.Personas[slices.IndexFunc(demo.Personas, func(p demo.Persona) bool { return p.Name == persona })]
	name := "Nummer" + fmt.Sprint(slices.Index(erased, persona))
	kept := rowsBy(func(n noun) map[string]string { return n.kept })
	for collection, found := range testkit.MentionsAnywhere(w.t, w.app.DB, personID, name, p.DisplayName, p.UID(), p.Phone()) {
		for _, at := range found {
			if !isKept(kept, collection, at, personID) {
				w.t.Errorf("%s is still in %s: %s", persona, collection, at)
			}
		}
	}
	for row := range kept {
		collection, _, _ := strings.Cut(row, " ")
		i := slices.IndexFunc(w.app.Privacy, func(c privacy.Collection) bool { return c.Name == collection })
		if i < 0 || w.app.Privacy[i].Kept == "" {
			w.t.Errorf("a row keeps %s, and the register says nothing of it", row)
		}
	}
}

// isKept reports whether a row keeps what was found: "audit_entries actor", with * for any
// letters. Of people it is the person's own document.
func isKept(kept map[string]string, collection, found, personID string) bool {
	docID, field, _ := strings.Cut(found, " ")
	if collection == "persons" && docID != personID {
		return false
	}
	for row := range kept {
		if fits, err := path.Match(row, collection+" "+field); err == nil && fits {
			return true
		}
	}
	return false
}

// moves are collections in which an erasure changes what is of others: a seat goes to the
// line, counts follow, and people hear of it.
var moves = []string{"groups", "events", "occurrences", "courses", "bookings", "announcements", "areas", "timers", "notices", "notify_jobs",
	"notify_chunks", "notice_ledger", "push_slots", "push_gates", "push_recalls", "offices"}

// checkOthers: what did not speak of the person is there, and as it was.
func checkOthers(t *testing.T, before, after testkit.Snapshot, persona, personID string) {
	t.Helper()
	for _, collection := range before.Collections() {
		now := map[any]map[string]any{}
		for _, doc := range after.Docs(t, collection) {
			now[doc["_id"]] = doc
		}
		for _, doc := range before.Docs(t, collection) {
			if raw, err := json.Marshal(doc); err != nil || bytes.Contains(raw, []byte(personID)) {
				continue
			}
			if now[doc["_id"]] == nil {
				t.Errorf("%s took along %s %v, which is not theirs", persona, collection, doc["_id"])
			} else if diff := cmp.Diff(doc, now[doc["_id"]]); diff != "" && !slices.Contains(moves, collection) {
				t.Errorf("%s changed %s %v (-before +after):\n%s", persona, collection, doc["_id"], diff)
			}
		}
	}
}

// askAll asks every query as somebody else: nobody's screen fails for a person who is
// gone.
func (w *accessWorld) askAll(persona string) {
	w.t.Helper()
	for _, c := range accessCalls() {
		if !strings.HasPrefix(c.document, "query") {
			continue
		}
		for _, as := range []string{"resident-2", "builder-1"} {
			if r := w.do(as, c.document, w.variables(c.document)); r.code() == "INTERNAL" {
				w.t.Errorf("without %s, %s: %+v", persona, c.name, r.Errors)
			}
		}
	}
}

// notGiven is what names people and tells them nothing.
var notGiven = map[string]string{
	"groups counted.*": "which changes of memberships have been counted, so that none is counted twice; for a moment",
}

// An export holds something of every collection that speaks of the person, and nothing
// of somebody else.
func TestAnExportHoldsWhateverSpeaksOfThePerson(t *testing.T) {
	t.Parallel()
	w := newEraseWorld(t)
	w.must("admin-1", `mutation($person: ID!) { grantRole(input: {personId: $person, role: STAFF}) { person { id } } }`, vars{"person": w.people["resident-2"]})
	for persona, personID := range w.people {
		var out bytes.Buffer
		if err := w.app.Export(t.Context(), personID, &out); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Collections []struct {
				Name    string
				Records []json.RawMessage
			}
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for _, c := range got.Collections {
			w.checkOthersIn(persona, c.Name, c.Records)
		}
		records := map[string]int{}
		for _, c := range got.Collections {
			records[c.Name] = len(c.Records)
		}
		for collection, found := range testkit.MentionsAnywhere(t, w.app.DB, personID) {
			found = slices.DeleteFunc(found, func(at string) bool { return isKept(notGiven, collection, at, personID) })
			if n := records[collection]; n == 0 && len(found) > 0 {
				t.Errorf("%s is given nothing of %s, which speaks of them: %q", persona, collection, found)
			}
		}
	}
}

// checkOthersIn looks in what a person is given of a collection for the ids, the names, the
// accounts and the phones of everybody else.
func (w *accessWorld) checkOthersIn(persona, collection string, records []json.RawMessage) {
	w.t.Helper()
	for other, otherID := range w.people {
		if other == persona {
			continue
		}
		p := demo.Personas[slices.IndexFunc(demo.Personas, func(p demo.Persona) bool { return p.Name == other })]
		name := p.DisplayName
		if i := slices.Index(erased, other); i >= 0 {
			name = fmt.Sprintf("Navn Nummer%d", i)
		}
		for what, word := range map[string]string{"id": otherID, "name": name, "account": p.UID(), "phone": p.Phone()} {
			whole := regexp.MustCompile(regexp.QuoteMeta(word) + `([^0-9]|$)`) // "resident-1" is no part of "resident-10"
			for _, r := range records {
				if whole.Match(r) {
					w.t.Errorf("%s is given the %s of %s, in %s: %s", persona, what, other, collection, r)
				}
			}
		}
	}
}

// Every collection that a noun has a row for stands in the register, and no other.
func TestEveryCollectionIsInTheRegister(t *testing.T) {
	t.Parallel()
	stored := rowsBy(func(n noun) map[string]enums { return n.stored })
	register := community.New(community.Options{DB: &mongodb.DB{}, Log: slog.New(slog.DiscardHandler)}).Privacy
	for name := range stored {
		if !register.Knows(name) {
			t.Errorf("the register of privacy has no entry for %s", name)
		}
	}
	for _, c := range register {
		if _, ok := stored[c.Name]; !ok && !strings.HasPrefix(c.Name, "*") {
			t.Errorf("the register of privacy has an entry for %s, which no noun stores", c.Name)
		}
	}
}
