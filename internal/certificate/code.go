package certificate

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"unicode"

	"faellesskab/internal/i18n"
)

// Path is the folder of the addresses of certificates.
const Path = "/certificates/"

// CredentialEnd is the end of the address of a credential for those who cannot ask for its type.
const CredentialEnd = ".jwt"

const (
	// codeBytes is how much chance is in a code: 160 bits.
	codeBytes = 20
	// codeLength is how many letters a code has.
	codeLength = 32
)

// letters of codes are small letters and digits that are not taken for each other, also on paper.
var letters = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

func newCode() string {
	b := make([]byte, codeBytes)
	_, _ = rand.Read(b) // never fails: see crypto/rand.Read
	return letters.EncodeToString(b)
}

// readCode is the code in what somebody has copied or typed: capital letters, and blanks and hyphens between, are the
// same. ok is false for what cannot be a code.
func readCode(text string) (code string, ok bool) {
	code = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Pd, r) {
			return -1
		}
		return withoutBlanks(r)
	}, text))
	_, err := letters.DecodeString(code)
	return code, err == nil && len(code) == codeLength
}

// withoutBlanks drops what comes along when something is copied from a page, or wrapped by an e-mail.
func withoutBlanks(r rune) rune {
	if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// around is what stands around a code or an address where people copy them from.
const around = "<>()[]{}\"'.,;:!?“”„»«’"

// withoutFrame drops what stands around a code or an address, and the word before a code on its page.
func withoutFrame(text string) string {
	text = strings.Trim(text, around)
	for _, l := range i18n.Languages {
		word := i18n.Translate(l, "page.certificate.code", nil)
		if len(text) >= len(word) && strings.EqualFold(text[:len(word)], word) {
			return text[len(word):]
		}
	}
	return text
}

// Spaced is a code in groups of four letters, as it stands on paper.
func Spaced(code string) string {
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), " ")
}
