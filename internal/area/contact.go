package area

import (
	"net/mail"
	"regexp"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// MaxEmail is how many characters an e-mail address may have.
const MaxEmail = 254

// CleanEmail tidies an e-mail address that somebody publishes; empty: none.
func CleanEmail(p *fault.Problems, field, email string) string {
	email = text.Clean(p, field, email, text.Limits{Max: MaxEmail})
	if email != "" && !IsEmail(email) {
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

// IsEmail reports whether a text has the form of an e-mail address, without a name beside it.
func IsEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
