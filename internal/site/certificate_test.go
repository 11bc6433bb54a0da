package site_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
)

// danishName has letters that a careless page breaks.
const danishName = "Søren Ærø Łukasz Șerban İpek Ŵyn"

const credential = "application/vc+jwt"

// certified is a world in which bo has a certificate under that name.
func certified(t *testing.T, name string) (*ct.World, http.Handler, *certificate.Certificate) {
	t.Helper()
	w := ct.New(t)
	bo := w.As("bo")
	ct.Must(w.Certificates.SetName(bo, certificate.SetNameInput{Name: &name}))(t)
	given := award("Førstehjælp på øen")
	given.Titles = append(given.Titles, i18n.Translation{Language: i18n.English, Text: "First aid"})
	return w, pages(w), give(t, w, given)
}

// award is what bo has completed: a course with a Danish title, and a skill in both languages.
func award(title string) certificate.Award {
	return certificate.Award{CourseID: id.Derive(id.Course, "x"), PersonID: ct.PersonID("bo"), Round: 3, Titles: i18n.Text{{Language: i18n.Danish, Text: title}},
		Skills:   []certificate.Skill{{ID: id.Derive(id.Skill, "x"), Names: i18n.Text{{Language: i18n.Danish, Text: "Genoplivning"}, {Language: i18n.English, Text: "Resuscitation"}}}},
		StartsAt: ct.Noon.AddDate(0, -2, 0), EndsAt: ct.Noon.AddDate(0, 0, -1), TimeZone: clock.Copenhagen, Attended: 4, Sessions: 5, Minutes: 450}
}

// give gives bo one more certificate.
func give(t *testing.T, w *ct.World, a certificate.Award) *certificate.Certificate {
	t.Helper()
	had := ct.Must(w.Certificates.Own(w.As("bo")))(t)
	a.Round += len(had)
	if err := w.Certificates.Issue(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	for _, c := range ct.Must(w.Certificates.Own(w.As("bo")))(t) {
		if c.Round == a.Round {
			return c
		}
	}
	t.Fatal("there is no certificate")
	return nil
}

func pathOf(c *certificate.Certificate) string { return certificate.Path + c.Code }

func wantWords(t *testing.T, r *httptest.ResponseRecorder, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(r.Body.String(), word) {
			t.Errorf("%d, and it does not say %q", r.Code, word)
		}
	}
}

