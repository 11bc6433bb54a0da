// Package secret makes codes that nobody can guess, and that the program can make again: the addresses of calendars, and
// what a ticket says. A code comes from a secret of the program, a purpose, and what it stands for.
package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Length is how many bytes a code has.
const Length = sha256.Size

// Keys are the secrets of the program. The first makes codes; those of the others are still known, so that a secret can be
// replaced without what was made with it being lost.
type Keys struct{ secrets [][]byte }

// New are the keys of these secrets, each of which should have 32 random bytes or more. At least one is needed.
func New(secrets ...[]byte) Keys { return Keys{secrets} }

// Chance are keys of chance, which no other process has.
func Chance() Keys {
	s := make([]byte, Length)
	_, _ = rand.Read(s) // never fails: see crypto/rand.Read
	return New(s)
}

// Code is the code for something. Codes of different purposes have nothing to do with each other.
func (k Keys) Code(purpose string, parts ...string) []byte {
	return code(k.secrets[0], purpose, parts)
}

// IsCode reports whether a code is that for something, by the present secret or by an earlier one. It may be cut short, to
// 10 bytes at least.
func (k Keys) IsCode(given []byte, purpose string, parts ...string) bool {
	if len(given) < 10 || len(given) > Length {
		return false
	}
	known := false
	for _, s := range k.secrets {
		known = hmac.Equal(given, code(s, purpose, parts)[:len(given)]) || known
	}
	return known
}

func code(secret []byte, purpose string, parts []string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
	if err != nil {
		panic(fmt.Sprintf("secret: SHA-256 gives as many bytes as it has: %v", err))
	}
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(p)))) //nolint:gosec // a part is a short text
		mac.Write([]byte(p))
	}
	return mac.Sum(nil)
}
