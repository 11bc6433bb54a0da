package site_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
)

// The list of a course says who was at which session. Staff and teachers read it, each look is in the audit trail, and only staff
// read how to reach people without an account. What people wrote is no formula.
func TestTheListOfACourseForSpreadsheets(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	w.Person("tove")
	in := course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: "Hjertestart"}}, TimeZone: clock.Copenhagen, TeacherIDs: []string{ct.PersonID("tove")},
		SignUp: &booking.TermsInput{Questions: []booking.QuestionInput{{Text: "Allergier?", Kind: booking.QuestionText}}}}
	for i := range 2 {
		start := w.Clock.Now().Add(time.Duration(i+1) * 24 * time.Hour)
		in.Sessions = append(in.Sessions, course.SessionInput{StartsAt: clock.LocalOf(start, clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)})
	}
	c := ct.Must(w.Courses.Create(staff, in))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.RunPending()
	asked := c.Asked.Questions
	ct.Must(w.Courses.Enrol(w.As("bo"), course.EnrolInput{CourseID: c.ID, Answers: []booking.AnswerInput{{QuestionID: asked[0].ID, Text: new("=1+1")}}}))(t)
	ct.Must(w.Courses.Enrol(w.As("cara"), course.EnrolInput{CourseID: c.ID}))(t)
	name, contact := "@Øse", "+45 12 34 56 78"
	ct.Must(w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &name, Contact: &contact}))(t)
	w.RunPending()
	ct.Must(w.Courses.Decline(w.As("cara"), course.DeclineInput{SessionID: c.Sessions[1].ID}))(t)
	w.Clock.Advance(25 * time.Hour)
	ct.Must(w.Courses.Record(w.As("tove"), course.RecordInput{SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("bo")}}))(t)
	w.RunPending()
	h, path := pages(w), "/courses/"+c.ID+"/enrolments"
	got := get(w.As("tove"), h, path+".csv")
	body := got.Body.String()
	if got.Code != http.StatusOK || got.Header().Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	for _, want := range []string{"\ufeffNavn;Status;Kontakt;", ";Allergier?\r\n", ";Ja;;'=1+1\r\n", ";Nej;Afbud;\r\n", "'@Øse;Tilmeldt;;"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	if body := get(staff, h, path+".csv").Body.String(); !strings.Contains(body, ";'+45 12 34 56 78;") {
		t.Errorf("staff do not read the contact in\n%s", body)
	}
	for _, who := range []string{"bo", "eva"} {
		if got := get(w.As(who), h, path+".csv"); got.Code != http.StatusNotFound {
			t.Errorf("%s gets %d", who, got.Code)
		}
	}
	if got := get(w.As("tove"), h, path); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "<h1>Hjertestart</h1>") || !strings.Contains(got.Body.String(), "=1&#43;1") {
		t.Errorf("the page: %d\n%s", got.Code, got.Body.String())
	}
	link := w.CheckIns.Links(w.As("tove"), c.ID)
	if got := get(t.Context(), h, strings.TrimPrefix(link.CSVURL, ct.PublicURL)); got.Code != http.StatusOK {
		t.Errorf("by the address: %d", got.Code)
	}
	if got := get(t.Context(), h, "/occurrences/"+c.ID+"/attendances.csv"+link.CSVURL[strings.Index(link.CSVURL, "?"):]); got.Code != http.StatusNotFound {
		t.Errorf("by the address of a date: %d", got.Code)
	}
	entries := ct.Must(w.Audit.Of(t.Context(), c.ID))(t)
	reads := 0
	for _, e := range entries {
		if e.Action == "readAttendanceList" {
			reads++
		}
	}
	if reads != 4 {
		t.Errorf("%d looks are in the audit trail, want 4", reads)
	}
}
