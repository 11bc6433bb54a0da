package auth

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Verify returns everything that a good token says.
func TestVerifyGood(t *testing.T) {
	v, _, _ := newFixture(t)
	got, err := v.Verify(t.Context(), sign(t, "one", keyOne, goodBody()))
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{
		UID: "ada", Email: "ada@example.dk", EmailVerified: true, Name: "Ada Æble",
		IssuedAt: noon.Add(-time.Minute), ExpiresAt: noon.Add(59 * time.Minute), AuthTime: noon.Add(-2 * time.Minute),
		SignInProvider: "google.com",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Each claim is tried at the edge of what is allowed and one step beyond it.
func TestVerifyClaims(t *testing.T) {
	at := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	for name, c := range map[string]struct {
		claim string
		value any // nil: the claim is left out
		key   string
	}{
		"expired within the skew":   {"exp", at(-59 * time.Second), ""},
		"expired":                   {"exp", at(-60 * time.Second), "auth.token.expired"},
		"no expiry":                 {"exp", nil, "auth.token.invalid"},
		"expiry not a number":       {"exp", "tomorrow", "auth.token.invalid"},
		"issued within the skew":    {"iat", at(60 * time.Second), ""},
		"issued in the future":      {"iat", at(61 * time.Second), "auth.token.invalid"},
		"no time of issue":          {"iat", nil, "auth.token.invalid"},
		"signed in within the skew": {"auth_time", at(60 * time.Second), ""},
		"signed in in the future":   {"auth_time", at(61 * time.Second), "auth.token.invalid"},
		"no time of sign-in":        {"auth_time", nil, "auth.token.invalid"},
		"wrong audience":            {"aud", "another-project", "auth.token.invalid"},
		"one audience too many":     {"aud", []string{project, "another-project"}, "auth.token.invalid"},
		"no audience":               {"aud", nil, "auth.token.invalid"},
		"wrong issuer":              {"iss", issuerPrefix + "another-project", "auth.token.invalid"},
		"issuer of another kind":    {"iss", "https://accounts.google.com", "auth.token.invalid"},
		"no issuer":                 {"iss", nil, "auth.token.invalid"},
		"empty subject":             {"sub", "", "auth.token.invalid"},
		"no subject":                {"sub", nil, "auth.token.invalid"},
		"subject of 128":            {"sub", strings.Repeat("å", 128), ""},
		"subject of 129":            {"sub", strings.Repeat("a", 129), "auth.token.invalid"},
		"subject not a string":      {"sub", 7, "auth.token.invalid"},
		"not valid yet":             {"nbf", at(61 * time.Second), "auth.token.invalid"},
		"no name and no provider":   {"firebase", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, _, _ := newFixture(t)
			body := goodBody()
			body[c.claim] = c.value
			if c.value == nil {
				delete(body, c.claim)
			}
			_, err := v.Verify(t.Context(), sign(t, "one", keyOne, body))
			wantRefusal(t, err, c.key)
		})
	}
}

// Tokens are refused if their signature, header or form is not what Firebase makes.
func TestVerifyForgeries(t *testing.T) {
	v, _, _ := newFixture(t)
	good := sign(t, "one", keyOne, goodBody())
	parts := strings.Split(good, ".")
	long := goodBody()
	long["name"] = strings.Repeat("a", maxTokenBytes)
	reencode := func(b string) string { return base64.RawURLEncoding.EncodeToString([]byte(b)) }
	for name, token := range map[string]string{
		"alg none":                   signWith(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "one"),
		"alg none, signature kept":   reencode(`{"alg":"none","kid":"one"}`) + "." + parts[1] + "." + parts[2],
		"HS256 by the public PEM":    signWith(t, jwt.SigningMethodHS256, publicPEM(t, keyOne), "one"),
		"HS256 by the PKCS1 PEM":     signWith(t, jwt.SigningMethodHS256, pkcs1PEM(keyOne), "one"),
		"RS512 by the right key":     signWith(t, jwt.SigningMethodRS512, keyOne, "one"),
		"PS256 by the right key":     signWith(t, jwt.SigningMethodPS256, keyOne, "one"),
		"RS512 by a plain key":       signWith(t, jwt.SigningMethodRS512, keyOne, "plain"),
		"PS256 by a plain key":       signWith(t, jwt.SigningMethodPS256, keyOne, "plain"),
		"HS256 by a plain key":       signWith(t, jwt.SigningMethodHS256, publicPEM(t, keyOne), "plain"),
		"another key under the kid":  sign(t, "one", keyTwo, goodBody()),
		"unknown kid":                sign(t, "nobody", keyOne, goodBody()),
		"no kid":                     sign(t, nil, keyOne, goodBody()),
		"empty kid":                  sign(t, "", keyOne, goodBody()),
		"kid not a string":           sign(t, 1, keyOne, goodBody()),
		"key published to encrypt":   sign(t, "encryption", keyOne, goodBody()),
		"first bit of the signature": flip(t, good, 0),
		"last bit of the signature":  flip(t, good, 256*8-1),
		"unused bit at the end":      good[:len(good)-1] + string(nextInAlphabet(good[len(good)-1])),
		"body of another token":      parts[0] + "." + reencode(`{"sub":"mallory"}`) + "." + parts[2],
		"empty":                      "",
		"one dot":                    parts[0] + "." + parts[1],
		"three dots":                 good + ".",
		"no signature":               parts[0] + "." + parts[1] + ".",
		"not base64":                 "?.?.?",
		"padded":                     good + "=",
		"header not JSON":            reencode("{") + "." + parts[1] + "." + parts[2],
		"header null":                reencode("null") + "." + parts[1] + "." + parts[2],
		"body null":                  parts[0] + "." + reencode("null") + "." + parts[2],
		"body a list":                parts[0] + "." + reencode("[]") + "." + parts[2],
		"no alg":                     reencode(`{"kid":"one"}`) + "." + parts[1] + "." + parts[2],
		"very long":                  sign(t, "one", keyOne, long),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Verify(t.Context(), token)
			wantRefusal(t, err, "auth.token.invalid")
		})
	}
	wantRefusal(t, verify(v, good), "") // the token from which the forgeries were made
	wantRefusal(t, verify(v, sign(t, "plain", keyOne, goodBody())), "")
}

