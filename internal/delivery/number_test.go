package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// numbers are those of the pushes that have come since the last time and show something, by phone and then in their
// order. It expects of each push that its data say the same.
func numbers(w *ct.World) map[string][]int {
	w.T.Helper()
	found := map[string][]int{}
	for _, p := range w.Phones.Pushes() {
		if p.Badge == nil || p.Data["unread"] != fmt.Sprint(*p.Badge) {
			w.T.Errorf("%s has the number %v, its data say %q", p.Device, p.Badge, p.Data["unread"])
			continue
		}
		found[p.Device] = append(found[p.Device], *p.Badge)
	}
	w.Phones.Reset()
	return found
}

// Every push brings the number of its reader's unread notices at that moment, to all of their phones.
func TestAPushBringsTheNumber(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	w.Phone("bo", "bo-tablet")
	wantNumbers := func(bo, cara int) {
		t.Helper()
		got := numbers(w)
		for phone, want := range map[string]int{"bo": bo, "bo-tablet": bo, "cara": cara} {
			if !slices.Equal(got[phone], []int{want}) {
				t.Errorf("the pushes to %s have the numbers %v, want %d", phone, got[phone], want)
			}
		}
		for name, want := range map[string]int{"bo": bo, "cara": cara} {
			if api := ct.Must(w.Inbox.UnreadCount(w.As(name)))(t); api != want {
				t.Errorf("the API says %d to %s, want %d", api, name, want)
			}
		}
	}
	first := later(w, g)
	work(w)
	wantNumbers(1, 1)
	later(w, g)
	work(w)
	wantNumbers(2, 2)
	ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: []string{inbox.NoticeID(ct.PersonID("bo"), first.ID+":published:2")}}))(t)
	later(w, g)
	work(w)
	wantNumbers(2, 3)
}

// A phone that is served later, because Firebase was busy, gets the number of then.
func TestALatePushBringsTheNumberOfThen(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	first := later(w, g)
	work(w)
	numbers(w)
	w.Phones.Script("bo", fcmsim.Unavailable(0))
	later(w, g)
	work(w)
	if got := numbers(w); len(got["bo"]) > 0 {
		t.Fatalf("the push came at once: %v", got)
	}
	ct.Must(w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: []string{inbox.NoticeID(ct.PersonID("bo"), first.ID+":published:2")}}))(t)
	w.Clock.Advance(2 * time.Minute)
	work(w)
	if got := numbers(w); !slices.Equal(got["bo"], []int{1}) {
		t.Errorf("the push has the numbers %v, want 1", got["bo"])
	}
}

// A number that cannot be counted holds no push up: it goes without one.
func TestAPushGoesWithoutTheNumber(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"an error": func() error { return fault.Unavailable("database.unavailable", errors.New("gone")) },
		"a panic":  func() error { panic("out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo")
			of := w.News.Subjects[id.Event]
			of.States = func(context.Context, []notify.News) ([]notify.SubjectState, error) { return nil, fail() }
			w.News.Subjects[id.Event] = of
			later(w, g)
			work(w)
			pushes := w.Phones.Pushes()
			if len(pushes) != 1 {
				t.Fatalf("%d pushes, want one", len(pushes))
			}
			if _, said := pushes[0].Data["unread"]; name == "an error" && (said || pushes[0].Badge != nil) {
				t.Errorf("the push has the number %v", pushes[0].Badge)
			}
		})
	}
}

// A count that takes longer than a chunk may be held without a sign of life holds no push up either.
func TestAPushDoesNotWaitForTheNumber(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	of := w.News.Subjects[id.Event]
	of.States = func(ctx context.Context, _ []notify.News) ([]notify.SubjectState, error) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Second):
			return nil, errors.New("it has taken too long")
		}
	}
	w.News.Subjects[id.Event] = of
	later(w, g)
	start := time.Now()
	work(w)
	if pushes := w.Phones.Pushes(); len(pushes) != 1 || pushes[0].Badge != nil {
		t.Errorf("the pushes are %+v", pushes)
	}
	if took := time.Since(start); took > 12*time.Second {
		t.Errorf("the push came after %s", took)
	}
}

// The numbers of a chunk cost as many commands for five hundred people as for one.
func TestWhatNumbersCost(t *testing.T) {
	t.Parallel()
	per := map[int][]string{}
	for _, people := range []int{1, 50, 200} {
		counter := &testkit.Counter{Named: true}
		w := ct.New(t, testkit.WithCounter(counter))
		g, crowd := w.Crowd(people)
		for range 3 {
			w.PublishedEvent("anna", g.ID, nil)
		}
		for worked := true; worked; {
			worked = ct.Must(w.Notifier.Expand(t.Context()))(t)
		}
		viewers := map[string]auth.Viewer{}
		for i := range people {
			viewers[crowd.PersonID(i)] = auth.Viewer{PersonID: crowd.PersonID(i), Groups: map[string]auth.Grant{g.ID: {}}}
		}
		counter.Reset()
		counts := ct.Must(w.Notifier.Keeper().UnreadOf(t.Context(), viewers, nil))(t)
		per[people] = counter.Commands()
		if len(counts) != people || counts[crowd.PersonID(0)] != 3 {
			t.Errorf("%d people have a number, and the first one's is %d", len(counts), counts[crowd.PersonID(0)])
		}
		counter.Reset()
		w.Drain()
		t.Logf("%d people: the numbers cost %s; three chunks cost %d commands, %.2f for each push", people, strings.Join(per[people], ", "),
			counter.Count(), float64(counter.Count())/float64(3*people))
	}
	if !slices.Equal(per[1], per[200]) || !slices.Equal(per[1], per[50]) {
		t.Errorf("the commands are %v", per)
	}
}
