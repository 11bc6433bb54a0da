package person

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/outbox"
)

// EffectContacts is the kind of the effect that follows when a person can be reached by other verified
// contacts than before. Who has left something for a contact follows it.
const EffectContacts = "person.contacts"

// ContactsChanged are the arguments of EffectContacts.
type ContactsChanged struct{ PersonID string }

// maxOfContact is how many people one contact leads to at most. Firebase lets several accounts have a phone number
// only in turn, so there is hardly ever a second.
const maxOfContact = 5

// EmailKey is the form in which an e-mail address is kept, so that a reader of the database does not read it.
// It is no secret: who knows an address can try it.
func EmailKey(address string) string { return contactKey("email", strings.ToLower(address)) }

// PhoneKey is the form in which a phone number in international form is kept; see EmailKey.
func PhoneKey(number string) string { return contactKey("phone", number) }

func contactKey(kind, contact string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + strings.TrimSpace(contact)))
	return hex.EncodeToString(sum[:])
}

// contactKeys are the keys of the contacts for which a token vouches, sorted. An address that the person has
// not shown to be theirs is none.
func contactKeys(c auth.Claims) []string {
	var keys []string
	if c.Email != "" && c.EmailVerified {
		keys = append(keys, EmailKey(c.Email))
	}
	if c.Phone != "" {
		keys = append(keys, PhoneKey(c.Phone))
	}
	slices.Sort(keys)
	return keys
}

// keepContacts notes the contacts for which the person's token vouches now. If that fails the person is let in
// all the same: the next sign-in notes them.
func (s *Service) keepContacts(ctx context.Context, p *Person, c auth.Claims) {
	keys := contactKeys(c)
	if slices.Equal(p.ContactKeys, keys) || c.IssuedAt.Before(p.ContactsAsOf) {
		return
	}
	changed := outbox.New(EffectContacts, ContactsChanged{PersonID: p.ID})
	err := s.Outbox.Commit(ctx, s.refs(p.ID)[0], []outbox.Effect{changed}, func(b outbox.Batch) error {
		return s.store.setContacts(ctx, p.ID, keys, c.IssuedAt, b)
	})
	if err != nil {
		s.Log.WarnContext(ctx, "the contacts of a sign-in were not noted", "person", p.ID, "error", err)
	}
}

// WithContact are the people who are reached by a contact of this key.
func (s *Service) WithContact(ctx context.Context, key string) ([]*Person, error) {
	return s.store.withContact(ctx, key)
}
