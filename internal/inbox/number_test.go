package inbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// keeper counts the unread notices of the people of a world.
func keeper(w *ct.World) inbox.Keeper {
	return inbox.NewKeeper(inbox.KeeperDeps{DB: w.DB, Bus: w.Bus, News: w.News, Log: slog.New(slog.DiscardHandler)})
}

// unreadOf are the numbers of those of these people who may look at their inbox.
func unreadOf(ctx context.Context, w *ct.World, ids ...string) map[string]int {
	w.T.Helper()
	viewers := map[string]auth.Viewer{}
	for _, personID := range ids {
		switch v, err := w.People.Viewer(ctx, personID); {
		case err == nil:
			viewers[personID] = v
		case !fault.Is(err, fault.KindForbidden):
			w.T.Fatal(err)
		}
	}
	return ct.Must(keeper(w).UnreadOf(ctx, viewers, nil))(w.T)
}

// readers are people with different habits, in a town with two groups.
type readers struct {
	*ct.World
	open, closed *group.Group
	dates        []*event.Event
	names        []string
	acts         int
}

func town(t *testing.T) *readers {
	t.Helper()
	w := &readers{World: ct.New(t), names: []string{"anna", "bo", "cara", "dan", "eva", "ola", "sums"}}
	w.open = w.Group("anna")
	w.Join(w.open.ID, w.names[1:]...)
	w.closed = w.Group("anna", asks, func(in *group.CreateInput) { in.Name = "Kælderen" })
	none := 0
	ct.Must(w.Settings.Update(w.As("sums"), inbox.UpdateSettingsInput{PushesADay: optional.Of(none)}))(t)
	arrives(w.World, "eva", "lasting", w.Clock.Now())
	newer := inbox.NoticeID(ct.PersonID("bo"), "newer")
	w.Put("notices", map[string]any{"_id": newer, "personId": ct.PersonID("bo"), "kind": "OF_TOMORROW", "subject": "xyz_1", "hidden": false,
		"unread": true, "createdAt": w.Clock.Now(), "data": map[string]string{}, "reasons": []string{}})
	w.Put("notices", map[string]any{"_id": newer + "2", "personId": ct.PersonID("bo"), "kind": event.NoticePublished, "subject": "xyz_1", "hidden": true,
		"unread": true, "createdAt": w.Clock.Now(), "data": map[string]string{}, "reasons": []string{}})
	return w
}

func (w *readers) date() *event.Event {
	w.acts++
	return w.dates[w.acts%len(w.dates)]
}

// changes are what can happen to people's notices. A change that is refused, because of what came before it, changes nothing.
func (w *readers) changes() map[string]func() {
	publish := func(capacity *int) func() {
		return func() {
			w.acts++
			w.dates = append(w.dates, w.PublishedAt("anna", w.open.ID, w.Clock.Now().Add(time.Duration(20+7*(w.acts%9))*time.Hour), capacity))
		}
	}
	ofBo := func() []inbox.Notice { return w.Notices("bo") }
	return map[string]func(){
		"published": publish(nil), "one more": publish(nil), "a small one": publish(ct.Seats(1)),
		"moved": func() {
			e := w.date()
			at := e.StartsAt.Add(time.Duration(w.acts) * time.Hour)
			_, _ = w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(clock.LocalOf(at, clock.Copenhagen)),
				EndsAt: optional.Of(clock.LocalOf(at.Add(time.Hour), clock.Copenhagen))})
		},
		"cancelled": func() { _, _ = w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: w.date().ID}) },
		"signed up": func() {
			for _, e := range w.dates {
				for _, name := range []string{"cara", "dan", "eva"} {
					_, _ = w.World.Attend(name, e.ID, 0)
				}
			}
		},
		"gave up": func() {
			for _, e := range w.dates {
				_ = w.World.Leave("cara", e.ID)
			}
		},
		"accepted": func() { _ = w.Accept("dan", w.date().ID) },
		"declined": func() { _ = w.Decline("dan", w.date().ID) },
		"read one": func() {
			if list := ofBo(); len(list) > 0 {
				_, _ = w.Inbox.MarkRead(w.As("bo"), inbox.MarkReadInput{NoticeIDs: []string{list[len(list)/2].ID}})
			}
		},
		"read all": func() {
			_, _ = w.Inbox.MarkAllRead(w.As("eva"), inbox.MarkAllReadInput{Before: w.Clock.Now()})
		},
		"put off": func() {
			at := w.Clock.Now().Add(5 * time.Hour)
			for _, n := range ofBo() {
				_, _ = w.Inbox.Snooze(w.As("bo"), inbox.SnoozeInput{NoticeID: n.ID, Until: &at})
			}
		},
		"left": func() { _, _ = w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: w.open.ID}) },
		"removed": func() {
			_, _ = w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: w.open.ID, PersonID: ct.PersonID("sums")})
		},
		"back":  func() { w.asks(w.open, "bo") },
		"asked": func() { w.asks(w.closed, "cara", "dan") },
		"let in": func() {
			_, _ = w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: w.closed.ID, PersonID: ct.PersonID("cara")})
		},
		"invited": func() {
			_, _ = w.Groups.Invite(w.As("anna"), group.InviteInput{GroupID: w.closed.ID, PersonID: ct.PersonID("eva")})
		},
		"invited no more": func() {
			_, _ = w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: w.closed.ID, PersonID: ct.PersonID("eva")})
		},
		"said": func() {
			_, _ = w.Announcements.ToGroup(w.As("anna"), announcement.GroupInput{GroupID: w.open.ID, Title: "Vand", Text: "Lukkes."})
		},
		"hours pass":  func() { w.Clock.Advance(5 * time.Hour) },
		"a day":       func() { w.Clock.Advance(24 * time.Hour) },
		"another day": func() { w.Clock.Advance(24 * time.Hour) },
		"the evening": func() { w.Clock.Advance(untilSix(w.Clock.Now())) },
		"items read": func() {
			for _, n := range w.Notices("sums") {
				if n.Kind == notify.KindSummary {
					_, _ = w.Inbox.MarkRead(w.As("sums"), inbox.MarkReadInput{NoticeIDs: n.Items})
				}
			}
		},
		"banned": func() {
			w.Set(w.T.Context(), "persons", ct.PersonID("ola"), map[string]any{"disabledAt": w.Clock.Now()})
		},
	}
}

