package announcement_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/announcement"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

// reportFor is the report of an announcement as somebody sees it; nil if they do not.
func reportFor(w *ct.World, name string, a *announcement.Announcement) (*notify.Report, error) {
	key, err := w.Announcements.ReportKey(w.As(name), a)
	if err != nil || key == "" {
		return nil, err
	}
	found, err := w.Notifier.Reports(w.As(name), []string{key})
	return a.Reported(key, found[key]), err
}

// approvalReportFor is how the question has come to those who may approve, as somebody sees it; nil if they do not.
func approvalReportFor(w *ct.World, name string, a *announcement.Announcement) (*notify.Report, error) {
	keys, err := w.Announcements.ApprovalKeys(w.As(name), a)
	if err != nil {
		return nil, err
	}
	found, err := w.Notifier.Reports(w.As(name), keys)
	list := make([]*notify.Report, len(keys))
	for i, key := range keys {
		list[i] = found[key]
	}
	return announcement.Asked(list), err
}

// The author of an announcement learns why it was stopped, in one word that names nobody.
func TestTheReportSaysWhyItWasStopped(t *testing.T) {
	t.Parallel()
	for want, answers := range map[notify.StopReason]func(w *ct.World, a *announcement.Announcement){
		notify.StopTooManyBadDevices: func(w *ct.World, _ *announcement.Announcement) {
			w.Phones.ScriptAll(fcmsim.InvalidDevice())
		},
		notify.StopBadMessage: func(w *ct.World, _ *announcement.Announcement) {
			w.Phones.ScriptAll(fcmsim.InvalidPayload())
		},
		notify.StopByPerson: func(w *ct.World, a *announcement.Announcement) {
			ct.Must(w.Announcements.Stop(w.As("anna"), announcement.DecideInput{AnnouncementID: a.ID}))(w.T)
		},
		"": func(*ct.World, *announcement.Announcement) {},
	} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			people := 12
			if want == notify.StopTooManyBadDevices {
				people = 520 // makes two chunks, since one alone does not stop it
			}
			g, _ := w.Crowd(people)
			a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
			answers(w, a)
			w.Drain()
			a = ct.Must(w.Announcements.ByIDs(w.As("anna"), []string{a.ID}))(t)[a.ID]
			r := ct.Must(reportFor(w, "anna", a))(t)
			if got := r.Stopped(); want == "" && got != nil || want != "" && (got == nil || *got != want) {
				t.Errorf("it was stopped because of %q, want %q: %+v", r.StoppedBecause, want, r)
			}
			da, en := r.StoppedText(w.As("anna")), r.StoppedText(w.As("eva-en"))
			if want == "" && (da != nil || en != nil) || want != "" && (da == nil || en == nil || *da == *en) {
				t.Errorf("they read %v and %v", da, en)
			}
		})
	}
}

// If an announcement is stopped before its cause reaches the notifier, its report says that
// it is not on its way.
func TestAStopThatComesBeforeTheCause(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, _ := w.Crowd(1)
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	if err := w.DB.Collection("notify_jobs").Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	a = ct.Must(w.Announcements.Stop(w.As("anna"), announcement.DecideInput{AnnouncementID: a.ID}))(t)
	r := ct.Must(reportFor(w, "anna", a))(t)
	if r.IsRunning() || r.StoppedBecause != notify.StopByPerson {
		t.Errorf("the report says %+v", r)
	}
}

// The counts of a report add up: in the end each device is delivered, gone or failed, however
// often it was tried.
func TestTheReportCountsDevicesApartFromAnswers(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, _ := w.Crowd(12)
	w.Phones.Script("crowd-000000", fcmsim.Internal().Once())
	w.Phones.Script("crowd-000001", fcmsim.Internal())
	w.Phones.Script("crowd-000002", fcmsim.Unregistered())
	a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
	w.Drain()
	r := ct.Must(reportFor(w, "anna", a))(t)
	if !r.IsRunning() || r.Waiting != 12 || r.Delivered() != 9 || r.Gone != 1 || r.Failed != 0 || r.HandedOver() != 10 {
		t.Errorf("on its way, the report says %+v", r)
	}
	for range 5 {
		w.Clock.Advance(time.Hour)
		w.Drain()
	}
	r = ct.Must(reportFor(w, "anna", a))(t)
	if r.IsRunning() || r.Waiting != 0 || r.Expanded() != 12 || r.Delivered() != 10 || r.Gone != 1 || r.Failed != 1 || r.HandedOver() != 12 {
		t.Errorf("in the end, the report says %+v", r)
	}
	if f := r.Failures(); len(f) != 2 || f[0] != (notify.AnswerCount{Answer: "INTERNAL", Count: 7}) || f[1].Count != 1 {
		t.Errorf("Firebase's other answers: %+v", f)
	}
}

// An announcement that has reached everybody cannot be stopped any more, and nobody is offered to.
// While pushes wait for the morning, it can.
func TestAnAnnouncementThatIsDeliveredIsNotStopped(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		after func(w *ct.World)
		want  bool
	}{
		"not known to the notifier yet": {func(w *ct.World) {
			if err := w.DB.Collection("notify_jobs").Drop(w.T.Context()); err != nil {
				w.T.Fatal(err)
			}
		}, true},
		"on its way":           {func(*ct.World) {}, true},
		"delivered":            {func(w *ct.World) { w.Drain() }, false},
		"held until morning":   {func(w *ct.World) { w.Clock.Advance(11 * time.Hour); w.Drain() }, true},
		"long since delivered": {func(w *ct.World) { w.Drain(); w.Clock.Advance(8 * 24 * time.Hour); w.Fire() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Join(g.ID, "bo")
			w.Phone("bo", "bo")
			a := ct.Must(w.Announcements.ToGroup(w.As("anna"), said(g.ID)))(t)
			row.after(w)
			anna := w.As("anna")
			can := ct.Must(w.Announcements.Can(anna, ct.Must(w.Announcements.ByIDs(anna, []string{a.ID}))(t)[a.ID]))(t)
			_, err := w.Announcements.Stop(anna, announcement.DecideInput{AnnouncementID: a.ID})
			if slices.Contains(can, announcement.ActionStop) != row.want || (err == nil) != row.want {
				t.Errorf("can %v, and the stop ends in %v", can, err)
			}
			if !row.want {
				ct.WantKey(t, err, "announcement.state")
			}
		})
	}
}
