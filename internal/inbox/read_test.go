package inbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

// finds are the ids of the notices that a filter wants, over all pages of one.
func finds(ctx context.Context, w *ct.World, f *inbox.Filter) []string {
	w.T.Helper()
	ids, after := []string{}, ""
	for {
		c := ct.Must(w.Inbox.Find(ctx, f, page.Args{First: 1, After: after}))(w.T)
		for _, e := range c.Edges {
			ids = append(ids, e.Node.ID)
		}
		if !c.PageInfo.HasNextPage {
			return ids
		}
		after = *c.PageInfo.EndCursor
	}
}

// What is unread is what still needs attention, as the inbox shows it, and not only what nobody has read.
func TestAFilterWantsWhatTheInboxShows(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	bo := w.As("bo")
	notice := func(e *event.Event) string {
		w.Drain()
		w.Clock.Advance(time.Minute)
		return inbox.NoticeID(ct.PersonID("bo"), e.ID+":published:2")
	}
	first, second, third := later(w, g), later(w, g), later(w, g)
	one, two, three := notice(first), notice(second), notice(third)
	ct.Must(w.Inbox.MarkRead(bo, inbox.MarkReadInput{NoticeIDs: []string{one}}))(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: second.ID}))(t)
	w.Drain()
	yes, no := true, false
	for name, row := range map[string]struct {
		f    *inbox.Filter
		want []string
	}{
		"all":                 {nil, []string{one, two, three}},
		"unread":              {&inbox.Filter{IsUnread: &yes}, []string{three}},
		"the others":          {&inbox.Filter{IsUnread: &no}, []string{one, two}},
		"of a kind":           {&inbox.Filter{Kinds: []notify.Kind{event.NoticePublished}}, []string{one, two, three}},
		"of other kinds":      {&inbox.Filter{Kinds: []notify.Kind{course.NoticePublished, group.NoticeInvited}}, []string{}},
		"of a kind, unread":   {&inbox.Filter{Kinds: []notify.Kind{event.NoticePublished}, IsUnread: &yes}, []string{three}},
		"no kind in the list": {&inbox.Filter{Kinds: []notify.Kind{}}, []string{one, two, three}},
	} {
		got := finds(bo, w, row.f)
		slices.Sort(got)
		slices.Sort(row.want)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
	_, err := w.Inbox.Find(bo, &inbox.Filter{Kinds: slices.Repeat([]notify.Kind{event.NoticePublished}, 100)}, page.Args{First: 1})
	ct.WantField(t, err, "filter.kinds")
}

// What came after the instant that the app knows of stays unread, and so does what others have.
func TestAllAreReadUpToAnInstant(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	bo := w.As("bo")
	later(w, g)
	w.Drain()
	seen := w.Clock.Now()
	w.Clock.Advance(time.Second)
	later(w, g)
	w.Drain()
	if n := ct.Must(w.Inbox.MarkAllRead(bo, inbox.MarkAllReadInput{Before: seen.Add(-time.Second)}))(t); n != 2 {
		t.Errorf("before the first: %d unread", n)
	}
	if n := ct.Must(w.Inbox.MarkAllRead(bo, inbox.MarkAllReadInput{Before: seen}))(t); n != 1 {
		t.Errorf("after the first: %d unread", n)
	}
	if n := ct.Must(w.Inbox.UnreadCount(w.As("cara")))(t); n != 2 {
		t.Errorf("cara has %d unread", n)
	}
	if n := ct.Must(w.Inbox.MarkAllRead(bo, inbox.MarkAllReadInput{Before: seen.Add(time.Hour)}))(t); n != 0 {
		t.Errorf("after both: %d unread", n)
	}
	_, err := w.Inbox.MarkAllRead(t.Context(), inbox.MarkAllReadInput{Before: seen})
	ct.WantKind(t, err, fault.KindUnauthenticated)
}
