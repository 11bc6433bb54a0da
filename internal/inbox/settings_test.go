package inbox_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/announcement"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

func TestSettingsAreTheDefaultsUntilTheyAreChanged(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	s := ct.Must(w.Settings.Get(bo))(t)
	if q := s.QuietHours(); q == nil || q.From != "21:00" || q.Until != "08:00" || s.PushesADay() != 3 || s.SummaryAt() != "18:00" ||
		s.TimeZone() != clock.Copenhagen || s.Reminders() != nil || !s.PushEnabled() || s.Version != 0 {
		t.Errorf("the defaults are %+v", s)
	}
	pushes, london, five, one := 7, clock.Zone("Europe/London"), clock.Daily("17:00"), 1
	summary := notify.Summary
	ct.Must(w.Settings.Update(bo, inbox.UpdateSettingsInput{PushesADay: optional.Of(pushes), TimeZone: optional.Of(london), SummaryTime: optional.Of(five),
		QuietHours: optional.Of(notify.QuietHours{From: "06:00", Until: "06:00"}), Reminders: optional.Of(inbox.RemindersInput{Offsets: optional.ListOf[notify.ReminderOffset]()}),
		Kinds: optional.ListOf(inbox.KindInput{Kind: course.NoticePublished, Channel: optional.Of(summary)})}))(t)
	s = ct.Must(w.Settings.Update(bo, inbox.UpdateSettingsInput{ExpectedVersion: &one, PushEnabled: optional.Of(false)}))(t)
	if s.QuietHours() != nil || s.PushesADay() != 7 || s.TimeZone() != london || s.SummaryAt() != five || s.Reminders() == nil ||
		len(s.Reminders()) != 0 || s.PushEnabled() || s.Version != 2 {
		t.Errorf("changed to %+v", s)
	}
	i := slices.IndexFunc(w.Settings.KindSettings(s), func(k *notify.KindSetting) bool { return k.Kind == course.NoticePublished })
	want := &notify.KindSetting{PersonID: ct.PersonID("bo"), Kind: course.NoticePublished, Family: notify.FamilyCourses, Channel: notify.Summary,
		DefaultChannel: notify.Push}
	if diff := cmp.Diff(want, w.Settings.KindSettings(s)[i]); diff != "" {
		t.Error(diff)
	}
	s = ct.Must(w.Settings.Update(bo, inbox.UpdateSettingsInput{Kinds: optional.ListOf(inbox.KindInput{Kind: course.NoticePublished, Channel: optional.Null[notify.Channel]()}),
		Reminders: optional.Null[inbox.RemindersInput]()}))(t)
	if w.Settings.KindSettings(s)[i].Channel != notify.Push || s.Reminders() != nil {
		t.Errorf("back to the defaults: %+v", s)
	}
	_, err := w.Settings.Update(bo, inbox.UpdateSettingsInput{ExpectedVersion: &one})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("an old version: %v", err)
	}
	if other := ct.Must(w.Settings.Get(w.As("cara")))(t); other.Version != 0 {
		t.Errorf("cara has bo's settings: %+v", other)
	}
}

// Somebody whose settings cannot be read still reads their notices, by the usual clock.
func TestAReaderWhoseSettingsCannotBeReadHasTheUsualClock(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := ct.PersonID("bo")
	ct.Must(w.Settings.Update(w.As("bo"), inbox.UpdateSettingsInput{TimeZone: optional.Of(clock.Zone("America/New_York"))}))(t)
	if r := ct.Must(w.Inbox.Readers(w.As("bo"), []string{bo}))(t)[bo]; r.Zone != "America/New_York" {
		t.Errorf("bo's own clock is %q", r.Zone)
	}
	gone, cancel := context.WithCancel(w.As("bo"))
	cancel()
	if r := ct.Must(w.Inbox.Readers(gone, []string{bo}))(t)[bo]; r.Zone != clock.Copenhagen || r.Language != i18n.Danish {
		t.Errorf("without settings: %+v", r)
	}
}

