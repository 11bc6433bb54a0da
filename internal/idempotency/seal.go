package idempotency

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"faellesskab/internal/auth"
)

// seal encrypts the outcome of a mutation, which may hold anything that an answer
// does: addresses, texts, tokens. Its key is made of the clientMutationId, of which the
// database has only a digest, so only a client that sends the mutation again can read
// the outcome.
type seal struct{ key [sha256.Size]byte }

// digest is a digest of the viewer and their clientMutationId, for one use.
func digest(ctx context.Context, use, key string) [sha256.Size]byte {
	return sha256.Sum256([]byte(use + "\x00" + auth.FromContext(ctx).PersonID + "\x00" + key))
}

func sealOf(ctx context.Context, key string) seal { return seal{digest(ctx, "seal", key)} }

// recordID names the record of a call: "<person>:<digest of the clientMutationId>".
func recordID(ctx context.Context, key string) string {
	sum := digest(ctx, "record", key)
	return auth.FromContext(ctx).PersonID + ":" + hex.EncodeToString(sum[:16])
}

func (s seal) aead() cipher.AEAD {
	block, err := aes.NewCipher(s.key[:])
	if err != nil {
		panic(fmt.Sprintf("idempotency: a key of 32 bytes is one: %v", err))
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(fmt.Sprintf("idempotency: AES has a GCM: %v", err))
	}
	return aead
}

// close encrypts a text for the database.
func (s seal) close(plain []byte) string {
	aead := s.aead()
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: see crypto/rand.Read
	return base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil))
}

// open decrypts a text that close has made.
func (s seal) open(kept string) ([]byte, error) {
	raw, err := base64.RawStdEncoding.DecodeString(kept)
	aead := s.aead()
	if err == nil && len(raw) < aead.NonceSize() {
		err = errors.New("it is too short")
	}
	if err != nil {
		return nil, fmt.Errorf("open stored outcome: %w", err)
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], nil)
	if err != nil {
		return nil, fmt.Errorf("open stored outcome: %w", err)
	}
	return plain, nil
}

// print is the fingerprint of an input. Different inputs have different ones, and
// without the clientMutationId nobody can find the input by trying.
func (s seal) print(input []byte) string {
	mac := hmac.New(sha256.New, s.key[:])
	_, _ = mac.Write(input) // never fails: see hash.Hash
	return hex.EncodeToString(mac.Sum(nil))
}
