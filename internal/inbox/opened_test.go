package inbox_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// What people do with a notice is counted by what they have done most: an answer opens it, and what was opened is
// never called dismissed. Swiping a push away reads nothing.
func TestWhatPeopleDoWithANotice(t *testing.T) {
	t.Parallel()
	none, opened, acted, dismissed := inbox.Reactions{}, inbox.Reactions{Opened: 1}, inbox.Reactions{Opened: 1, Acted: 1}, inbox.Reactions{Dismissed: 1}
	for name, row := range map[string]struct {
		does   []inbox.OpenedBy
		want   inbox.Reactions
		unread int
	}{
		"nothing":                    {nil, none, 1},
		"opens":                      {[]inbox.OpenedBy{inbox.ByOpening}, opened, 0},
		"opens twice":                {[]inbox.OpenedBy{inbox.ByOpening, inbox.ByOpening}, opened, 0},
		"answers":                    {[]inbox.OpenedBy{inbox.ByAction}, acted, 0},
		"answers twice":              {[]inbox.OpenedBy{inbox.ByAction, inbox.ByAction}, acted, 0},
		"dismisses":                  {[]inbox.OpenedBy{inbox.ByDismissal}, dismissed, 1},
		"dismisses on two phones":    {[]inbox.OpenedBy{inbox.ByDismissal, inbox.ByDismissal}, dismissed, 1},
		"opens and answers":          {[]inbox.OpenedBy{inbox.ByOpening, inbox.ByAction}, acted, 0},
		"answers and opens":          {[]inbox.OpenedBy{inbox.ByAction, inbox.ByOpening}, acted, 0},
		"dismisses, and opens later": {[]inbox.OpenedBy{inbox.ByDismissal, inbox.ByOpening}, opened, 0},
		"opens, and dismisses later": {[]inbox.OpenedBy{inbox.ByOpening, inbox.ByDismissal}, opened, 0},
		"dismisses, then answers":    {[]inbox.OpenedBy{inbox.ByDismissal, inbox.ByAction}, acted, 0},
		"answers, then dismisses":    {[]inbox.OpenedBy{inbox.ByAction, inbox.ByDismissal}, acted, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			noticeID := w.Notices("bo")[0].ID
			for _, by := range row.does {
				n := ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: noticeID, By: by}))(t)
				if isOpened := row.want.Opened > 0; by != inbox.ByDismissal && (n.Unread || (n.OpenedAt != nil) != isOpened) {
					t.Errorf("after %s the notice is %+v", by, n)
				}
			}
			if n := ct.Must(w.Inbox.UnreadCount(w.As("bo")))(t); n != row.unread {
				t.Errorf("%d are unread, not %d", n, row.unread)
			}
			r := ct.Must(w.Notifier.Report(t.Context(), w.Jobs(event.NoticePublished)[0].Key))(t)
			if diff := cmp.Diff(row.want, inbox.Reactions{Opened: r.Opened, Acted: r.Acted, Dismissed: r.Dismissed}); diff != "" {
				t.Errorf("the report (-want +got):\n%s", diff)
			}
		})
	}
}

// reactions are what the report of the only event that was published counts.
func reactions(w *ct.World) inbox.Reactions {
	w.T.Helper()
	r := ct.Must(w.Notifier.Report(w.T.Context(), w.Jobs(event.NoticePublished)[0].Key))(w.T)
	return inbox.Reactions{Opened: r.Opened, Acted: r.Acted, Dismissed: r.Dismissed}
}

// A push that never was is neither answered nor swiped away, and people who were told nothing are not counted at all,
// although they can tell the id that their notice would have.
func TestOnlyWhatWasPushedIsAnsweredOrDismissed(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		is      map[string]any
		by      inbox.OpenedBy
		want    inbox.Reactions
		unknown bool
	}{
		"in the inbox only, dismissed": {map[string]any{"channel": notify.Inbox, "firstChannel": notify.Inbox}, inbox.ByDismissal, inbox.Reactions{}, false},
		"in the inbox only, answered":  {map[string]any{"channel": notify.Inbox, "firstChannel": notify.Inbox}, inbox.ByAction, inbox.Reactions{Opened: 1}, false},
		"pushed when it came back":     {map[string]any{"channel": notify.Push, "firstChannel": notify.Inbox}, inbox.ByDismissal, inbox.Reactions{Dismissed: 1}, false},
		"pushed when it came":          {map[string]any{"channel": notify.Inbox, "firstChannel": notify.Push}, inbox.ByAction, inbox.Reactions{Opened: 1, Acted: 1}, false},
		"dropped, opened":              {map[string]any{"hidden": true}, inbox.ByOpening, inbox.Reactions{}, true},
		"dropped, answered":            {map[string]any{"hidden": true}, inbox.ByAction, inbox.Reactions{}, true},
		"dropped, dismissed":           {map[string]any{"hidden": true}, inbox.ByDismissal, inbox.Reactions{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			noticeID := w.Notices("bo")[0].ID
			w.Set(t.Context(), "notices", noticeID, row.is)
			_, err := w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: noticeID, By: row.by})
			if fault.Is(err, fault.KindNotFound) != row.unknown || err != nil != row.unknown {
				t.Errorf("answered %v", err)
			}
			if got := reactions(w); got != row.want {
				t.Errorf("the report counts %+v, not %+v", got, row.want)
			}
		})
	}
}

// A phone opens a notice at a replica from before there was anything to say of how, and asks again at this one.
func TestOpeningIsRepeatedAtANewerReplica(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	key, n := "11111111-1111-4111-8111-111111111111", w.Notices("bo")[0]
	old := struct {
		ClientMutationID *string
		NoticeID         string
	}{&key, n.ID}
	ct.Must(idempotency.Do(w.As("bo"), w.Keys, idempotency.Call{Operation: "noticeOpened", Key: &key, Input: old},
		func(context.Context, idempotency.Token) (*inbox.Notice, error) { return &n, nil }))(t)
	ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{ClientMutationID: &key, NoticeID: n.ID, By: inbox.ByOpening}))(t)
	_, err := w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{ClientMutationID: &key, NoticeID: n.ID, By: inbox.ByAction})
	ct.WantKey(t, err, "mutation_id.reused")
}

// People are given what is kept of what they did with a notice.
func TestWhatPeopleDidIsInTheirExport(t *testing.T) {
	t.Parallel()
	for by, want := range map[inbox.OpenedBy]string{inbox.ByAction: `"IsAnswered":true`, inbox.ByDismissal: `"IsDismissed":true`} {
		w := ct.New(t)
		g := w.Group("anna")
		w.Join(g.ID, "bo")
		w.PublishedEvent("anna", g.ID, nil)
		w.Drain()
		ct.Must(w.Inbox.Opened(w.As("bo"), inbox.OpenedInput{NoticeID: w.Notices("bo")[0].ID, By: by}))(t)
		if all := strings.Join(ct.ExportFrom(t, entries(w), "notices", "bo"), "\n"); !strings.Contains(all, want) {
			t.Errorf("after %s there is to read\n%s", by, all)
		}
	}
}
