package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/push/fcmsim"
)

// club is a world with a group of anna's that has these members, each with a phone of
// the same name.
func club(t *testing.T, members ...string) (*ct.World, *group.Group) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	w.Phone("anna", "anna")
	for _, name := range members {
		w.Join(g.ID, name)
		w.Phone(name, name)
	}
	return w, g
}

func pushed(w *ct.World) []string {
	var to []string
	for _, p := range w.Phones.Pushes() {
		to = append(to, p.Device)
	}
	slices.Sort(to)
	return to
}

func wantPushed(t *testing.T, w *ct.World, names ...string) {
	t.Helper()
	slices.Sort(names)
	if got := pushed(w); !slices.Equal(got, names) {
		t.Errorf("pushes to %v, want %v", got, names)
	}
}

func TestMembersGetOnePushAndTheActorNone(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara-en", "dan", "eva")
	w.Phone("stranger", "stranger")
	ct.Must(w.Groups.SetNotifications(w.As("dan"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox}))(t)
	ct.Must(w.Settings.Update(w.As("eva"), inbox.UpdateSettingsInput{PushEnabled: optional.Of(false)}))(t)
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	w.Drain()
	wantPushed(t, w, "bo", "cara-en")
	for name, want := range map[string][]inbox.Notice{
		"bo":       {{Channel: notify.Push, Rule: notify.RuleKindDefault}},
		"dan":      {{Channel: notify.Inbox, Rule: notify.RuleGroupMuted}},
		"eva":      {{Channel: notify.Inbox, Rule: notify.RulePushOff}},
		"anna":     nil,
		"stranger": nil,
	} {
		got := w.Notices(name)
		if len(got) != len(want) || len(got) == 1 && (got[0].Channel != want[0].Channel || got[0].Rule != want[0].Rule) {
			t.Errorf("%s has %+v", name, got)
		}
	}
	for _, p := range w.Phones.Pushes() {
		if !strings.Contains(p.Title, "Haven: Fællesspisning") || p.Data["subjectId"] != e.ID || p.Tag == "" {
			t.Errorf("push %+v", p)
		}
		if danish := strings.Contains(p.Body, "maj") || strings.Contains(p.Body, "lørdag"); danish != (p.Device == "bo") {
			t.Errorf("%s reads %q", p.Device, p.Body)
		}
	}
	if c := w.Jobs(event.NoticePublished)[0].Counts; c.Pushed != 2 || c.Silent != 2 {
		t.Errorf("counts %+v", c)
	}
}

// Things may change between the cause and the push, so the decision is made again.
func TestWhatHappensMeanwhileCounts(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		meanwhile func(w *ct.World, g *group.Group, e *event.Event)
		want      []string
	}{
		"nothing": {func(*ct.World, *group.Group, *event.Event) {}, []string{"bo", "cara"}},
		"left": {func(w *ct.World, g *group.Group, _ *event.Event) {
			ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
		}, []string{"cara"}},
		"removed": {func(w *ct.World, g *group.Group, _ *event.Event) {
			ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo"), Ban: true}))(t)
		}, []string{"cara"}},
		"muted": {func(w *ct.World, g *group.Group, _ *event.Event) {
			ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: g.ID, Level: notify.LevelInbox}))(t)
		}, []string{"cara"}},
		"push off": {func(w *ct.World, _ *group.Group, _ *event.Event) {
			ct.Must(w.Settings.Update(w.As("cara"), inbox.UpdateSettingsInput{PushEnabled: optional.Of(false)}))(t)
		}, []string{"bo"}},
		"cancelled": {func(w *ct.World, _ *group.Group, e *event.Event) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
		}, nil},
		"banned": {func(w *ct.World, _ *group.Group, _ *event.Event) {
			w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"bannedAt": ct.Noon})
		}, []string{"cara"}},
		"begun": {func(w *ct.World, _ *group.Group, _ *event.Event) { w.Clock.Advance(24 * time.Hour) }, nil},
	} {
		for _, stage := range []string{"before the expansion", "before the sending"} {
			t.Run(name+" "+stage, func(t *testing.T) {
				t.Parallel()
				w, g := club(t, "bo", "cara")
				e := w.PublishedEvent("anna", g.ID, nil)
				if stage == "before the sending" {
					if worked, err := w.Notifier.Expand(t.Context()); !worked || err != nil {
						t.Fatal(worked, err)
					}
				}
				row.meanwhile(w, g, e)
				w.Drain()
				wantPushed(t, w, row.want...)
			})
		}
	}
}

