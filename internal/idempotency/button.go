package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// A button on a push holds the clientMutationId of the call that a tap makes, so that two taps are one, on
// whichever of a person's phones they are made. It is a UUID of version 8, whose bits the application chooses:
// the mark of such keys, a digest of what the button is, and a digest that binds the two to the person. Nobody
// else's call takes such a key: the phone may have been handed on with the push still on its screen.

const (
	buttonMark = "fael" // the first bytes of all such keys
	digestAt   = 9      // where the digest of the button begins
)

// ButtonKey is the clientMutationId of a button on the push of a notice that a person gets. It is the same
// for the same button every time.
func ButtonKey(personID, noticeID, action string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"button", personID, noticeID, action}, "\x00")))
	return bind(personID, sum[:16-digestAt]).String()
}

// bind is the key of the button with a digest, bound to a person.
func bind(personID string, button []byte) uuid.UUID {
	var key uuid.UUID
	owner := sha256.Sum256([]byte(strings.Join([]string{"owner", personID, string(button)}, "\x00")))
	copy(key[:], buttonMark)
	copy(key[len(buttonMark):digestAt], owner[:])
	copy(key[digestAt:], button)
	key[6] = key[6]&0x0f | 0x80
	key[8] = key[8]&0x3f | 0x80
	return key
}

// checkOwner refuses the key of a button that is on somebody else's push. The key has passed CheckKey. Returns
// Forbidden.
func checkOwner(ctx context.Context, key string) *fault.Error {
	id := uuid.MustParse(key)
	if id.Version() != 8 || !bytes.HasPrefix(id[:], []byte(buttonMark)) || id == bind(auth.FromContext(ctx).PersonID, id[digestAt:]) {
		return nil
	}
	return &fault.Error{Kind: fault.KindForbidden, Key: "mutation_id.of_another", Field: "input.clientMutationId"}
}