func (w *readers) asks(g *group.Group, names ...string) {
	for _, name := range names {
		_, _ = w.Groups.Join(w.As(name), group.JoinInput{GroupID: g.ID})
	}
}

// untilSix is how long it is until the summaries of the day.
func untilSix(now time.Time) time.Duration {
	six := time.Date(now.Year(), now.Month(), now.Day(), 16, 1, 0, 0, time.UTC) // 18:01 in Copenhagen
	for !six.After(now) {
		six = six.Add(24 * time.Hour)
	}
	return six.Sub(now)
}

// check compares, for everybody, the number on the phone with what the API counts and with what the inbox shows as unread.
func (w *readers) check(after string) (settled bool) {
	w.T.Helper()
	var ids []string
	for _, name := range w.names {
		ids = append(ids, ct.PersonID(name))
	}
	numbers := unreadOf(w.T.Context(), w.World, ids...)
	for _, name := range w.names {
		number, known := numbers[ct.PersonID(name)]
		v, err := w.People.Viewer(w.T.Context(), ct.PersonID(name))
		if err != nil {
			if known {
				w.T.Errorf("after %q: %s may not look, and the number is %d", after, name, number)
			}
			continue
		}
		as := auth.WithViewer(w.T.Context(), v)
		if n := ct.Must(w.Inbox.UnreadCount(as))(w.T); !known || number != n {
			w.T.Errorf("after %q: the number of %s is %d (known: %t), the API says %d", after, name, number, known, n)
		}
		stored := 0
		for _, n := range w.Notices(name) {
			if n.Unread && !n.Hidden {
				stored++
			}
		}
		yes, shown := true, 0
		for a := (page.Args{First: 50}); ; {
			c := ct.Must(w.Inbox.Find(as, &inbox.Filter{IsUnread: &yes}, a))(w.T)
			if shown += len(c.Edges); !c.PageInfo.HasNextPage {
				break
			}
			a.After = *c.PageInfo.EndCursor
		}
		settled = settled || shown < stored
		if number != min(shown, 100) {
			w.T.Errorf("after %q: the number of %s is %d, the inbox shows %d unread", after, name, number, shown)
		}
	}
	return settled
}

// Whatever happens, and in whatever order: the number on the phone is what the API says at that moment.
func TestTheNumberIsWhatTheAPISays(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := town(t)
			changes := w.changes()
			changes["published"]()
			work(w.World)
			w.check("the beginning")
			names := slices.Sorted(maps.Keys(changes))
			rand.New(rand.NewPCG(seed, seed)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
			settled := false
			for _, name := range names {
				changes[name]()
				w.Clock.Advance(3 * time.Minute)
				settled = w.check(name) || settled
				work(w.World)
			}
			w.check("the end")
			if !settled {
				t.Error("nothing ever needed no more attention")
			}
		})
	}
}

// Counting stops at a hundred, and looks at the two hundred newest, for everybody by themselves and as the API does.
func TestTheNumberHasAnEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	older := func(name string, n int) {
		for i := range n {
			arrives(w, name, fmt.Sprintf("older%03d", i), w.Clock.Now().Add(-time.Duration(i+1)*time.Hour))
		}
	}
	ids := map[string]string{}
	for name, over := range map[string]int{"few": 0, "many": 0, "most": 110} {
		w.As(name)
		ids[name] = ct.PersonID(name)
		for i := range over { // about an event that is gone
			noticeID := arrives(w, name, fmt.Sprintf("over%03d", i), w.Clock.Now().Add(-time.Duration(i)*time.Minute))
			w.Set(t.Context(), "notices", noticeID, map[string]any{"subject": id.Derive(id.Event, "gone")})
		}
	}
	older("few", 3)
	older("many", 205)
	older("most", 105)
	want := func(numbers, want map[string]int) {
		t.Helper()
		for name, n := range want {
			if api := ct.Must(w.Inbox.UnreadCount(w.As(name)))(t); numbers[ids[name]] != n || api != n {
				t.Errorf("the number of %s is %d and the API says %d, want %d", name, numbers[ids[name]], api, n)
			}
		}
	}
	numbers := unreadOf(t.Context(), w, slices.Collect(maps.Values(ids))...)
	want(numbers, map[string]int{"few": 3, "many": 100, "most": 90})
	// Notices that are at hand are not read anew, and count in their place.
	var fresh []*inbox.Notice
	for name, ago := range map[string]time.Duration{"few": 0, "many": time.Hour, "most": 1000 * time.Hour} {
		noticeID := arrives(w, name, "fresh", w.Clock.Now().Add(-ago))
		fresh = append(fresh, ct.Must(keeper(w).ByIDs(t.Context(), []string{noticeID}))(t)[noticeID])
	}
	readers := map[string]auth.Viewer{}
	for _, personID := range ids {
		readers[personID] = auth.Viewer{PersonID: personID}
	}
	numbers = ct.Must(keeper(w).UnreadOf(t.Context(), readers, fresh))(t)
	want(numbers, map[string]int{"few": 4, "many": 100, "most": 90})
}
