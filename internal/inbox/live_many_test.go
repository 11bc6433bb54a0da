package inbox_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// Somebody who was away for long, and to whom very much has come, does not make all the others read their own.
func TestWhoWasAwayForLongCostsTheOthersLittle(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	now := w.Clock.Now()
	var list []any
	for i := range 2100 {
		personID, at := "long", now.Add(-24*time.Hour)
		if i < 100 {
			personID, at = fmt.Sprintf("p%02d", i), now
		}
		list = append(list, inbox.Notice{ID: inbox.NoticeID(personID, fmt.Sprint(i)), PersonID: personID, Kind: event.NoticePublished,
			Words: map[string]string{}, Reasons: []notify.Reason{}, Channel: notify.Inbox, Cause: "c", CreatedAt: at, Unread: true})
	}
	if _, err := w.DB.Collection("notices").InsertMany(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	from := map[string]time.Time{"long": now.Add(-48 * time.Hour)}
	for i := range 100 {
		from[fmt.Sprintf("p%02d", i)] = now.Add(-time.Duration(i) * time.Second)
	}
	counts := ct.Must(w.Inbox.ReadTogether(t.Context(), from))(t)
	if _, ok := counts["long"]; ok {
		t.Error("who has too many reads them with the others")
	}
	for personID, n := range counts {
		if n != 1 {
			t.Errorf("%s got %d notices", personID, n)
		}
	}
	if len(counts) < 75 {
		t.Errorf("only %d of 100 are answered together", len(counts))
	}
}

// Notices that wait for a slow phone are read shortly before they are sent: what has gone meanwhile is not sent.
func TestWhatGoesWhileOthersAreSentIsNotSent(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	first := openFeed(t, w, "anna", nil)
	first.begins(0)
	first.leave()
	var ids []string
	for i := range 60 {
		ids = append(ids, arrives(w, "anna", fmt.Sprintf("n%02d", i), w.Clock.Now().Add(time.Duration(i)*time.Millisecond)))
	}
	f := openFeed(t, w, "anna", &first.at)
	f.hears(ids[0])
	w.Remove("notices", ids[59])
	for _, noticeID := range ids[1:59] {
		f.hears(noticeID)
	}
	f.begins(59)
}