// Known breaks 43 and 47: a name stands as written, and the page says name, course, date, hours and skills.
func TestKnownBreak43And47ThePageIsTheCertificate(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	page := get(t.Context(), h, pathOf(c))
	wantWords(t, page, danishName, "Førstehjælp på øen", "1. marts 2026 til 30. april 2026", "Deltog i 4 af 5 kursusgange, i alt 7,5 timer.", "Genoplivning", "Gyldigt kursusbevis",
		"Udstedt 1. maj 2026 af "+ct.Issuer, w.Certificates.URL(c), certificate.Spaced(c.Code), `<html lang="da">`, `role="img"`)
	if strings.Contains(page.Body.String(), "per_") || strings.Contains(page.Body.String(), c.ID) || strings.Contains(page.Body.String(), "crs_") {
		t.Error("the page has an id")
	}
	english := get(auth.WithLanguage(t.Context(), i18n.English), h, pathOf(c))
	wantWords(t, english, danishName, "First aid", "1 March 2026 to 30 April 2026", "Attended 4 of 5 sessions, 7.5 hours in all.", "Resuscitation", `<html lang="en">`)
	head := page.Header()
	if page.Code != http.StatusOK || head.Get("X-Robots-Tag") != "noindex" || head.Get("Cache-Control") != "private, no-cache" || head.Get("Vary") != "Accept, Accept-Language, Authorization" ||
		!strings.HasPrefix(head.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(page.Body.String(), "<script") {
		t.Errorf("%d %v", page.Code, head)
	}
	if again := get(t.Context(), h, pathOf(c), "If-None-Match", head.Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("the same page again: %d", again.Code)
	}
	asked := httptest.NewRequestWithContext(t.Context(), http.MethodHead, pathOf(c), nil)
	only := httptest.NewRecorder()
	if h.ServeHTTP(only, asked); only.Code != http.StatusOK || only.Body.Len() > 0 || only.Header().Get("ETag") != head.Get("ETag") {
		t.Errorf("HEAD: %d", only.Code)
	}
}

// The credential stands at the same address, signed, and has no id of a person.
func TestTheCredentialStandsBesideThePage(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	token := get(t.Context(), h, pathOf(c), "Accept", credential)
	file := get(t.Context(), h, pathOf(c)+certificate.CredentialEnd)
	if token.Code != http.StatusOK || token.Header().Get("Content-Type") != credential || token.Body.String() != file.Body.String() {
		t.Fatalf("%d %v", token.Code, token.Header())
	}
	claims := jwt.MapClaims{}
	err := w.Certificates.Ring.Read(token.Body.String(), certificate.CredentialType, &claims)
	raw, _ := json.Marshal(claims)
	if err != nil || strings.Contains(string(raw), "per_") || strings.Contains(string(raw), "cer_") || strings.Contains(string(raw), "crs_") {
		t.Errorf("%v: %s", err, raw)
	}
	for _, want := range []string{`"iss":"` + ct.PublicURL + `"`, `"name":"` + danishName + `"`, `"type":["VerifiableCredential","OpenBadgeCredential"]`, `"creditsEarned":7.5`, `"validFrom":"2026-05-01T12:00:00Z"`,
		`"name":"` + ct.Issuer + `"`, `"jti":"` + w.Certificates.URL(c) + `"`, `"sub":"` + w.Certificates.URL(c) + `#holder"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("it does not say %s: %s", want, raw)
		}
	}
	if no := get(t.Context(), h, pathOf(c), "Accept", "image/png"); no.Code != http.StatusNotAcceptable {
		t.Errorf("a picture: %d", no.Code)
	}
	keys := get(t.Context(), h, "/.well-known/jwks.json")
	if keys.Code != http.StatusOK || strings.Contains(keys.Body.String(), `"d"`) || keys.Body.String() != string(w.Certificates.Ring.Set()) {
		t.Errorf("%d %s", keys.Code, keys.Body)
	}
	wantWords(t, get(t.Context(), h, pathOf(c)+certificate.StatusEnd), `"revokedCredential":[]`)
}

// Verifiers in browsers read the credential, why there is none, its status and the keys. No other page is theirs to read.
func TestVerifiersInBrowsersReadCertificates(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	of := func(path string, header ...string) (int, string) {
		r := get(t.Context(), h, path, append(header, "Origin", "https://verifier.example")...)
		return r.Code, r.Header().Get("Access-Control-Allow-Origin")
	}
	want := func(what string, status int, path string, header ...string) {
		if code, origin := of(path, header...); code != status || origin != "*" {
			t.Errorf("%s: %d for the origin %q", what, code, origin)
		}
	}
	want("the credential", http.StatusOK, pathOf(c), "Accept", credential)
	want("the file", http.StatusOK, pathOf(c)+certificate.CredentialEnd)
	want("the status", http.StatusOK, pathOf(c)+certificate.StatusEnd)
	want("the keys", http.StatusOK, "/.well-known/jwks.json")
	want("nothing", http.StatusNotFound, certificate.Path+"x", "Accept", credential)
	ct.Must(w.Certificates.Revoke(w.Grant("staff", auth.RoleStaff), certificate.RevokeInput{CertificateID: c.ID, Reason: "En fejl"}))(t)
	want("a revoked one", http.StatusGone, pathOf(c), "Accept", credential)
	if _, origin := of("/events/x"); origin != "" {
		t.Errorf("events are for the origin %q", origin)
	}
}

// Known break 44: what is revoked says "revoked", with the reason, and not that it is invalid.
func TestKnownBreak44RevokedSaysWhy(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	staff := w.Grant("staff", auth.RoleStaff)
	ct.Must(w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: c.ID, Reason: `Udstedt ved <b>en fejl</b>`}))(t)
	wantWords(t, get(t.Context(), h, pathOf(c)), "Trukket tilbage", "Kursusbeviset blev trukket tilbage 1. maj 2026. Udstedt ved &lt;b&gt;en fejl&lt;/b&gt;", danishName, `<main class="revoked">`)
	if gone := get(t.Context(), h, pathOf(c), "Accept", credential); gone.Code != http.StatusGone || !strings.Contains(gone.Body.String(), "trukket tilbage") {
		t.Errorf("%d %s", gone.Code, gone.Body)
	}
	wantWords(t, get(t.Context(), h, pathOf(c)+certificate.StatusEnd), `"revoked":true`, "trukket tilbage", w.Certificates.URL(c))
}

// One that was issued anew leads to the new one.
func TestAReplacedCertificateLeadsToTheNewOne(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, "Soren")
	anew := ct.Must(w.Certificates.Reissue(w.Grant("staff", auth.RoleStaff), certificate.ReissueInput{CertificateID: c.ID, HolderName: danishName}))(t)
	wantWords(t, get(t.Context(), h, pathOf(c)), "Erstattet af et nyt kursusbevis", `href="`+pathOf(anew)+`"`, `<main class="replaced">`)
	wantWords(t, get(t.Context(), h, pathOf(anew)), danishName, "Gyldigt kursusbevis")
	if gone := get(t.Context(), h, pathOf(c), "Accept", credential); gone.Code != http.StatusGone || !strings.Contains(gone.Body.String(), anew.Code) {
		t.Errorf("%d %s", gone.Code, gone.Body)
	}
}

// After an erasure the certificate is valid and has no name, also in the credential.
func TestAnErasedHolderLeavesAValidCertificate(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	page := get(t.Context(), h, pathOf(c))
	wantWords(t, page, "Gyldigt kursusbevis", "Indehaverens konto er slettet", "Førstehjælp på øen")
	token := get(t.Context(), h, pathOf(c), "Accept", credential)
	claims := jwt.MapClaims{}
	err := w.Certificates.Ring.Read(token.Body.String(), certificate.CredentialType, &claims)
	raw, _ := json.Marshal(claims)
	if err != nil || strings.Contains(string(raw), "Søren") || strings.Contains(page.Body.String(), "Søren") || strings.Contains(string(raw), "identifier") {
		t.Errorf("%v: %s", err, raw)
	}
}

// What has very much to say is written small, so that it prints on one page, and smaller if need be.
func TestALongCertificateIsWrittenSmall(t *testing.T) {
	t.Parallel()
	w, h, short := certified(t, danishName)
	wantWords(t, get(t.Context(), h, pathOf(short)), `<main class="valid">`)
	ct.Must(w.Certificates.Revoke(w.Grant("staff", auth.RoleStaff), certificate.RevokeInput{CertificateID: short.ID, Reason: strings.Repeat("Æ", 500)}))(t)
	wantWords(t, get(t.Context(), h, pathOf(short)), `<main class="revoked dense">`)
	_, h, long := certified(t, strings.Repeat("Søren Ærø ", 12))
	wantWords(t, get(t.Context(), h, pathOf(long)), `<main class="valid dense">`)
	for letters, want := range map[int]string{29: "valid", 59: "valid dense", 120: "valid dense densest"} {
		given := award("Førstehjælp")
		given.Skills = slices.Repeat([]certificate.Skill{{ID: id.Derive(id.Skill, "y"), Names: i18n.Text{{Language: i18n.Danish, Text: strings.Repeat("Å", letters)}}}}, 20)
		wantWords(t, get(t.Context(), pages(w), pathOf(give(t, w, given))), `<main class="`+want+`">`)
	}
}

// What staff have written in Danish only is marked as such on the English page, so that it is read aloud rightly.
func TestDanishWordsOnTheEnglishPage(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, danishName)
	both := get(auth.WithLanguage(t.Context(), i18n.English), h, pathOf(c))
	wantWords(t, both, "<h2>First aid</h2>", "<li>Resuscitation</li>")
	given := award("Førstehjælp")
	given.Skills = []certificate.Skill{{ID: id.Derive(id.Skill, "z"), Names: i18n.Text{{Language: i18n.Danish, Text: "Forbinding"}}}}
	only := give(t, w, given)
	wantWords(t, get(auth.WithLanguage(t.Context(), i18n.English), h, pathOf(only)), `<h2 lang="da">Førstehjælp</h2>`, `<li lang="da">Forbinding</li>`)
	wantWords(t, get(t.Context(), h, pathOf(only)), "<h2>Førstehjælp</h2>", "<li>Forbinding</li>")
}

// Known break 48: every address that leads nowhere has the same answer, and what people write stays text.
func TestKnownBreak48AddressesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	w, h, c := certified(t, `<script>alert("x")</script>`)
	wantWords(t, get(t.Context(), h, pathOf(c)), "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;")
	first := get(t.Context(), h, certificate.Path+strings.Repeat("a", 32))
	for _, path := range []string{"x", c.ID, c.Code[:31], c.Code + "a", "%00", strings.Repeat("a", 32) + "/status", strings.Repeat("a", 32) + ".jwt", "..%2fevents"} {
		if r := get(t.Context(), h, certificate.Path+path); r.Code != http.StatusNotFound || r.Body.String() != first.Body.String() {
			t.Errorf("%s: %d %s", path, r.Code, r.Body)
		}
	}
	if first.Code != http.StatusNotFound || !strings.HasPrefix(first.Body.String(), "Vi har ikke udstedt et kursusbevis med den adresse.") {
		t.Errorf("%d %s", first.Code, first.Body)
	}
	w.Certificates.Ring = nil // the keys were taken from the configuration
	if r := get(t.Context(), h, pathOf(c)); r.Code != http.StatusOK {
		t.Errorf("the page without keys: %d", r.Code)
	}
	if strings.Contains(get(t.Context(), h, pathOf(c)).Body.String(), certificate.CredentialEnd) {
		t.Error("without keys the page leads to a credential that there is not")
	}
	for path, want := range map[string]int{pathOf(c) + ".jwt": http.StatusServiceUnavailable, "/.well-known/jwks.json": http.StatusNotFound} {
		if r := get(t.Context(), h, path); r.Code != want {
			t.Errorf("%s without keys: %d", path, r.Code)
		}
	}
}
