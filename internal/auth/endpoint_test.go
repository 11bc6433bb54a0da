package auth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

const project = "faellesskab-test"

var (
	noon           = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	keyOne, keyTwo = newKey(), newKey()
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// endpoint stands in for Google's: it publishes keys, counts who asks, and can
// be down.
type endpoint struct {
	*httptest.Server

	transport *http.Transport

	mu      sync.Mutex
	body    string
	status  int
	fetches int
}

func newEndpoint(t *testing.T) *endpoint {
	e := &endpoint{status: http.StatusOK, transport: &http.Transport{}}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.fetches++
		w.WriteHeader(e.status)
		_, _ = w.Write([]byte(e.body))
	}))
	t.Cleanup(func() {
		e.transport.CloseIdleConnections()
		e.Close()
	})
	return e
}

// publish replaces the keys; the arguments are ids and keys by turns. It always adds a key
// for encryption, a key that does not say what it is for, and a key without an id.
func (e *endpoint) publish(idsAndKeys ...any) {
	e.answer(http.StatusOK, keySet(idsAndKeys...))
}

func (e *endpoint) answer(status int, body string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status, e.body = status, body
}

func (e *endpoint) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fetches
}

func keySet(idsAndKeys ...any) string {
	set := jwkset.NewMemoryStorage()
	add := func(kid string, key *rsa.PrivateKey, use jwkset.USE, alg jwkset.ALG) {
		jwk, err := jwkset.NewJWKFromKey(&key.PublicKey, jwkset.JWKOptions{
			Metadata: jwkset.JWKMetadataOptions{KID: kid, USE: use, ALG: alg},
		})
		if err != nil {
			panic(err)
		}
		_ = set.KeyWrite(context.Background(), jwk)
	}
	add("encryption", keyOne, jwkset.UseEnc, jwkset.AlgRS256)
	add("plain", keyOne, "", "")
	add("", keyOne, jwkset.UseSig, jwkset.AlgRS256)
	for i := 0; i < len(idsAndKeys); i += 2 {
		add(idsAndKeys[i].(string), idsAndKeys[i+1].(*rsa.PrivateKey), jwkset.UseSig, jwkset.AlgRS256)
	}
	body, err := set.JSONPublic(context.Background())
	if err != nil {
		panic(err)
	}
	return string(body)
}

// goodBody is what Firebase puts into a token for somebody signed in by Google.
func goodBody() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuerPrefix + project, "aud": project,
		"sub": "ada", "user_id": "ada", "name": "Ada Æble",
		"email": "ada@example.dk", "email_verified": true,
		"auth_time": noon.Add(-2 * time.Minute).Unix(),
		"iat":       noon.Add(-time.Minute).Unix(),
		"exp":       noon.Add(59 * time.Minute).Unix(),
		"firebase":  map[string]any{"sign_in_provider": "google.com"},
	}
}

// sign makes a token as Firebase does; a nil kid leaves it out of the header.
func sign(t *testing.T, kid any, key *rsa.PrivateKey, body jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, body)
	if kid != nil {
		token.Header["kid"] = kid
	}
	return signed(t, token, key)
}

// signWith makes an otherwise good token by another method.
func signWith(t *testing.T, method jwt.SigningMethod, key any, kid string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, goodBody())
	token.Header["kid"] = kid
	return signed(t, token, key)
}

func signed(t *testing.T, token *jwt.Token, key any) string {
	t.Helper()
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// goodBodyAt is goodBody at another time than noon.
func goodBodyAt(now time.Time) map[string]any {
	body := goodBody()
	body["auth_time"], body["iat"], body["exp"] = now.Unix(), now.Unix(), now.Add(time.Hour).Unix()
	return body
}
