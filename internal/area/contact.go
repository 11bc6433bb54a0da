package area

import (
	"net/mail"
	"regexp"
)

var phonePattern = regexp.MustCompile(`^\+?[0-9][0-9 ]{3,18}$`)

func looksLikePhone(s string) bool { return phonePattern.MatchString(s) }

func looksLikeEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
