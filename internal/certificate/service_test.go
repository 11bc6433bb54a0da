package certificate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
	"faellesskab/internal/testkit"
)

// courseID is a course of which nobody asks.
var courseID = id.Derive(id.Course, "first aid")

func award(name string) certificate.Award {
	return certificate.Award{CourseID: courseID, PersonID: ct.PersonID(name), Round: 3, Titles: i18n.Text{{Language: i18n.Danish, Text: "Førstehjælp"}, {Language: i18n.English, Text: "First aid"}},
		Skills:   []certificate.Skill{{ID: id.Derive(id.Skill, "x"), Names: i18n.Text{{Language: i18n.Danish, Text: "Hjertemassage"}}}},
		StartsAt: ct.Noon.AddDate(0, 0, -8), EndsAt: ct.Noon.Add(-time.Hour), TimeZone: clock.Copenhagen, Attended: 3, Sessions: 4, Minutes: 450}
}

// issued is the certificate that a person has got.
func issued(t *testing.T, w *ct.World, name string) *certificate.Certificate {
	t.Helper()
	ctx := w.As(name)
	if err := w.Certificates.Issue(t.Context(), award(name)); err != nil {
		t.Fatal(err)
	}
	list := ct.Must(w.Certificates.Own(ctx))(t)
	if len(list) == 0 {
		t.Fatalf("%s has no certificate", name)
	}
	return list[0]
}

func verified(t *testing.T, w *ct.World, given string) *certificate.Verification {
	t.Helper()
	return ct.Must(w.Certificates.Verify(t.Context(), given))(t)
}

// A certificate is issued once, is its holder's, and is checked by its code, its address and the credential.
func TestACertificateIsIssuedAndChecked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	c := issued(t, w, "bo")
	again := issued(t, w, "bo")
	if list := ct.Must(w.Certificates.Own(bo))(t); len(list) != 1 || again.Code != c.Code || len(c.Code) != 32 {
		t.Errorf("%d certificates, with the codes %s and %s", len(list), c.Code, again.Code)
	}
	credential := ct.Must(w.Certificates.Credential(c))(t)
	for name, given := range map[string]string{
		"the code": c.Code, "in capital letters": strings.ToUpper(c.Code), "as on paper": " " + certificate.Spaced(c.Code) + "\n", "the address": w.Certificates.URL(c),
		"the address of the credential": w.Certificates.URL(c) + certificate.CredentialEnd, "with something behind": w.Certificates.URL(c) + "?from=qr", "the credential": credential,
		"the line of the page": "Kode: " + certificate.Spaced(c.Code), "the line of the English page": "code: " + certificate.Spaced(c.Code), "at the end of a sentence": w.Certificates.URL(c) + ".",
		"in brackets": "<" + w.Certificates.URL(c) + ">", "in quotes": "“" + c.Code + "”", "a credential in quotes": `"` + credential + `"`,
	} {
		v := verified(t, w, given)
		if v.State != certificate.StateValid || !v.IsValid() || v.Reason(t.Context()) != nil || *v.HolderName() != "bo" || *v.Course(t.Context()) != "Førstehjælp" ||
			v.Skills(t.Context())[0] != "Hjertemassage" || *v.Issuer() != ct.Issuer || *v.Minutes() != 450 || !v.IssuedAt().Equal(ct.Noon) {
			t.Errorf("%s: %s", name, v.State)
		}
	}
	altered := credential[:len(credential)-40] + "A" + credential[len(credential)-39:]
	if altered == credential {
		altered = credential[:len(credential)-40] + "B" + credential[len(credential)-39:]
	}
	other := strings.Replace(w.Certificates.URL(c), ct.PublicURL, "https://elsewhere.example", 1)
	for given, want := range map[string]certificate.State{
		altered: certificate.StateAltered, other: certificate.StateUnknown, strings.Repeat("a", 32): certificate.StateUnknown, "hello": certificate.StateUnknown,
		"": certificate.StateUnknown, "Kode:": certificate.StateUnknown, "Kode: " + other: certificate.StateUnknown, "<>": certificate.StateUnknown, "eyJ.eyJ.x": certificate.StateUnknown, c.ID: certificate.StateUnknown,
	} {
		v := verified(t, w, given)
		if v.State != want || v.IsValid() || v.Reason(t.Context()) == nil || v.HolderName() != nil || v.Course(t.Context()) != nil || len(v.Skills(t.Context())) > 0 || v.Issuer() != nil {
			t.Errorf("%q is %s, want %s", given, v.State, want)
		}
	}
	_, err := w.Certificates.Verify(t.Context(), strings.Repeat("x", 50_001))
	ct.WantField(t, err, "code")
	for _, reader := range []context.Context{w.As("cara"), t.Context()} {
		if found := ct.Must(w.Certificates.ByIDs(reader, []string{c.ID}))(t); len(found) > 0 {
			t.Error("somebody else finds it by its id")
		}
	}
	staff := w.Grant("staff", auth.RoleStaff)
	if list := ct.Must(w.Certificates.OfCourse(staff, courseID, page.Args{First: 10}))(t); len(list.Edges) != 1 {
		t.Errorf("staff see %d", len(list.Edges))
	}
	_, err = w.Certificates.OfCourse(bo, courseID, page.Args{First: 10})
	ct.WantKind(t, err, fault.KindForbidden)
}

