package area

import (
	"net/mail"
	"regexp"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// CleanEmail tidies an e-mail address that somebody publishes; empty: none.
func CleanEmail(p *fault.Problems, field, email string) string {
	email = text.Clean(p, field, email, text.Limits{Max: 254})
	if email != "" && !looksLikeEmail(email) {
		p.Add(fault.Invalid(field, "area.contact.email"))
	}
	return email
}

// CleanPhone tidies a telephone number that somebody publishes; empty: none.
func CleanPhone(p *fault.Problems, field, phone string) string {
	phone = text.Clean(p, field, phone, text.Limits{Max: 20})
	if phone != "" && !looksLikePhone(phone) {
		p.Add(fault.Invalid(field, "area.contact.phone"))
	}
	return phone
}

var phonePattern = regexp.MustCompile(`^\+?[0-9][0-9 ]{3,18}$`)

func looksLikePhone(s string) bool { return phonePattern.MatchString(s) }

func looksLikeEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
