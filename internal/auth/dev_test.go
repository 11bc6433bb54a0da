package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
)

// The development server takes its own tokens, for as long as they last.
func TestDevIssuer(t *testing.T) {
	now := clock.NewManual(noon)
	d, err := NewDevIssuer(now)
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.Issue("ada", "Ada Æble", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Verifier().Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{
		UID: "ada", Email: "ada@faellesskab.example", EmailVerified: true, Name: "Ada Æble",
		IssuedAt: noon, ExpiresAt: noon.Add(time.Hour), AuthTime: noon, SignInProvider: "password",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	now.Advance(time.Hour + allowedSkew)
	wantRefusal(t, verify(d.Verifier(), token), "auth.token.expired")

	if _, err := d.Issue("", "Nobody", time.Hour); err == nil {
		t.Error("a token for nobody")
	}
}

// A development token looks like Firebase's in every claim.
func TestDevIssuerClaims(t *testing.T) {
	d, err := NewDevIssuer(clock.NewManual(noon))
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.Issue("ada", "Ada", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	body := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, body); err != nil {
		t.Fatal(err)
	}
	for _, claim := range []string{
		"iss", "aud", "auth_time", "user_id", "sub", "iat", "exp", "name", "email", "email_verified", "firebase",
	} {
		if body[claim] == nil {
			t.Errorf("no %s", claim)
		}
	}
	if body["aud"] != DevProjectID {
		t.Errorf("aud is %v: Firebase writes a string, not a list", body["aud"])
	}
}

// The key set lets another verifier check the tokens, and gives nothing away.
func TestDevIssuerJWKS(t *testing.T) {
	now := clock.NewManual(noon)
	d, err := NewDevIssuer(now)
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	d.JWKS().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(recorder.Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%v: %s", err, recorder.Body)
	}
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		if _, ok := set.Keys[0][private]; ok {
			t.Errorf("the key set holds %q of the private key", private)
		}
	}

	e := newEndpoint(t)
	e.answer(http.StatusOK, recorder.Body.String())
	client := &http.Client{Transport: e.transport}
	token, err := d.Issue("ada", "Ada", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for projectID, key := range map[string]string{DevProjectID: "", project: "auth.token.invalid"} {
		v, err := NewFirebaseVerifier(t.Context(), FirebaseOptions{ProjectID: projectID, JWKSURL: e.URL, Clock: now, HTTPClient: client})
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, verify(v, token), key)
		v.Close()
	}
}

// One server's tokens are nothing to another.
func TestDevIssuersDiffer(t *testing.T) {
	now := clock.NewManual(noon)
	one, err := NewDevIssuer(now)
	if err != nil {
		t.Fatal(err)
	}
	two, err := NewDevIssuer(now)
	if err != nil {
		t.Fatal(err)
	}
	token, err := one.Issue("ada", "Ada", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, verify(two.Verifier(), token), "auth.token.invalid")
}

func TestBearerToken(t *testing.T) {
	for _, c := range []struct {
		headers []string
		token   string
	}{
		{nil, ""},
		{[]string{"Bearer abc.def.ghi"}, "abc.def.ghi"},
		{[]string{"bearer abc"}, "abc"},
		{[]string{"Bearer   abc "}, "abc"},
		{[]string{"Bearer"}, ""},
		{[]string{"Bearer "}, ""},
		{[]string{"abc"}, ""},
		{[]string{"Basic YTpi"}, ""},
		{[]string{"Bearerabc"}, ""},
		{[]string{"Bearer abc def"}, ""},
		{[]string{"Bearer abc, Bearer def"}, ""},
		{[]string{"Bearer abc", "Bearer def"}, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, h := range c.headers {
			r.Header.Add("Authorization", h)
		}
		token, ok := BearerToken(r)
		if token != c.token || ok != (c.token != "") {
			t.Errorf("%q: got %q, %t", strings.Join(c.headers, " and "), token, ok)
		}
	}
}
