package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
)

// TestWalkThroughACertificate follows "From a wish to a certificate that others check" in the README: a resident wishes for a
// course, staff answer with one, the resident attends it, and somebody without an account checks the certificate.
func TestWalkThroughACertificate(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.must("resident-3", `mutation { wishForCourse(input: {text: "Reparation af cykler"}) { wish { state } } }`, nil)
	wishes := h.must("staff-1", `{ wishes { wishId text count } }`, nil)
	if wishes.text("wishes", 0, "text") != "Reparation af cykler" || wishes.at("wishes", 0, "count") != float64(1) {
		t.Fatalf("staff see %+v", wishes.Data)
	}
	bikes, evening := h.bikeCourse()
	answered := h.must("staff-1", `mutation($w: ID!, $c: ID!) { answerWish(input: {wishIds: [$w], courseId: $c}) { count } }`, vars{"w": wishes.text("wishes", 0, "wishId"), "c": bikes})
	if answered.at("answerWish", "count") != float64(1) {
		t.Errorf("answered: %+v", answered.Data)
	}
	h.must("staff-1", `mutation($c: ID!) { publishCourse(input: {courseId: $c}) { course { state } } }`, vars{"c": bikes})
	h.waitForNotice("resident-3", bikes)
	h.must("resident-3", `mutation($c: ID!) { enrolInCourse(input: {courseId: $c}) { outcome { __typename } } }`, vars{"c": bikes})
	h.putForward(2 * time.Minute)
	h.must("staff-1", `mutation($s: ID!, $p: ID!) { recordCourseAttendance(input: {sessionId: $s, personIds: [$p]}) { course { id } } }`, vars{"s": evening, "p": h.personID("resident-3")})
	h.must("staff-1", `mutation($c: ID!) { completeCourse(input: {courseId: $c}) { course { state } } }`, vars{"c": bikes})
	h.waitForPush("demo-phone-resident-3", "Du har fået et kursusbevis: Lap din cykel")
	h.settled()
	mine := h.must("resident-3", `{ viewer { certificates { course { title } skills { name } issuedAt url } courseWishes { text state } } }`, nil)
	if mine.text("viewer", "certificates", 0, "course", "title") != "Lap din cykel" || mine.text("viewer", "certificates", 0, "skills", 0, "name") != "Cykelreparation" ||
		mine.text("viewer", "courseWishes", 0, "state") != "FULFILLED" {
		t.Fatalf("the resident has %+v", mine.Data)
	}
	h.checkCertificate(mine.text("viewer", "certificates", 0, "url"))
}

// bikeCourse is a draft of a course that gives certificates, which begins in a minute and lasts a minute, and its session.
func (h *harness) bikeCourse() (courseID, sessionID string) {
	h.t.Helper()
	skill := h.must("staff-1", `mutation { createSkill(input: {name: [{language: DA, text: "Cykelreparation"}]}) { skill { id } } }`, nil).text("createSkill", "skill", "id")
	in := func(d time.Duration) clock.Local { return clock.LocalOf(h.app.DB.Now().Add(d), clock.Copenhagen) }
	made := h.must("staff-1", `mutation($s: ID!, $from: LocalDateTime!, $until: LocalDateTime!) { createCourse(input: {title: [{language: DA, text: "Lap din cykel"}], skillIds: [$s],
		sessions: [{startsAt: $from, endsAt: $until}], givesCertificate: true}) { course { id sessions { id } } } }`,
		vars{"s": skill, "from": in(time.Minute), "until": in(2 * time.Minute)})
	return made.text("createCourse", "course", "id"), made.text("createCourse", "course", "sessions", 0, "id")
}

// checkCertificate checks a certificate of resident-3 as those do who only have its address.
func (h *harness) checkCertificate(url string) {
	h.t.Helper()
	checked := h.must("", `query($c: String!) { verifyCertificate(code: $c) { isValid holderName course skills } }`, vars{"c": url})
	if checked.at("verifyCertificate", "isValid") != true || checked.text("verifyCertificate", "holderName") != "Demo-beboer 3" || checked.text("verifyCertificate", "skills", 0) != "Cykelreparation" {
		h.t.Errorf("checked: %+v", checked.Data)
	}
	for accept, want := range map[string]string{"text/html": `<p class="name">Demo-beboer 3</p>`, "application/vc+jwt": "ey"} {
		req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, url, nil)
		if err != nil {
			h.t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			h.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || res.Header.Get("Content-Type") != accept && res.Header.Get("Content-Type") != accept+"; charset=utf-8" || !strings.Contains(string(body), want) {
			h.t.Errorf("%s: %d %v %s (%v)", accept, res.StatusCode, res.Header, body, err)
		}
	}
}
