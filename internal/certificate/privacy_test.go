package certificate_test

import (
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/testkit"
)

// Whoever is erased leaves certificates without a name, and others keep theirs. An export has what is kept.
func TestAnErasedHolderLeavesNoName(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	name := "Bo Ærø"
	ct.Must(w.Certificates.SetName(w.As("bo"), certificate.SetNameInput{Name: &name}))(t)
	bos, caras := issued(t, w, "bo"), issued(t, w, "cara")
	var kept []any
	for _, entry := range w.Certificates.Part().Collections {
		if err := entry.Export(t.Context(), ct.PersonID("bo"), func(record any) error { kept = append(kept, record); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept) != 2 {
		t.Errorf("bo is given %+v", kept)
	}
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"certificates", "certificate_names"} {
		for _, text := range []string{ct.PersonID("bo"), name} {
			if found := testkit.Mentions(t, w.DB, c, text); len(found) > 0 {
				t.Errorf("%s still mentions %s: %q", c, text, found)
			}
		}
	}
	v := verified(t, w, bos.Code)
	if v.State != certificate.StateErased || !v.IsValid() || v.HolderName() != nil || v.Reason(t.Context()) == nil || *v.Course(t.Context()) != "Førstehjælp" {
		t.Errorf("bo's is %s", v.State)
	}
	if v := verified(t, w, caras.Code); v.State != certificate.StateValid || *v.HolderName() != "cara" {
		t.Errorf("cara's is %s", v.State)
	}
	staff := w.Grant("staff", auth.RoleStaff)
	_, err := w.Certificates.Reissue(staff, certificate.ReissueInput{CertificateID: bos.ID, HolderName: name})
	ct.WantKey(t, err, "certificate.erased")
	ct.Must(w.Certificates.Revoke(staff, certificate.RevokeInput{CertificateID: bos.ID, Reason: "En fejl"}))(t)
	if v := verified(t, w, bos.Code); v.State != certificate.StateRevoked || v.HolderName() != nil {
		t.Errorf("bo's is %s once it is revoked", v.State)
	}
	// A certificate for somebody erased is not issued, and none is made under another name by an effect that comes late.
	if err := w.Certificates.Issue(t.Context(), later("bo")); err != nil || w.Count("certificates") != 2 {
		t.Errorf("%d certificates, %v", w.Count("certificates"), err)
	}
}

func later(name string) certificate.Award {
	a := award(name)
	a.Round += 2
	return a
}
