package inbox_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
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
