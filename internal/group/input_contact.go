package group

import (
	"regexp"
	"strings"
	"unicode"

	"faellesskab/internal/area"
	"faellesskab/internal/fault"
	"faellesskab/internal/person"
)

// contactInput is a group, and an e-mail address or a phone number that the viewer knows.
type contactInput struct {
	groupID      string
	email, phone **string
}

// InviteByContactInput is an e-mail address or a phone number that the viewer knows.
type InviteByContactInput struct {
	ClientMutationID *string
	GroupID          string
	Email            *string
	Phone            *string
}

// Clean checks the input and brings the contact into the form in which it is compared. Returns Problems.
func (in *InviteByContactInput) Clean() error {
	return cleanContact(in.ClientMutationID, contactInput{in.GroupID, &in.Email, &in.Phone})
}

// WithdrawContactInvitationInput is an e-mail address or a phone number by which nobody is to be invited any more.
type WithdrawContactInvitationInput struct {
	ClientMutationID *string
	GroupID          string
	Email            *string
	Phone            *string
}

// Clean checks the input and brings the contact into the form in which it is compared. Returns Problems.
func (in *WithdrawContactInvitationInput) Clean() error {
	return cleanContact(in.ClientMutationID, contactInput{in.GroupID, &in.Email, &in.Phone})
}

func cleanContact(key *string, in contactInput) error {
	p := checkGroup(key, in.groupID)
	switch {
	case (*in.email == nil) == (*in.phone == nil):
		p.Add(fault.Invalid("input", "group.contact.one"))
	case *in.email != nil:
		address, ok := cleanEmail(**in.email)
		if !ok {
			p.Add(fault.Invalid("input.email", "area.contact.email"))
		}
		*in.email = &address
	default:
		number, ok := cleanPhone(**in.phone)
		if !ok {
			p.Add(fault.Invalid("input.phone", "area.contact.phone"))
		}
		*in.phone = &number
	}
	return p.Err()
}

func cleanEmail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(strings.Map(visible, s)))
	return s, area.IsEmail(s) && len(s) <= area.MaxEmail
}

var (
	phoneMarks = strings.NewReplacer("(", "", ")", "", ".", "", "/", "")
	danish     = regexp.MustCompile(`^[2-9][0-9]{7}$`)
	worldwide  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// visible drops characters that nobody sees, which a telephone puts around what is copied from its contacts.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// digit drops what people write between the digits of a number, in whatever form it was copied.
func digit(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
		return -1
	}
	return visible(r)
}

// cleanPhone is a number in international form; one of eight digits is Danish.
func cleanPhone(s string) (string, bool) {
	s = phoneMarks.Replace(strings.Map(digit, s))
	switch {
	case danish.MatchString(s):
		s = "+45" + s
	case strings.HasPrefix(s, "00"):
		s = "+" + s[2:]
	}
	return s, worldwide.MatchString(s)
}

func contactKey(email, phone *string) string {
	if email != nil {
		return person.EmailKey(*email)
	}
	return person.PhoneKey(*phone)
}
