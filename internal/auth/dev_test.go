package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	d := newDevIssuer(t, now)
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
	d := newDevIssuer(t, clock.NewManual(noon))
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
	d := newDevIssuer(t, now)
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
	one := newDevIssuer(t, now)
	two := newDevIssuer(t, now)
	token, err := one.Issue("ada", "Ada", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, verify(two.Verifier(), token), "auth.token.invalid")
}

// A token outlives the server that signed it, if the key is kept.
func TestDevKeyIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "dev-key.pem")
	if _, err := ReadDevKey(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a key that nobody made: %v", err)
	}
	now := clock.NewManual(noon)
	before := newDevIssuer(t, now)
	token, err := before.Issue("ada", "Ada", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteDevKey(path, before.key); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside the key there is %v, %v", left, err)
	}
	key, err := ReadDevKey(path)
	if err != nil {
		t.Fatal(err)
	}
	after, err := NewDevIssuer(now, key)
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, verify(after.Verifier(), token), "")
	if err := WriteDevKey(filepath.Join(path, "below a file"), key); err == nil {
		t.Error("a key was kept below a file")
	}
}

// shortKey is an RSA key of 512 bits, which Go does not sign with.
const shortKey = `-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAx6iPdKJIjiXv83Yy
XMYrepBLGU3nyiw5Yr32Jk4xnpcoOAemjwCZg3lnB3oBGhrR7ijasuaOuaUZaT57
sJQoOwIDAQABAkAfvEI5JsZjmdIfH613o6Qrkh3twr1SHF9uu4URp6Ipc9Np1ru/
x0fDgZ7jZB0hSwa42R1NRmBCU1rMLsvUQMbpAiEA61UrV5K6X1RUfJsHcp0IAsth
kC5Li+dufx2rvHXaG/cCIQDZMVmm+gmJqmduXh6+CBd0FnhmpaR74s+hKb4+rN0c
3QIhANdhytpKmzKWjwDALq/SUrukArYf+NqhxPqoYD6LKkT/AiAPSoArV1MwlASw
KoQzkNJF5AcaAvNvnWpMyGmSdA0lKQIhALZ0LiUsLMdGQLCsYKAnHPgNssGM930g
LIpiYKlWmJdL
-----END PRIVATE KEY-----
`

func TestDamagedDevKeys(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"empty": "", "no PEM": "key", "no key": "-----BEGIN PRIVATE KEY-----\naGVq\n-----END PRIVATE KEY-----\n",
		"another kind": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"too short":    shortKey,
	} {
		path := filepath.Join(t.TempDir(), "dev-key.pem")
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadDevKey(path); err == nil || !strings.Contains(err.Error(), path+" holds no key") || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func newDevIssuer(t *testing.T, c clock.Clock) *DevIssuer {
	t.Helper()
	key, err := NewDevKey()
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDevIssuer(c, key)
	if err != nil {
		t.Fatal(err)
	}
	return d
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
