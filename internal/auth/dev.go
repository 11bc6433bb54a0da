package auth

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/clock"
)

// DevProjectID is the project that development tokens are for. No Firebase
// project has it, so production never takes one.
const DevProjectID = "faellesskab-dev"

// DevIssuer signs tokens like Firebase's, with a key of its own. It exists in
// development only.
type DevIssuer struct {
	clock    clock.Clock
	kid      string
	key      *rsa.PrivateKey
	jwks     json.RawMessage
	verifier *tokenVerifier
}

// NewDevIssuer signs with that key. Tokens of an issuer with the same key are good too.
func NewDevIssuer(c clock.Clock, key *rsa.PrivateKey) (*DevIssuer, error) {
	sum := sha256.Sum256(key.N.Bytes())
	kid := hex.EncodeToString(sum[:20])
	// Only the public half goes into the set, so the private one cannot be served.
	jwk, err := jwkset.NewJWKFromKey(&key.PublicKey, jwkset.JWKOptions{
		Metadata: jwkset.JWKMetadataOptions{ALG: jwkset.AlgRS256, KID: kid, USE: jwkset.UseSig},
	})
	if err != nil {
		return nil, fmt.Errorf("publish the development key: %w", err)
	}
	ctx := context.Background()
	keys := jwkset.NewMemoryStorage()
	if err := keys.KeyWrite(ctx, jwk); err != nil {
		return nil, fmt.Errorf("publish the development key: %w", err)
	}
	jwks, err := keys.JSONPublic(ctx)
	if err != nil {
		return nil, fmt.Errorf("publish the development key: %w", err)
	}
	verifier, err := newTokenVerifier(DevProjectID, c, keys)
	if err != nil {
		return nil, fmt.Errorf("verify development tokens: %w", err)
	}
	return &DevIssuer{clock: c, kid: kid, key: key, jwks: jwks, verifier: verifier}, nil
}

// Issue is a token for that person, good for ttl, with every claim that
// Firebase gives to somebody who signed in with a password.
func (d *DevIssuer) Issue(uid, name string, ttl time.Duration) (string, error) {
	if uid == "" {
		return "", errors.New("issue a development token: no uid")
	}
	now := d.clock.Now()
	email := uid + "@faellesskab.example"
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss":            issuerPrefix + DevProjectID,
		"aud":            DevProjectID,
		"auth_time":      now.Unix(),
		"user_id":        uid,
		"sub":            uid,
		"iat":            now.Unix(),
		"exp":            now.Add(ttl).Unix(),
		"name":           name,
		"email":          email,
		"email_verified": true,
		"firebase": map[string]any{
			"identities":       map[string]any{"email": []string{email}},
			"sign_in_provider": "password",
		},
	})
	token.Header[jwkset.HeaderKID] = d.kid
	signed, err := token.SignedString(d.key)
	if err != nil {
		return "", fmt.Errorf("issue a development token: %w", err)
	}
	return signed, nil
}

// JWKS serves the public key in the form in which Google serves its own.
func (d *DevIssuer) JWKS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		// Another server at the same address has another key.
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(d.jwks)
	})
}

// Verifier makes the checks of production, with the key at hand.
func (d *DevIssuer) Verifier() Verifier { return d.verifier }
