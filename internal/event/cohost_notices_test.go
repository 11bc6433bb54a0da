package event_test

import (
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// titlesOf are the titles of the notices of a kind that a person has, as they read them now.
func titlesOf(w *ct.World, name string, kind notify.Kind) []string {
	w.T.Helper()
	var titles []string
	for _, n := range w.Notices(name) {
		if n.Kind == kind {
			title, _ := w.Read(name, n)
			titles = append(titles, title)
		}
	}
	return titles
}

// wantHeard checks how often people were told, and that they are told in the words given, if there are any.
func wantHeard(w *ct.World, kind notify.Kind, names, title string) {
	w.T.Helper()
	w.Drain()
	for _, name := range []string{"anna", "berta", "bo", "carl", "dora"} {
		want := 0
		if strings.Contains(names, name) {
			want = 1
		}
		got := titlesOf(w, name, kind)
		if len(got) != want || want == 1 && got[0] != title {
			w.T.Errorf("%s of %s is told to %s: %q, want %d × %q", kind, names, name, got, want, title)
		}
	}
}

// hosts are two groups for members: Haven is Anna's, with Bo and Dora, and Værkstedet is Berta's, with Carl and Dora. Anna's
// event is a draft.
func hosts(t *testing.T) (w *ct.World, own, other *group.Group, e *event.Event) {
	t.Helper()
	w = ct.New(t)
	named := func(name string) func(*group.CreateInput) { return func(in *group.CreateInput) { in.Name = name } }
	own = w.Group("anna", named("Haven"), membersOnly)
	other = w.Group("berta", named("Værkstedet"), membersOnly)
	w.Join(own.ID, "bo", "dora")
	w.Join(other.ID, "carl", "dora")
	return w, own, other, w.DraftAt("anna", own.ID, w.Clock.Now().Add(72*time.Hour))
}

func inviteAndAccept(t *testing.T, w *ct.World, eventID, groupID string) *event.Event {
	t.Helper()
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(eventID, groupID)))(t)
	e := ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(eventID, groupID)))(t)
	w.Drain()
	return e
}

// Whoever answers for a group is told that it is asked to host an event, and whoever has asked hears the answer. Publishing
// tells the members of all groups, each once, also those who are in both.
func TestTheOtherGroupIsToldAndAnswers(t *testing.T) {
	t.Parallel()
	w, _, other, e := hosts(t)
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	wantHeard(w, event.NoticeCoHostInvited, "berta", "Haven spørger, om Værkstedet vil være medvært: "+e.Title)
	ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(e.ID, other.ID)))(t)
	wantHeard(w, event.NoticeCoHostAccepted, "anna", "Værkstedet er medvært: "+e.Title)
	wantHeard(w, event.NoticePublished, "", "")
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	w.Drain()
	for name, from := range map[string]string{"bo": "Haven", "carl": "Værkstedet", "dora": "Haven", "berta": "Værkstedet", "anna": ""} {
		got := titlesOf(w, name, event.NoticePublished)
		if from == "" && len(got) == 0 || len(got) == 1 && got[0] == from+": "+e.Title {
			continue
		}
		t.Errorf("%s is told %q", name, got)
	}
	ct.Must(w.Events.RemoveCoHost(w.As("berta"), coHost(e.ID, other.ID)))(t)
	wantHeard(w, event.NoticeCoHostEnded, "anna", "Haven: Værkstedet er ikke vært sammen med jer: "+e.Title)
}

// A group that says no, or is taken out, is told of as well.
func TestOfTheEndOfHostingTheOthersHear(t *testing.T) {
	t.Parallel()
	for what, row := range map[string]struct {
		does  func(w *ct.World, in event.CoHostInput) (*event.Event, error)
		told  string
		title string
	}{
		"declined": {func(w *ct.World, in event.CoHostInput) (*event.Event, error) {
			return w.Events.DeclineCoHosting(w.As("berta"), in)
		}, "anna", "Haven: Værkstedet er ikke vært sammen med jer: "},
		"taken back": {func(w *ct.World, in event.CoHostInput) (*event.Event, error) {
			return w.Events.RemoveCoHost(w.As("anna"), in)
		}, "berta", "Værkstedet: Haven er ikke vært sammen med jer: "},
		"removed": {func(w *ct.World, in event.CoHostInput) (*event.Event, error) {
			ct.Must(w.Events.AcceptCoHosting(w.As("berta"), in))(t)
			return w.Events.RemoveCoHost(w.As("anna"), in)
		}, "berta", "Værkstedet: Haven er ikke vært sammen med jer: "},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w, _, other, e := hosts(t)
			ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
			ct.Must(row.does(w, coHost(e.ID, other.ID)))(t)
			wantHeard(w, event.NoticeCoHostEnded, row.told, row.title+e.Title)
			for range 2 { // nothing more happens
				_, err := w.Events.RemoveCoHost(w.As("anna"), coHost(e.ID, other.ID))
				ct.WantKind(t, err, fault.KindNotFound)
			}
			wantHeard(w, event.NoticeCoHostEnded, row.told, row.title+e.Title)
		})
	}
}

// Once an event is published, a group that agrees to host it tells those of its members who were not told before.
func TestAcceptingTellsThoseWhoWereNotTold(t *testing.T) {
	t.Parallel()
	w, _, other, e := hosts(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	w.Drain()
	inviteAndAccept(t, w, e.ID, other.ID)
	for name, n := range map[string]int{"anna": 0, "berta": 0, "bo": 1, "carl": 1, "dora": 1} {
		if got := titlesOf(w, name, event.NoticePublished); len(got) != n {
			t.Errorf("%s is told %q", name, got)
		}
	}
}

// A hidden group may host an event with others, whose members never read its name.
func TestAHiddenGroupIsNotNamedToOthers(t *testing.T) {
	t.Parallel()
	w, own, other, e := hosts(t)
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: own.ID, Visibility: optional.Of(group.VisibilityHidden)}))(t)
	w.Drain()
	ct.Must(w.Events.InviteCoHost(w.As("anna"), coHost(e.ID, other.ID)))(t)
	wantHeard(w, event.NoticeCoHostInvited, "berta", "En gruppe spørger, om Værkstedet vil være medvært: "+e.Title)
	ct.Must(w.Events.AcceptCoHosting(w.As("berta"), coHost(e.ID, other.ID)))(t)
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	w.Drain()
	attend(t, w, "carl", e.ID)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.Drain()
	if got := titlesOf(w, "carl", event.NoticeCancelled); len(got) != 1 || got[0] != e.Title+" er aflyst" {
		t.Errorf("carl is told %q", got)
	}
	if len(w.Notices("carl")) == 0 {
		t.Error("carl was told nothing")
	}
	for _, n := range w.Notices("carl") {
		title, body := w.Read("carl", n)
		for _, word := range n.Words {
			if strings.Contains(title+body+word, own.Name) {
				t.Errorf("carl reads %q %q, with %q", title, body, word)
			}
		}
	}
	for _, name := range []string{"carl", "berta"} {
		if g, err := w.Groups.Get(w.As(name), own.ID); err == nil {
			t.Errorf("%s gets %s", name, g.Name)
		}
	}
}
