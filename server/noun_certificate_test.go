package main

import (
	"fmt"
	"strings"
	"sync"

	"faellesskab/internal/keyring"
)

// certificateNoun has the rows of certificates.
func certificateNoun() noun {
	return noun{
		name: "certificate", access: certificateAccess, crash: certificateCrash, world: (*accessWorld).makeCertificates, badInputs: certificateBadInputs,
		secrets: []string{"certificate"}, invariants: []invariant{crashState.checkCertificates},
		nudges: map[string]nudge{
			"Certificate": {"certificates", vars{"holder": "Nyt"}, "holderName", "Nyt"},
		},
		nothingToShow: map[string]string{"setCertificateName": "it answers with the viewer's name on certificates, and with no object"},
		notices: []noticeCase{
			{"CERTIFICATE_ISSUED", "resident", func(r *crashRig) { r.certified("resident") }},
			{"CERTIFICATE_REVOKED", "resident", func(r *crashRig) {
				r.arrange("staff", "revokeCertificate", vars{"certificateId": r.certified("resident"), "reason": "En fejl"}, "certificate { id }")
			}},
		},
		can: func() map[string]canType { return map[string]canType{"Certificate": canCertificate()} },
		lists: map[string]pagedList{
			"Course.certificates": {"staff-1", `course(id: $certifiedCourse) { %s }`, `list: certificates(%s)`, 3},
		},
		pages: (*pagesWorld).certificates,
		neverNull: map[string]string{
			"Certificate.skills":    "what is gone is left out",
			"Certificate.url":       "it follows from the certificate at hand",
			"Certificate.viewerCan": "a rule on the certificate at hand and the viewer",
		},
		stored: map[string]enums{"certificates": {"title.language": "Language", "learned.name.language": "Language"}, "certificate_names": {}},
		questions: map[string]string{
			"certificates: code=":                    "the certificate of a code, of which there is one",
			"certificates: personId= | issuedAt _id": "somebody's certificates, the newest first",
			"certificates: courseId= | issuedAt _id": "the certificates of a course, the newest first",
		},
	}
}

var certificateAccess = []accessCall{
	asks("verifyCertificate", `verifyCertificate(code: "abc") { isValid state }`, ""),
	asks("node of a certificate", `node(id: $certificate) { id }`, ""),
	asks("node of a course: certificates", `node(id: $certifiedCourse) { ... on Course { certificates { edges { node { id } } } } }`, ""),
	does("revokeCertificate", `revokeCertificate(input: {certificateId: $certificate, reason: "En fejl"}) { certificate { id } }`),
	does("reissueCertificate", `reissueCertificate(input: {certificateId: $certificate, holderName: "Bo"}) { certificate { holderName } }`),
	does("setCertificateName", `setCertificateName(input: {name: "Bo Bo"}) { certificateName }`),
}

func (w *accessWorld) makeCertificates() {
	made := w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus med bevis"}], givesCertificate: true,
		sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id sessions { id } } }`)
	w.ids["certifiedCourse"], w.ids["certifiedSession"] = made.text("createCourse", "course", "id"), made.text("createCourse", "course", "sessions", 0, "id")
	w.send("staff-1", `publishCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
	w.send("resident-1", `enrolInCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
	if err := w.app.Courses.Backdate(w.t.Context(), w.ids["certifiedCourse"], 20*365); err != nil {
		w.t.Fatal(err)
	}
	w.send("staff-1", `recordCourseAttendance(input: {sessionId: $certifiedSession, personIds: [$member]}) { course { id } }`)
	w.send("staff-1", `completeCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
	w.ids["certificate"] = w.must("staff-1", `query ($id: ID!) { course(id: $id) { certificates { edges { node { id } } } } }`, vars{"id": w.ids["certifiedCourse"]}).
		text("course", "certificates", "edges", 0, "node", "id")
}