func TestNobodyHearsOfADraft(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	e := w.Draft("anna", g.ID, nil)
	title := "Ny titel"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.Drain()
	wantPushed(t, w)
	if w.Count("notify_jobs") != 0 || w.Count("notices") != 0 {
		t.Errorf("%d causes, %d notices", w.Count("notify_jobs"), w.Count("notices"))
	}
}

func TestTwelveHundredPeopleMakeThreeChunks(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	ids := make([]string, 1200)
	for i := range ids {
		ids[i] = ct.PersonID(fmt.Sprint("p", i))
	}
	w.PutPeople(ids)
	g := w.Group("anna")
	w.Enqueue(notify.Cause{Key: notify.Key(g.ID, "answered", "1"), Kind: group.NoticeJoinAnswered, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: slices.Sorted(slices.Values(ids))}}, Data: map[string]string{"Group": "Haven"}})
	w.Drain()
	var sizes []int
	for _, c := range w.Chunks() {
		sizes = append(sizes, len(c.People))
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []int{200, 500, 500}) || w.Count("notices") != 1200 {
		t.Errorf("chunks of %v, %d notices", sizes, w.Count("notices"))
	}
}

func TestOnePersonTwoReasonsOnePush(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	both := notify.Cause{Key: notify.Key(g.ID, "twice", "1"), Kind: group.NoticeJoinAnswered, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}},
			{Kind: group.AudienceMembers, IDs: []string{g.ID}}}, Data: map[string]string{"Group": "Haven"}}
	w.Enqueue(both)
	w.Enqueue(both) // a repeat is a success
	w.Drain()
	wantPushed(t, w, "anna", "bo")
	list := w.Notices("bo")
	if len(list) != 1 || len(list[0].Reasons) != 2 {
		t.Errorf("notices %+v", list)
	}
}

func TestGoneDevicesAreForgottenAndOthersTriedAgain(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara", "dan")
	w.Phones.Script("bo", fcmsim.Unregistered())
	w.Phones.Script("cara", fcmsim.Internal().Once())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	wantPushed(t, w, "dan")
	if d := ct.Must(w.Devices.Of(t.Context(), []string{ct.PersonID("bo")}))(t); len(d) != 0 {
		t.Errorf("bo's device is left: %+v", d)
	}
	w.Clock.Advance(59 * time.Second)
	w.Drain()
	wantPushed(t, w, "dan")
	w.Clock.Advance(30 * time.Second)
	w.Drain()
	wantPushed(t, w, "cara", "dan")
	if c := w.Chunks(); len(c) != 1 || c[0].State != "DONE" || c[0].Sent != 2 || c[0].Gone != 1 || c[0].Failed != 0 {
		t.Errorf("chunks %+v", c)
	}
}

func TestAfterTheLastTryAPushIsGivenUp(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	w.Phones.Script("bo", fcmsim.Internal())
	w.PublishedEvent("anna", g.ID, nil)
	for attempt := range 6 {
		w.Drain()
		if c := w.Chunks()[0]; (c.State == "DONE") != (attempt == 5) {
			t.Fatalf("after attempt %d: %+v", attempt, c)
		}
		w.Clock.Advance([]time.Duration{72, 216, 504, 1080, 2232, 0}[attempt] * time.Second)
	}
	if c := w.Chunks()[0]; c.Failed != 1 || c.Sent != 0 {
		t.Errorf("chunk %+v", c)
	}
	wantPushed(t, w)
}
