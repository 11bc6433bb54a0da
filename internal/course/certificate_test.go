package course_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/certificate"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// giving lets a course give certificates.
func giving(courseID string) course.UpdateInput {
	return course.UpdateInput{CourseID: courseID, RulesEdit: course.RulesEdit{GivesCertificate: optional.Of(true)}}
}

// over is a course that gives certificates, on which bo and cara have seats, and whose sessions are over.
func over(t *testing.T, sessions int) (*ct.World, context.Context, *course.Course) {
	t.Helper()
	w, staff, c := school(t, sessions)
	ct.Must(w.Courses.Update(staff, giving(c.ID)))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Clock.Advance(time.Duration(sessions)*24*time.Hour + 2*time.Hour)
	return w, staff, c
}

// kinds are those of a person's notices, sorted.
func kinds(w *ct.World, name string) (list []notify.Kind) {
	for _, n := range w.Notices(name) {
		list = append(list, n.Kind)
	}
	slices.Sort(list)
	return list
}

// Who has completed a course that gives certificates gets one, and one notice that names the skills too.
func TestCompletingACourseIssuesCertificates(t *testing.T) {
	t.Parallel()
	w, staff, c := over(t, 2)
	w.Phone("bo", "bo")
	mustRecord(staff, t, w, c.Sessions[0], "bo", "cara")
	mustRecord(staff, t, w, c.Sessions[1], "bo")
	w.Phones.Reset()
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	w.Drain()
	if got := told(w, "bo"); len(got) != 1 || !strings.Contains(got[0], "Du har fået et kursusbevis: Hjertestart") || !strings.Contains(got[0], "Du har lært: Førstehjælp") {
		t.Errorf("bo was told %q", got)
	}
	if slices.Contains(kinds(w, "bo"), course.NoticeSkillsEarned) {
		t.Error("bo was told of the skill once more")
	}
	list := ct.Must(w.Certificates.Own(w.As("bo")))(t)
	if len(list) != 1 {
		t.Fatalf("bo has %d certificates", len(list))
	}
	if got := list[0]; got.CourseID != c.ID || got.Titles.In("DA") != "Hjertestart" || len(got.Learned) != 1 || got.Attended != 2 || got.Sessions != 2 || got.Minutes != 120 ||
		!got.StartsAt.Equal(c.Sessions[0].StartsAt) || !got.EndsAt.Equal(c.Sessions[1].EndsAt) {
		t.Errorf("it says %+v", got)
	}
	if list := ct.Must(w.Certificates.Own(w.As("cara")))(t); len(list) > 0 {
		t.Error("cara has one, who attended half of it")
	}
	if all := ct.Must(w.Certificates.OfCourse(staff, c.ID, page.Args{First: 10}))(t); len(all.Edges) != 1 {
		t.Errorf("staff see %d", len(all.Edges))
	}
}

// Without keys no course that gives certificates is published, and none that is published begins to give them.
func TestWithoutKeysNoCourseGivesCertificates(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Certificates.Ring = nil
	plain := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: danish("Andet"), TimeZone: "Europe/Copenhagen", Sessions: []course.SessionInput{at(nil, "2026-05-03T14:00:00")}}))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: plain.ID}))(t)
	_, err := w.Courses.Update(staff, giving(plain.ID))
	ct.WantKey(t, err, "certificate.no_key")
	c = ct.Must(w.Courses.Update(staff, giving(c.ID)))(t) // a draft may
	_, err = w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID})
	ct.WantKey(t, err, "certificate.no_key")
	if can := w.Courses.Can(staff, c, nil, nil); slices.Contains(can, course.ActionPublish) {
		t.Errorf("staff can %v", can)
	}
}

// People who cannot be told any more get no certificate: their bookings are nobody's.
func TestWhoIsErasedGetsNoCertificate(t *testing.T) {
	t.Parallel()
	w, staff, c := over(t, 1)
	mustRecord(staff, t, w, c.Sessions[0], "bo", "cara")
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Hour)
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	var of []string
	for _, e := range ct.Must(w.Certificates.OfCourse(staff, c.ID, page.Args{First: 10}))(t).Edges {
		if e.Node.State() != certificate.StateValid {
			t.Errorf("it is %s", e.Node.State())
		}
		of = append(of, *e.Node.HolderName())
	}
	if !slices.Equal(of, []string{"cara"}) {
		t.Errorf("certificates of %q", of)
	}
}

// After a completion is undone no certificate of it is valid, also where one was issued anew: the old one leads to the new one, which is revoked.
func TestUndoingACompletionRevokesAlsoWhatWasIssuedAnew(t *testing.T) {
	t.Parallel()
	w, staff, c := over(t, 1)
	mustRecord(staff, t, w, c.Sessions[0], "bo", "cara")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	first := ct.Must(w.Certificates.Own(w.As("bo")))(t)[0]
	ct.Must(w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: first.ID, HolderName: "Bo Bosen"}))(t)
	w.RunPending()
	ct.Must(w.Courses.UndoCompletion(staff, course.UndoCompletionInput{CourseID: c.ID, Reason: "Forkert liste."}))(t)
	w.RunPending()
	want := map[certificate.State]int{certificate.StateReplaced: 1, certificate.StateRevoked: 2}
	got := map[certificate.State]int{}
	for _, e := range ct.Must(w.Certificates.OfCourse(staff, c.ID, page.Args{First: 10}))(t).Edges {
		v := ct.Must(w.Certificates.Verify(t.Context(), e.Node.Code))(t)
		if got[v.State]++; v.IsValid() || v.State == certificate.StateRevoked && !strings.Contains(*e.Node.RevokedReason, "Forkert liste.") {
			t.Errorf("%s is %s", *e.Node.HolderName(), v.State)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("they are %v, want %v", got, want)
	}
}