func (w *pagesWorld) certificates() {
	w.ids["certifiedCourse"] = w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus med bevis"}], givesCertificate: true,
		sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`, "createCourse", "course", "id")
	w.send("staff-1", `publishCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
	var people []string
	for _, p := range []string{"leader-1", "builder-1", "politician-1"} {
		w.send(p, `enrolInCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
		people = append(people, `"`+w.personID(p)+`"`)
	}
	if err := w.app.Courses.Backdate(w.t.Context(), w.ids["certifiedCourse"], 20*365); err != nil {
		w.t.Fatal(err)
	}
	w.ids["certifiedSession"] = w.must("staff-1", `query ($id: ID!) { course(id: $id) { sessions { id } } }`, vars{"id": w.ids["certifiedCourse"]}).text("course", "sessions", 0, "id")
	w.send("staff-1", `recordCourseAttendance(input: {sessionId: $certifiedSession, personIds: [`+strings.Join(people, ", ")+`]}) { course { id } }`)
	w.send("staff-1", `completeCourse(input: {courseId: $certifiedCourse}) { course { id } }`)
}

const (
	revokeCertificateDoc  = `mutation ($input: RevokeCertificateInput!) { revokeCertificate(input: $input) { certificate { id } } }`
	reissueCertificateDoc = `mutation ($input: ReissueCertificateInput!) { reissueCertificate(input: $input) { certificate { id } } }`
	setCertificateNameDoc = `mutation ($input: SetCertificateNameInput!) { setCertificateName(input: $input) { certificateName } }`
	undoCompletionDoc     = `mutation ($input: UndoCourseCompletionInput!) { undoCourseCompletion(input: $input) { course { id } } }`
	verifyCertificateDoc  = `query ($input: String!) { verifyCertificate(code: $input) { isValid } }`
	nobodysCertificate    = "cer_00000000000000000000000000"
)

var certificateBadInputs = []badInput{
	{"a certificate that is none", "staff", revokeCertificateDoc, vars{"certificateId": "$event", "reason": "En fejl"}, "BAD_ID", "input.certificateId"},
	{"a certificate of nobody", "staff", revokeCertificateDoc, vars{"certificateId": nobodysCertificate, "reason": "En fejl"}, "NOT_FOUND", ""},
	{"revoking without a reason", "staff", revokeCertificateDoc, vars{"certificateId": nobodysCertificate, "reason": " "}, "BAD_USER_INPUT", "input.reason"},
	{"a reason with a personal number", "staff", revokeCertificateDoc, vars{"certificateId": nobodysCertificate, "reason": "Det var 010203-1234"}, "BAD_USER_INPUT", "input.reason"},
	{"a name with a personal number", "staff", reissueCertificateDoc, vars{"certificateId": nobodysCertificate, "holderName": "Bo 0102031234"}, "BAD_USER_INPUT", "input.holderName"},
	{"undoing a completion for a reason with a personal number", "staff", undoCompletionDoc, vars{"courseId": "$course", "reason": "Det var 010203-1234"}, "BAD_USER_INPUT", "input.reason"},
	{"a name of nothing", "staff", reissueCertificateDoc, vars{"certificateId": nobodysCertificate, "holderName": "\u200b"}, "BAD_USER_INPUT", "input.holderName"},
	{"another name with a personal number", "member", setCertificateNameDoc, vars{"name": "Bo 010203 1234"}, "BAD_USER_INPUT", "input.name"},
	{"an empty name", "member", setCertificateNameDoc, vars{"name": ""}, "BAD_USER_INPUT", "input.name"},
	{"a code that is a book", "member", verifyCertificateDoc, strings.Repeat("a", 50_001), "BAD_USER_INPUT", "code"},
}

const certificateFields = "certificate { id holderName revokedReason replacedBy { id holderName } version }"

var certificateCrash = []crashCase{
	{"completeCourse with certificates", func(r *crashRig) crashCall {
		return crashCall{"staff", "completeCourse", vars{"courseId": r.certifying("resident", "member")},
			"course { id state attended: enrolments(state: ATTENDED) { edges { node { person { id } } } } }"}
	}},
	{"revokeCertificate", func(r *crashRig) crashCall {
		return crashCall{"staff", "revokeCertificate", vars{"certificateId": r.certified("resident"), "reason": "En fejl"}, certificateFields}
	}},
	{"reissueCertificate", func(r *crashRig) crashCall {
		return crashCall{"staff", "reissueCertificate", vars{"certificateId": r.certified("resident"), "holderName": "Søren Ærø"}, certificateFields}
	}},
	{"setCertificateName", func(*crashRig) crashCall {
		return crashCall{"resident", "setCertificateName", vars{"name": "Søren Ærø"}, "certificateName"}
	}},
	{"setCertificateName again", func(r *crashRig) crashCall {
		r.arrange("resident", "setCertificateName", vars{"name": "Søren Ærø"}, "certificateName")
		return crashCall{"resident", "setCertificateName", vars{"name": "Søren Å"}, "certificateName"}
	}},
}

// crashRing has the keys of all processes that crash.
var crashRing = sync.OnceValue(keyring.Chance)

// certifying is a course that gives certificates, has been held, and was attended by these people.
func (r *crashRig) certifying(people ...string) string {
	courseID := r.draftCourse(3)
	r.arrange("staff", "updateCourse", vars{"courseId": courseID, "givesCertificate": true}, "course { id }")
	r.arrange("staff", "publishCourse", vars{"courseId": courseID}, "course { id }")
	for _, p := range people {
		r.arrange(p, "enrolInCourse", vars{"courseId": courseID}, "course { id }")
	}
	r.beHeld()
	r.attended(courseID, people...)
	return courseID
}

// certified is the certificate that somebody has got for a course.
func (r *crashRig) certified(who string) string {
	courseID := r.certifying(who)
	r.arrange("staff", "completeCourse", vars{"courseId": courseID}, "course { id }")
	return r.ask("staff", `{ course(id: "`+courseID+`") { certificates { edges { node { id } } } } }`).text("course", "certificates", "edges", 0, "node", "id")
}

// canCertificate are the cases of certificates in each state.
func canCertificate() canType {
	who := []string{"", "resident", "member", "staff", "admin"}
	thing := func(change func(r *crashRig, certificateID string)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			certificateID := r.certified("resident")
			change(r, certificateID)
			return canThing{id: certificateID}
		}
	}
	return canType{
		tries: map[string][]canTry{
			"REVOKE":  {{body: `revokeCertificate(input: {certificateId: $id, reason: "En fejl"}) { certificate { id } }`}},
			"REISSUE": {{body: `reissueCertificate(input: {certificateId: $id, holderName: "Bo"}) { certificate { id } }`}},
		},
		cases: []canCase{
			{"valid", thing(func(*crashRig, string) {}), who},
			{"revoked", thing(func(r *crashRig, certificateID string) {
				r.arrange("staff", "revokeCertificate", vars{"certificateId": certificateID, "reason": "En fejl"}, "certificate { id }")
			}), who},
			{"replaced", thing(func(r *crashRig, certificateID string) {
				r.arrange("staff", "reissueCertificate", vars{"certificateId": certificateID, "holderName": "Bo"}, "certificate { id }")
			}), who},
			{"of somebody erased", thing(func(r *crashRig, certificateID string) {
				r.set("certificates", certificateID, vars{"personId": "", "holder": "", "erasedAt": r.clock.Now()})
			}), []string{"", "resident", "staff"}},
		},
	}
}

// checkCertificates checks that whoever has completed a course that gives certificates has one of that completion that is not
// replaced, that nobody else has a valid one, and that one that is replaced leads to another.
func (s crashState) checkCertificates(say complaint) {
	certificates := s.byID("certificates")
	present, codes := map[[2]any]int{}, map[any]bool{}
	courses := s.byID("courses")
	for certificateID, c := range certificates {
		if codes[c["code"]] {
			say("the code %v is there twice", c["code"])
		}
		codes[c["code"]] = true
		next, _ := c["replacedBy"].(string)
		if next == "" {
			course := courses[fmt.Sprint(c["courseId"])]
			isOfNow := course != nil && course["state"] == "COMPLETED" && fmt.Sprint(course["completedIn"]) == fmt.Sprint(c["round"])
			if isOfNow || c["revokedAt"] == nil {
				present[[2]any{c["courseId"], c["personId"]}]++
			}
		} else if other := certificates[next]; other == nil || other["code"] != c["newCode"] {
			say("the certificate %s leads to %v, which is not there under its code", certificateID, next)
		}
	}
	for _, b := range s["bookings"] {
		courseID, _ := b["bookableId"].(string)
		c := courses[courseID]
		if c == nil || c["givesCertificate"] != true || b["personId"] == "" {
			continue
		}
		want := 0
		if c["state"] == "COMPLETED" && b["state"] == "ATTENDED" {
			want = 1
		}
		if n := present[[2]any{b["bookableId"], b["personId"]}]; n != want {
			say("%v has %d certificates of %v, and should have %d", b["personId"], n, b["bookableId"], want)
		}
	}
}
