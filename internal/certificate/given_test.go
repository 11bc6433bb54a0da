package certificate_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/keyring"
	"faellesskab/internal/testkit"
)

// People type what stands on a paper, and copy what an e-mail has wrapped.
func TestAddressesAndCodesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	c := issued(t, w, "bo")
	url, spaced := w.Certificates.URL(c), certificate.Spaced(c.Code)
	host := strings.TrimPrefix(url, "https://")
	for _, given := range []string{
		host, "http://" + host, strings.ToUpper(url), strings.ToUpper(host), url + "/", url + "#top", url + "?a=b#c", url[:40] + "\r\n" + url[40:], url + certificate.StatusEnd,
		strings.ReplaceAll(spaced, " ", "\n"), strings.ReplaceAll(spaced, " ", "\t"), strings.ReplaceAll(spaced, " ", "\u2011"), strings.ReplaceAll(spaced, " ", " – "), "\ufeff" + c.Code + "\u200b",
	} {
		if v := verified(t, w, given); v.State != certificate.StateValid {
			t.Errorf("%q is %s", given, v.State)
		}
	}
	for _, given := range []string{"elsewhere." + host, "https://elsewhere.example/" + host, strings.Replace(url, certificate.Path, "/events/", 1), url + "/x"} {
		if v := verified(t, w, given); v.State != certificate.StateUnknown {
			t.Errorf("%q is %s", given, v.State)
		}
	}
	credential := ct.Must(w.Certificates.Credential(c))(t)
	if v := verified(t, w, credential[:76]+"\r\n"+credential[76:]+"\n"); v.State != certificate.StateValid {
		t.Errorf("a wrapped credential is %s", v.State)
	}
}

// A clock that is put back makes no credential one that somebody has altered.
func TestAClockThatIsPutBackAltersNothing(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	credential := ct.Must(w.Certificates.Credential(issued(t, w, "bo")))(t)
	w.Clock.Advance(-time.Hour)
	if v := verified(t, w, credential); v.State != certificate.StateValid {
		t.Errorf("it is %s", v.State)
	}
}

// A certificate that says as much as it can has a credential that can be checked.
func TestTheLongestCredentialIsChecked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.As("bo")
	long := strings.Repeat("Æ", 120)
	ct.Must(w.Certificates.SetName(w.As("bo"), certificate.SetNameInput{Name: &long}))(t)
	a := award("bo")
	a.Titles, a.Skills = i18n.Text{{Language: i18n.Danish, Text: long}}, nil
	for i := range 20 {
		a.Skills = append(a.Skills, certificate.Skill{ID: id.Derive(id.Skill, strconv.Itoa(i)), Names: a.Titles})
	}
	if err := w.Certificates.Issue(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	c := ct.Must(w.Certificates.Own(w.As("bo")))(t)[0]
	if v := verified(t, w, ct.Must(w.Certificates.Credential(c))(t)); v.State != certificate.StateValid {
		t.Errorf("it is %s", v.State)
	}
}

// Without keys nobody is told that a genuine credential was altered; a code is checked as ever. What a key has signed
// that is no longer in the list is refused.
func TestCredentialsOfKeysThatAreGone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	c := issued(t, w, "bo")
	credential := ct.Must(w.Certificates.Credential(c))(t)
	w.Certificates.Ring = nil
	_, err := w.Certificates.Verify(t.Context(), credential)
	ct.WantKey(t, err, "certificate.no_check")
	ct.WantKind(t, err, fault.KindUnavailable)
	if v := verified(t, w, c.Code); v.State != certificate.StateValid {
		t.Errorf("by its code it is %s", v.State)
	}
	w.Certificates.Ring = keyring.Chance()
	if v := verified(t, w, credential); v.State != certificate.StateAltered || !strings.Contains(*v.Reason(t.Context()), "Tjek adressen eller koden") {
		t.Errorf("it is %s", v.State)
	}
	if v := verified(t, w, ct.Must(w.Certificates.Credential(c))(t)); v.State != certificate.StateValid {
		t.Errorf("one of the new key is %s", v.State)
	}
}

// One hour and one session are one.
func TestPresenceCountsAsPeopleDo(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		attended, sessions, minutes int
		danish, english             string
	}{
		{1, 1, 60, "Deltog i 1 af 1 kursusgang, i alt 1 time.", "Attended 1 of 1 session, 1 hour in all."},
		{1, 2, 30, "Deltog i 1 af 2 kursusgange, i alt 0,5 time.", "Attended 1 of 2 sessions, 0.5 hours in all."},
		{2, 2, 100, "Deltog i 2 af 2 kursusgange, i alt 1,67 timer.", "Attended 2 of 2 sessions, 1.67 hours in all."},
		{2, 3, 120, "Deltog i 2 af 3 kursusgange, i alt 2 timer.", "Attended 2 of 3 sessions, 2 hours in all."},
	} {
		c := &certificate.Certificate{Attended: row.attended, Sessions: row.sessions, Minutes: row.minutes}
		if d, e := c.Presence(i18n.Danish), c.Presence(i18n.English); d != row.danish || e != row.english {
			t.Errorf("%+v: %q, %q", row, d, e)
		}
	}
}

// However a personal number is parted, it is one.
func TestNoPersonalNumberStandsOnACertificate(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"0102031234", "010203-1234", "010203 1234", "010203 - 1234", "010203–1234", "010203\u20111234", "010203\u00a01234", "010203.1234", "010203/1234"} {
		if certificate.CheckPublic("input.reason", "Det var "+number+", der kom") == nil {
			t.Errorf("%q is taken", number)
		}
	}
	for _, other := range []string{"Ring 12 34 56 78", "1. marts 2026", "2026-03-01 17:00", "12345678901"} {
		if err := certificate.CheckPublic("input.reason", other); err != nil {
			t.Errorf("%q is refused", other)
		}
	}
}

// Why a certificate was revoked is about its holder, and goes with their name.
func TestErasureTakesWhyACertificateWasRevoked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	c := issued(t, w, "bo")
	ct.Must(w.Certificates.Revoke(w.Grant("staff", auth.RoleStaff), certificate.RevokeInput{CertificateID: c.ID, Reason: "Bodil kom aldrig"}))(t)
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	if found := testkit.Mentions(t, w.DB, "certificates", "Bodil"); len(found) > 0 {
		t.Errorf("%q", found)
	}
	if v := verified(t, w, c.Code); v.State != certificate.StateRevoked || *v.Reason(t.Context()) != "Kursusbeviset blev trukket tilbage 1. maj 2026." {
		t.Errorf("it is %s: %s", v.State, *v.Reason(t.Context()))
	}
}
