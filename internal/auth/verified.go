package auth

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// The bounds of what is remembered of checked tokens. An entry has about 1 KB.
const (
	rememberFor    = 5 * time.Minute
	rememberedEach = 5_000 // tokens in each half
	usualToken     = 2 << 10
)

// checkedToken is a token whose signature and claims were good.
type checkedToken struct {
	claims Claims
	header *jwt.Token // what finds the key again; it has neither the claims nor the signature
	key    any        // what the signature was checked with
	from   time.Time
	until  time.Time // when the check must be made anew
}

// checkedTokens remembers tokens that were good, by their SHA-256. When the younger half is full,
// it replaces the older one.
type checkedTokens struct {
	mu             sync.Mutex
	younger, older map[[sha256.Size]byte]*checkedToken
}

func tokenHash(token string) [sha256.Size]byte {
	var usual [usualToken]byte // spares the copy on the heap
	return sha256.Sum256(append(usual[:0], token...))
}

func (c *checkedTokens) get(hash [sha256.Size]byte) *checkedToken {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.younger[hash]; t != nil {
		return t
	}
	return c.older[hash]
}

func (c *checkedTokens) put(hash [sha256.Size]byte, t *checkedToken) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.younger) >= rememberedEach {
		c.younger, c.older = nil, c.younger
	}
	if c.younger == nil {
		c.younger = map[[sha256.Size]byte]*checkedToken{}
	}
	c.younger[hash] = t
}

func (c *checkedTokens) drop(hash [sha256.Size]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.younger, hash)
	delete(c.older, hash)
}

// remembered is what a token says that was checked a moment ago. The key that it names must still
// be the one that it was checked with, so a key that is withdrawn takes its tokens with it. A
// token is checked anew if the clock was set back, since its times were judged by a later one.
func (v *tokenVerifier) remembered(ctx context.Context, hash [sha256.Size]byte) (Claims, bool) {
	t := v.checked.get(hash)
	if t == nil {
		return Claims{}, false
	}
	now := v.clock.Now()
	if !now.Before(t.from) && now.Before(t.until) {
		if key, err := v.key(ctx)(t.header); err == nil && isSameKey(t.key, key) {
			return t.claims, true
		}
	}
	v.checked.drop(hash)
	return Claims{}, false
}

// remember keeps what a token says until it ends, at most for five minutes from the instant
// before it was checked.
func (v *tokenVerifier) remember(hash [sha256.Size]byte, t checkedToken, end time.Time) {
	t.until = t.from.Add(rememberFor)
	if end.Before(t.until) {
		t.until = end
	}
	v.checked.put(hash, &t)
}

// isSameKey is false for what cannot be compared, so that such a token is checked each time.
func isSameKey(a, b any) bool {
	known, ok := a.(*rsa.PublicKey)
	return ok && known.Equal(b)
}
