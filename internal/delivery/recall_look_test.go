package delivery_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// What is no longer so goes away from the phones of all who were told: soon, by whichever way it came to be so.
func TestWhatIsNoLongerSoGoesAway(t *testing.T) {
	t.Parallel()
	reason := "Køkkenet er oversvømmet."
	for name, row := range map[string]struct {
		end  func(w *ct.World, e *event.Event)
		wait time.Duration
	}{
		"cancelled": {func(w *ct.World, e *event.Event) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID, Reason: &reason}))(w.T)
		}, 0},
		"cancelled, which nobody reports": {func(w *ct.World, e *event.Event) {
			ct.Must(w.DB.Collection("events").UpdateOne(w.T.Context(), map[string]any{"_id": e.ID}, map[string]any{"$set": map[string]any{"state": "CANCELLED"}}))(w.T)
		}, 2 * time.Minute},
		"begun": {func(*ct.World, *event.Event) {}, 25 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := family(t)
			w.Join(g, "cara")
			w.Phone("cara", "caras")
			e := w.PublishedEvent("anna", g, nil)
			w.Drain()
			row.end(w, e)
			passes(w, row.wait)
			passes(w, afterRecall)
			for phone, person := range map[string]string{"android": "bo", "web": "bo", "caras": "cara"} {
				if all := removalsTo(w, phone); len(all) == 0 || !slices.Contains(all[0], push.CollapseID(publishedNotice(person, e))) {
					t.Errorf("%s took off %v", phone, all)
				}
			}
			before := len(w.Phones.Removals())
			passes(w, time.Hour)
			passes(w, 5*24*time.Hour)
			passes(w, afterRecall)
			for _, p := range w.Phones.Removals()[before:] {
				if slices.Contains(p.Removes, push.CollapseID(publishedNotice("bo", e))) {
					t.Errorf("%s took it off once more", p.Device)
				}
			}
			for _, j := range w.Jobs(event.NoticePublished) {
				if looked := ct.All[map[string]any](w, "notify_jobs", map[string]any{"_id": j.Key}); len(looked) > 0 && looked[0]["lookAt"] != nil {
					t.Errorf("it is still looked at: %v", looked[0]["lookAt"])
				}
			}
		})
	}
}

// An iPhone says silently how it stands with what is no longer so, in place of what it said, once, and without a background
// push; when that is read, it goes too.
func TestAnIPhoneSaysHowItStands(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	e := w.PublishedEvent("anna", g, nil)
	w.Drain()
	noticeID := publishedNotice("bo", e)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	passes(w, 0)
	passes(w, afterRecall)
	passes(w, time.Hour)
	var said []fcmsim.Push
	for _, p := range w.Phones.Pushes() {
		if p.Device == "iphone" && p.Tag == push.CollapseID(noticeID) {
			said = append(said, p)
		}
	}
	if len(said) != 2 || said[1].Title != said[0].Title || said[1].Body != "Det er aflyst." || said[1].Sound != "" || said[1].Level != "passive" || len(said[1].Actions) > 0 {
		t.Fatalf("the iPhone said %+v", said)
	}
	wantRemoved(w, "iphone")
	wantRemoved(w, "web", tagsOf(noticeID))
	lines := ct.All[inbox.Handover](w, "notice_ledger", map[string]any{"personId": ct.PersonID("bo"), "purpose": "REPLACE"})
	if len(lines) != 1 || lines[0].NoticeID != noticeID || lines[0].Platform != "IOS" {
		t.Errorf("the ledger has %+v", lines)
	}
	var words []string
	for _, line := range ct.Must(w.Ledger.Own(w.As("bo"), e.ID))(t) {
		words = append(words, line.Text(w.As("bo")))
	}
	if !slices.Contains(words, "Fjernet fra telefonens skærm.") || !slices.Contains(words, "Telefonen viser nu lydløst, hvordan det står til.") {
		t.Errorf("bo reads in the ledger %q", words)
	}
	read(w, "bo", noticeID)
	passes(w, afterRecall)
	wantRemoved(w, "iphone", tagsOf(noticeID))
}

// A seat that was offered is taken, and a request to join is answered by one of two leaders: what asked for it goes away.
func TestWhatIsAnsweredGoesAway(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.JoinPolicy = group.JoinAsk })
	w.Phone("anna", "annas")
	w.Join(g.ID, "bo")
	w.Drain()
	ct.Must(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
	w.Drain()
	passes(w, afterRecall)
	if n := len(removalsTo(w, "annas")); n != 1 {
		t.Errorf("the leader's phone took off %d", n)
	}
}

// News that stands is looked at seldom, and what is looked at writes nothing about people.
func TestNewsThatIsSoStays(t *testing.T) {
	t.Parallel()
	w, g := family(t)
	w.PublishedAt("anna", g, w.Clock.Now().Add(10*24*time.Hour), nil)
	for range 5 {
		passes(w, 20*time.Hour)
	}
	wantRemoved(w, "android")
	if left := ct.All[map[string]any](w, "push_recalls", nil); len(left) > 0 {
		t.Errorf("asked for: %v", left)
	}
}