// A key takes over from another; the old one is refused once it is withdrawn.
func TestVerifyRotation(t *testing.T) {
	v, endpoint, now := newFixture(t)
	before, after := sign(t, "one", keyOne, goodBody()), sign(t, "two", keyTwo, goodBody())
	wantRefusal(t, verify(v, before), "")
	wantRefusal(t, verify(v, after), "auth.token.invalid")

	endpoint.publish("one", keyOne, "two", keyTwo)
	wantRefusal(t, verify(v, after), "auth.token.invalid") // the last fetch was a moment ago
	now.Advance(unknownKeyPause)
	wantRefusal(t, verify(v, after), "")
	wantRefusal(t, verify(v, before), "")

	endpoint.publish("two", keyTwo)
	now.Advance(unknownKeyPause)
	wantRefusal(t, verify(v, sign(t, "three", keyOne, goodBody())), "auth.token.invalid")
	wantRefusal(t, verify(v, before), "auth.token.invalid")
	wantRefusal(t, verify(v, after), "")
}

func TestNewFirebaseVerifierRefuses(t *testing.T) {
	for name, o := range map[string]FirebaseOptions{
		"no project":     {},
		"not an address": {ProjectID: project, JWKSURL: "keys"},
		"a file":         {ProjectID: project, JWKSURL: "file:///keys.json"},
	} {
		if _, err := NewFirebaseVerifier(t.Context(), o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// With nothing but a project, everything else has a default and Close ends it.
func TestFirebaseVerifierDefaults(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // Nothing is fetched from Google by a test.
	v, err := NewFirebaseVerifier(ctx, FirebaseOptions{ProjectID: project})
	if err != nil {
		t.Fatal(err)
	}
	v.Close()
	v.Close()
	wantRefusal(t, verify(v, sign(t, "one", keyOne, goodBody())), "auth.keys.unavailable")
}

func publicPEM(t *testing.T, key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func pkcs1PEM(key *rsa.PrivateKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)})
}

// flip turns one bit of the signature over.
func flip(t *testing.T, token string, bit int) string {
	t.Helper()
	dot := strings.LastIndexByte(token, '.')
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil {
		t.Fatal(err)
	}
	signature[bit/8] ^= 0x80 >> (bit % 8)
	return token[:dot+1] + base64.RawURLEncoding.EncodeToString(signature)
}

// nextInAlphabet differs from the last character of a 256 byte signature only
// in a bit that a lenient decoder throws away.
func nextInAlphabet(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

func verify(v Verifier, token string) error {
	_, err := v.Verify(context.Background(), token)
	return err
}

// wantRefusal checks the key of the fault; an empty key means no error.
func wantRefusal(t *testing.T, err error, key string) {
	t.Helper()
	if key == "" {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	kind := fault.KindUnauthenticated
	if key == "auth.keys.unavailable" {
		kind = fault.KindUnavailable
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Errorf("got %v, want the fault %s", err, key)
	} else if f.Key != key || f.Kind != kind || f.Err == nil {
		t.Errorf("got %v of kind %v, want %s with a cause", err, f.Kind, key)
	}
}

// newFixture is a verifier that has its keys, the endpoint from which it got them, and a
// clock that stands at noon.
func newFixture(t *testing.T) (*FirebaseVerifier, *endpoint, *clock.Manual) {
	t.Helper()
	e, now := newEndpoint(t), clock.NewManual(noon)
	e.publish("one", keyOne)
	v, err := NewFirebaseVerifier(t.Context(), FirebaseOptions{
		ProjectID: project, JWKSURL: e.URL, Clock: now, HTTPClient: &http.Client{Transport: e.transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v, e, now
}
