package inbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/testkit"
)

// Each question may cost the database a sort of all that people have. So the numbers of people of whom each has as many
// unread notices as are looked at take one, however many batches the answer has.
func TestTheNumbersOfManyAreAskedForOnce(t *testing.T) {
	t.Parallel()
	const people, each = 26, 200
	counter := &testkit.Counter{Named: true}
	w := ct.New(t, testkit.WithCounter(counter))
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	readers := map[string]auth.Viewer{}
	list := make([]any, 0, people*each)
	for p := range people {
		personID := ct.PersonID(fmt.Sprint("reader", p))
		readers[personID] = auth.Viewer{PersonID: personID, Groups: map[string]auth.Grant{g.ID: {}}}
		for n := range each {
			list = append(list, map[string]any{"_id": inbox.NoticeID(personID, fmt.Sprint(n)), "personId": personID, "kind": event.NoticePublished,
				"subject": e.ID, "hidden": false, "unread": true, "createdAt": w.Clock.Now().Add(-time.Duration(n) * time.Minute),
				"data": map[string]string{}, "reasons": []string{}})
		}
	}
	ct.Must(w.DB.Collection("notices").InsertMany(t.Context(), list))(t)
	counter.Reset()
	counts := ct.Must(keeper(w).UnreadOf(t.Context(), readers, nil))(t)
	for personID := range readers {
		if counts[personID] != 100 {
			t.Errorf("the number of %s is %d, want 100", personID, counts[personID])
		}
	}
	asked := slices.DeleteFunc(counter.Commands(), func(command string) bool { return command != "find notices" })
	if len(asked) != 1 {
		t.Errorf("the notices are asked for %d times, want once", len(asked))
	}
}