// Two changes at once are both kept.
func TestTwoMutesAtOnceAreBothKept(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	first, second := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
	other := w.Again()
	m.Before("insert", "notify_settings", func() {
		ct.Must(other.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: second.ID}))(t)
	})
	s := ct.Must(w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: first.ID}))(t)
	if got := s.ThreadIDs(); !slices.Contains(got, first.ID) || !slices.Contains(got, second.ID) {
		t.Errorf("muted are %v", got)
	}
}

func TestAMutedThreadIsSilentAndAnotherIsNot(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	e, other := later(w, g), later(w, g)
	for _, name := range []string{"bo", "cara"} {
		ct.Must(w.Attend(name, e.ID, 0))(t)
		ct.Must(w.Attend(name, other.ID, 0))(t)
	}
	work(w)
	w.Phones.Reset()
	ct.Must(w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: e.ID}))(t)
	for _, id := range []string{e.ID, other.ID} {
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: id}))(t)
	}
	work(w)
	wantPushed(t, w, "bo", "cara", "cara")
	ct.Must(w.Settings.UnmuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: e.ID}))(t)
	if s := ct.Must(w.Settings.Get(w.As("bo")))(t); len(s.ThreadIDs()) != 0 {
		t.Errorf("still muted: %v", s.ThreadIDs())
	}
	_, err := w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: g.ID})
	ct.WantKind(t, err, fault.KindInvalid)
}

// Every reason has one action that stops it, and afterwards nothing is pushed for that
// reason.
func TestStoppingAReasonStopsIt(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		cause  func(w *ct.World, groupID string, n int) notify.Cause
		reason notify.ReasonKind
	}{
		"member of the group": {func(_ *ct.World, groupID string, n int) notify.Cause {
			return notify.Cause{Key: notify.Key(groupID, "news", string(rune('a'+n))), Kind: announcement.NoticeToGroup, Subject: groupID, GroupID: groupID,
				Audiences: []notify.AudienceOf{{Kind: group.AudienceMembers, IDs: []string{groupID}}}, Data: map[string]string{"Title": "t", "Text": "x", "Group": "Haven"}}
		}, notify.ReasonGroupMember},
		"asked": {func(_ *ct.World, groupID string, n int) notify.Cause {
			return notify.Cause{Key: notify.Key(groupID, "news", string(rune('a'+n))), Kind: group.NoticeJoinAnswered, Subject: groupID,
				Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}}}, Data: map[string]string{"Group": "Haven"}}
		}, notify.ReasonAsked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo")
			w.Enqueue(row.cause(w, g.ID, 0))
			work(w)
			n := w.Notices("bo")[0]
			reason := n.Why()[0]
			if reason.Key() == "" || reason.StopText(w.As("bo")) == reason.Text(w.As("bo")) {
				t.Errorf("the reason %q is stopped by %q", reason.Text(w.As("bo")), reason.StopText(w.As("bo")))
			}
			_, err := w.Settings.StopReason(w.As("anna"), inbox.StopReasonInput{NoticeID: n.ID, ReasonKey: reason.Key()})
			ct.WantKind(t, err, fault.KindNotFound)
			ct.Must(w.Settings.StopReason(w.As("bo"), inbox.StopReasonInput{NoticeID: n.ID, ReasonKey: reason.Key()}))(t)
			w.Phones.Reset()
			w.Enqueue(row.cause(w, g.ID, 1))
			work(w)
			for _, p := range w.Phones.Pushes() {
				if p.Device == "bo" {
					t.Errorf("bo was pushed %+v", p)
				}
			}
			if len(w.Notices("bo")) != 2 {
				t.Errorf("the inbox has %d notices", len(w.Notices("bo")))
			}
			if row.reason == notify.ReasonAsked {
				s := ct.Must(w.Settings.ResumeReason(w.As("bo"), inbox.ResumeReasonInput{ReasonKey: reason.Key()}))(t)
				if len(s.StoppedReasons(nil)) != 0 {
					t.Errorf("still stopped: %v", s.StoppedReasons(nil))
				}
				w.Enqueue(row.cause(w, g.ID, 2))
				work(w)
				wantPushed(t, w, "bo")
			}
		})
	}
}
