package certificate

import (
	"regexp"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// reasonLimits are those of the reason for revoking a certificate, which stands on its page.
var reasonLimits = text.Limits{Min: 1, Max: 500}

// personalNumber is a Danish personal number, however its parts are kept apart. No certificate shows one.
var personalNumber = regexp.MustCompile(`(^|\D)\d{6}[\s\p{Z}\p{Pd}./]{0,3}\d{4}(\D|$)`)

// clean is text.Clean for what everybody reads who has the address of a certificate.
func clean(p *fault.Problems, field, s string, limits text.Limits) string {
	if problem := CheckPublic(field, s); problem != nil {
		p.Add(problem)
		return s
	}
	return text.Clean(p, field, s, limits)
}

// CheckPublic refuses a text with a personal number, which everybody would read who has the address of a certificate.
func CheckPublic(field, s string) *fault.Error {
	if personalNumber.MatchString(s) {
		return fault.Invalid(field, "certificate.personal_number")
	}
	return nil
}

func checkCertificate(key *string, certificateID string) (p fault.Problems) {
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.certificateId", id.Certificate, certificateID))
	return p
}

// RevokeInput is a certificate to revoke, and why.
type RevokeInput struct {
	ClientMutationID *string
	CertificateID    string
	Reason           string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *RevokeInput) Clean() error {
	p := checkCertificate(in.ClientMutationID, in.CertificateID)
	in.Reason = clean(&p, "input.reason", in.Reason, reasonLimits)
	return p.Err()
}

// ReissueInput is a certificate to issue anew, and the right name.
type ReissueInput struct {
	ClientMutationID *string
	CertificateID    string
	HolderName       string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *ReissueInput) Clean() error {
	p := checkCertificate(in.ClientMutationID, in.CertificateID)
	in.HolderName = clean(&p, "input.holderName", in.HolderName, text.Line)
	return p.Err()
}

// SetNameInput is the name that a person wants on certificates; nil: the name of their profile.
type SetNameInput struct {
	ClientMutationID *string
	Name             *string
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *SetNameInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if in.Name != nil {
		name := clean(&p, "input.name", *in.Name, text.Line)
		in.Name = &name
	}
	return p.Err()
}
