package certificate_test

import (
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/page"
)

// Of two who revoke and reissue at once, one is told that somebody was quicker, and one certificate is left at most.
func TestRevokingAndReissuingAtOnce(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	staff := w.Grant("staff", auth.RoleStaff)
	c := issued(t, w, "bo")
	m.Before("update", "certificates", func() {
		ct.Must(w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: c.ID, HolderName: "Bo B"}))(t)
	})
	_, err := w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: c.ID, Reason: "En fejl"})
	if !fault.HasCode(err, fault.CodeVersionConflict) {
		t.Errorf("revoking gives %v", err)
	}
	if v := verified(t, w, c.Code); v.State != certificate.StateReplaced {
		t.Errorf("it is %s", v.State)
	}
}

// A completion that is undone while a certificate is issued anew leaves none that is valid.
func TestUndoingMeetsAReissue(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	staff := w.Grant("staff", auth.RoleStaff)
	c := issued(t, w, "bo")
	m.Before("update", "certificates", func() {
		ct.Must(w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: c.ID, HolderName: "Bo B"}))(t)
	})
	if err := w.Certificates.RevokeOf(t.Context(), courseID, 3, "Fremmødet var forkert"); err != nil {
		t.Fatal(err)
	}
	for _, e := range ct.Must(w.Certificates.OfCourse(staff, courseID, page.Args{First: 10}))(t).Edges {
		if e.Node.State().Proves() {
			t.Errorf("%s is %s", *e.Node.HolderName(), e.Node.State())
		}
	}
}
