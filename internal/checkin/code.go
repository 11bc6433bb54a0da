package checkin

import (
	"context"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/id"
)

// A code is in capital letters and digits, which make the smallest QR codes: a letter for the kind of thing, the
// ids of the thing and of the person without what is before the underline, when the person signed up, and the
// signature. An app without a network reads the id of the booking from it.

const (
	// purpose is what the codes of bookings are made for.
	purpose = "booking code"
	// signed is how many bytes of the signature a code has: 120 bits, which fill their letters, so that no other
	// letters mean the same.
	signed = 15
	// idLength is how many characters an id has behind its prefix.
	idLength = 26
	// sinceLength is how many digits, to the base of 36, tell when somebody signed up, in milliseconds.
	sinceLength = 9
	base        = 36
)

// letters are the first letters of codes, by the prefix of the things.
var letters = map[string]string{id.Occurrence: "O", id.Course: "C"}

var alphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// ticket is what a code says.
type ticket struct {
	bookingID string
	since     string // when the person signed up
	signature []byte
}

func sinceOf(at time.Time) string {
	s := strconv.FormatInt(at.UnixMilli(), base)
	return strings.Repeat("0", max(sinceLength-len(s), 0)) + s
}

// codeOf is the code of a booking.
func (s *Service) codeOf(b *booking.Booking) string {
	bookableID, personID, _ := id.Split(b.ID)
	prefix, thing, _ := strings.Cut(bookableID, "_")
	_, person, _ := strings.Cut(personID, "_")
	since := sinceOf(b.CreatedAt)
	return strings.ToUpper(letters[prefix]+thing+person+since) + alphabet.EncodeToString(s.Secrets.Code(purpose, b.ID, since)[:signed])
}

// read reads a code. ok is false for what is none.
func read(code string) (t ticket, ok bool) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if len(code) != 1+2*idLength+sinceLength+alphabet.EncodedLen(signed) {
		return t, false
	}
	prefix := ""
	for p, letter := range letters {
		if letter == code[:1] {
			prefix = p
		}
	}
	lower := strings.ToLower(code)
	thing, person := lower[1:1+idLength], lower[1+idLength:1+2*idLength]
	t.bookingID = booking.IDOf(prefix+"_"+thing, id.Person+"_"+person)
	t.since = lower[1+2*idLength : 1+2*idLength+sinceLength]
	var err error
	t.signature, err = alphabet.DecodeString(code[1+2*idLength+sinceLength:])
	return t, err == nil && id.Prefix(t.bookingID) == id.Pair(prefix, id.Person)
}

// isGenuine reports whether the program has made the code.
func (s *Service) isGenuine(t ticket) bool {
	return s.Secrets.IsCode(t.signature, purpose, t.bookingID, t.since)
}

// Code is the code of a booking that has a seat; nil for every other booking, and for viewers whose it is not.
func (s *Service) Code(ctx context.Context, b *booking.Booking) *string {
	if !b.IsOf(auth.FromContext(ctx).PersonID) || b.State != booking.Confirmed && b.State != booking.Attended {
		return nil
	}
	code := s.codeOf(b)
	return &code
}
