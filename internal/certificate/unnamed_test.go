package certificate_test

import (
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// Who has signed in by phone, and never said a name, has completed the course all the same. Staff write the name.
func TestWhoHasSaidNoNameGetsACertificate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	if _, err := w.DB.Collection("persons").UpdateByID(t.Context(), ct.PersonID("bo"), map[string]any{"$set": map[string]any{"displayName": ""}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Certificates.Issue(t.Context(), award("bo")); err != nil {
		t.Fatal(err)
	}
	list := ct.Must(w.Certificates.Own(bo))(t)
	if len(list) != 1 || list[0].HolderName() != nil || list[0].State() != certificate.StateValid {
		t.Fatalf("bo has %+v", list)
	}
	anew := ct.Must(w.Certificates.Reissue(w.Grant("staff", auth.RoleStaff), certificate.ReissueInput{CertificateID: list[0].ID, HolderName: "Bo Bo"}))(t)
	if v := verified(t, w, anew.Code); v.State != certificate.StateValid || *v.HolderName() != "Bo Bo" {
		t.Errorf("it is %s", v.State)
	}
}

// A personal number that somebody has put into the name of their profile stands on no certificate. The certificate has no name then.
func TestAPersonalNumberInAProfileIsOnNoCertificate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bo := w.As("bo")
	ct.Must(w.People.CompleteProfile(bo, person.ProfileInput{DisplayName: optional.Of("Bo 010203-1234")}))(t)
	if c := issued(t, w, "bo"); c.HolderName() != nil {
		t.Errorf("the name on it is %q", *c.HolderName())
	}
}
