package site_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// listed is a date of tomorrow with somebody who has signed up, and somebody without an account whose name is a formula.
func listed(t *testing.T) (*ct.World, http.Handler, string) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	w.MustAttend("bo", e.ID, 2)
	date, name, contact := ct.DateOf(e.ID), `=HYPERLINK("http://x";"Øse")`, "+45 12 34 56 78"
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), booking.HandInput{OccurrenceID: &date, GuestName: &name, Contact: &contact}))(t)
	w.RunPending()
	return w, pages(w), "/occurrences/" + date + "/attendances"
}

func TestTheListOfADateForSpreadsheets(t *testing.T) {
	t.Parallel()
	w, h, path := listed(t)
	got := get(w.As("anna"), h, path+".csv")
	body := got.Body.String()
	if got.Code != http.StatusOK || got.Header().Get("Cache-Control") != "no-store" || got.Header().Get("ETag") != "" || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/csv") ||
		!strings.Contains(got.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	for _, want := range []string{"\ufeffNavn;Gæster;", "\r\n", `"'=HYPERLINK(""http://x"";""Øse"")";0;`, ";'+45 12 34 56 78", ";2;"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	entries := ct.Must(w.Audit.Of(t.Context(), strings.Split(path, "/")[2]))(t)
	if len(entries) != 1 || entries[0].Action != "readAttendanceList" || entries[0].Actor != ct.PersonID("anna") {
		t.Errorf("the audit trail has %+v", entries)
	}
}

// Two questions with the same words have a column each, and no answer takes the place of another.
func TestTheListHasEachQuestion(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna").ID, nil).ID
	q := booking.QuestionInput{Text: "Allergier?", Kind: booking.QuestionText}
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, SignUp: optional.Of(booking.TermsInput{Questions: []booking.QuestionInput{q, q}})}))(t)
	asked := w.Bookable(ct.DateOf(e)).SignUp().Questions
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: ct.DateOf(e), Answers: []booking.AnswerInput{
		{QuestionID: asked[0].ID, Text: new("Nødder")}, {QuestionID: asked[1].ID, Text: new("Mælk")}}}))(t)
	w.RunPending()
	body := get(w.As("anna"), pages(w), "/occurrences/"+ct.DateOf(e)+"/attendances.csv").Body.String()
	if !strings.Contains(body, ";Allergier?;Allergier?\r\n") || !strings.Contains(body, ";Nødder;Mælk\r\n") {
		t.Errorf("the list\n%s", body)
	}
}

func TestTheListOfADatePrints(t *testing.T) {
	t.Parallel()
	w, h, path := listed(t)
	got := get(w.As("anna"), h, path)
	body := got.Body.String()
	for _, want := range []string{`<html lang="da">`, "<h1>Fællesspisning</h1>", "=HYPERLINK(&#34;http://x&#34;;&#34;Øse&#34;)", "@media print", "Pladser i alt: 4"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, body)
		}
	}
	if got.Header().Get("Cache-Control") != "no-store" || strings.Contains(body, "<script") || !strings.Contains(got.Header().Get("Content-Security-Policy"), "style-src 'sha256-") {
		t.Errorf("%v", got.Header())
	}
}

// Nobody else reads the list, and all who do not hear the same.
func TestTheListIsForOrganisersOnly(t *testing.T) {
	t.Parallel()
	w, h, path := listed(t)
	missing := get(w.As("anna"), h, "/occurrences/"+ct.DateOf("evt_00000000000000000000000000")+"/attendances")
	for _, name := range []string{"bo", "cara"} {
		if got := get(w.As(name), h, path); got.Code != http.StatusNotFound || got.Body.String() != missing.Body.String() {
			t.Errorf("%s gets %d", name, got.Code)
		}
	}
	if got := get(t.Context(), h, path+".csv"); got.Code != http.StatusNotFound {
		t.Errorf("nobody gets %d", got.Code)
	}
}

// An address opens the list for ten minutes, for as long as its person decides who comes.
func TestTheAddressOfAList(t *testing.T) {
	t.Parallel()
	w, h, path := listed(t)
	dateID := strings.Split(path, "/")[2]
	links := w.CheckIns.Links(w.As("anna"), dateID)
	csv := strings.TrimPrefix(links.CSVURL, ct.PublicURL)
	if got := get(t.Context(), h, csv); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Øse") {
		t.Errorf("the address gives %d", got.Code)
	}
	if got := get(t.Context(), h, strings.TrimPrefix(links.PageURL, ct.PublicURL)); got.Code != http.StatusOK {
		t.Errorf("the page gives %d", got.Code)
	}
	last := csv[len(csv)-1:]
	forged := csv[:len(csv)-1] + map[bool]string{true: "b", false: "a"}[last == "a"]
	others := strings.TrimPrefix(w.CheckIns.Links(w.As("bo"), dateID).CSVURL, ct.PublicURL)
	for name, bad := range map[string]string{"forged": forged, "of somebody who is no organiser": others, "cut": csv[:len(csv)-3], "of nothing": path + "?link=a.b.c"} {
		if got := get(t.Context(), h, bad); got.Code != http.StatusNotFound {
			t.Errorf("an address that is %s gives %d", name, got.Code)
		}
	}
	if !links.ExpiresAt.Equal(w.DB.Now().Add(10 * time.Minute).Truncate(time.Second)) {
		t.Errorf("until %v", clock.LocalOf(links.ExpiresAt, clock.Copenhagen))
	}
	w.Clock.Advance(10 * time.Minute)
	if got := get(t.Context(), h, csv); got.Code != http.StatusNotFound {
		t.Errorf("an old address gives %d", got.Code)
	}
}