// A check costs one command, whatever is given, and none if it cannot be a certificate of ours.
func TestWhatACheckCosts(t *testing.T) {
	t.Parallel()
	counter := &testkit.Counter{}
	w := ct.New(t, testkit.WithCounter(counter))
	c := issued(t, w, "bo")
	credential := ct.Must(w.Certificates.Credential(c))(t)
	for given, want := range map[string]int{
		c.Code: 1, w.Certificates.URL(c): 1, credential: 1, strings.Repeat("a", 32): 1,
		"hello": 0, credential + "A": 0, "https://elsewhere.example/certificates/" + c.Code: 0,
	} {
		counter.Reset()
		if verified(t, w, given); counter.Count() != want {
			t.Errorf("%.50s costs %v, want %d", given, counter.Commands(), want)
		}
	}
}

// What is revoked says so, with the reason, and stays so.
func TestARevokedCertificateSaysWhy(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	c := issued(t, w, "bo")
	_, err := w.Certificates.Revoke(w.As("bo"), certificate.RevokeInput{CertificateID: c.ID, Reason: "Nej"})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: c.ID, Reason: "Se 010203-1234"})
	ct.WantKey(t, err, "certificate.personal_number")
	ct.WantField(t, err, "input.reason")
	_, err = w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: id.Derive(id.Certificate, "x"), Reason: "Nej"})
	ct.WantKey(t, err, "certificate.not_found")
	in := certificate.RevokeInput{CertificateID: c.ID, Reason: "Udstedt ved en fejl"}
	ct.Must(w.Certificates.Revoke(staff, in))(t)
	_, err = w.Certificates.Revoke(staff, in)
	ct.WantKey(t, err, "certificate.revoked")
	_, err = w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: c.ID, HolderName: "Bo B"})
	ct.WantKey(t, err, "certificate.revoked")
	v := verified(t, w, c.Code)
	if v.State != certificate.StateRevoked || v.IsValid() || *v.Reason(t.Context()) != "Kursusbeviset blev trukket tilbage 1. maj 2026. Udstedt ved en fejl" || *v.HolderName() != "bo" {
		t.Errorf("%s: %v", v.State, *v.Reason(t.Context()))
	}
	log := ct.Must(w.Audit.Of(t.Context(), c.ID))(t)
	if len(log) != 1 || log[0].Action != "revokeCertificate" || log[0].Details["reason"] != in.Reason || log[0].Details["person"] != ct.PersonID("bo") {
		t.Errorf("the record says %+v", log)
	}
	if now := ct.Must(w.Certificates.Own(w.As("bo")))(t)[0]; now.RevokedAt == nil || *now.RevokedReason != in.Reason || len(now.Can(auth.Viewer{}, ct.Noon)) > 0 {
		t.Errorf("bo sees %+v", now)
	}
}

// A certificate with a wrong name is issued anew, under another address, and the old one leads there.
func TestAMisspeltCertificateIsIssuedAnew(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	const name = "Søren Ærø Łukasz Șerban İpek Ŵyn"
	old := issued(t, w, "bo")
	anew := ct.Must(w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: old.ID, HolderName: " " + name}))(t)
	if anew.Code == old.Code || anew.ID == old.ID || *anew.HolderName() != name {
		t.Errorf("the new one is %+v", anew)
	}
	v := verified(t, w, old.Code)
	if v.State != certificate.StateReplaced || v.IsValid() || *v.ReplacedByURL() != w.Certificates.URL(anew) || !strings.Contains(*v.Reason(t.Context()), anew.Code) {
		t.Errorf("the old one is %s: %s", v.State, *v.Reason(t.Context()))
	}
	if v := verified(t, w, anew.Code); v.State != certificate.StateValid || *v.HolderName() != name || !v.StartsAt().Equal(old.StartsAt) {
		t.Errorf("the new one is %s", v.State)
	}
	_, err := w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: old.ID, HolderName: name})
	ct.WantKey(t, err, "certificate.replaced")
	_, err = w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: old.ID, Reason: "Nej"})
	ct.WantKey(t, err, "certificate.replaced")
	// Undoing the completion revokes the one that is valid, and no later one.
	if err := w.Certificates.Issue(t.Context(), later("bo")); err != nil {
		t.Fatal(err)
	}
	if err := w.Certificates.RevokeOf(t.Context(), courseID, 3, "Fremmødet var forkert"); err != nil {
		t.Fatal(err)
	}
	var states []certificate.State
	for _, c := range ct.Must(w.Certificates.OfCourse(staff, courseID, page.Args{First: 10}))(t).Edges {
		states = append(states, c.Node.State())
	}
	count := map[certificate.State]int{}
	for _, s := range states {
		count[s]++
	}
	if count[certificate.StateRevoked] != 1 || count[certificate.StateReplaced] != 1 || count[certificate.StateValid] != 1 {
		t.Errorf("the states are %v", states)
	}
}

// People say which name they want on certificates, and take it back.
func TestTheNameIsAsThePersonWantsIt(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	name := "Bo Ærø Østergård"
	for _, want := range []*string{nil, &name, nil} {
		set := ct.Must(w.Certificates.SetName(bo, certificate.SetNameInput{Name: want}))(t)
		is := ct.Must(w.Certificates.Name(bo))(t).CertificateName()
		if (want == nil) != (is == nil) || want != nil && *is != *want || (set.CertificateName() == nil) != (want == nil) {
			t.Errorf("the name is %v", is)
		}
	}
	ct.Must(w.Certificates.SetName(bo, certificate.SetNameInput{Name: &name}))(t)
	if c := issued(t, w, "bo"); *c.HolderName() != name {
		t.Errorf("the name on it is %s", *c.HolderName())
	}
	number := "Bo 0102031234"
	_, err := w.Certificates.SetName(bo, certificate.SetNameInput{Name: &number})
	ct.WantField(t, err, "input.name")
	_, err = w.Certificates.SetName(t.Context(), certificate.SetNameInput{})
	ct.WantKind(t, err, fault.KindUnauthenticated)
}
