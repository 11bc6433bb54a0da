package auth

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
)

const demoProject = "demo-faellesskab"

// The emulator's sign-ins are taken beside those of the development server.
func TestWithEmulator(t *testing.T) {
	v, d, now := newEmulator(t)
	got, err := v.Verify(t.Context(), unsigned(t, emulatorBody()))
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{
		UID: "ada", Email: "ada@example.dk", Name: "Ada Æble",
		IssuedAt: noon.Add(-time.Minute), ExpiresAt: noon.Add(59 * time.Minute), AuthTime: noon.Add(-2 * time.Minute),
		SignInProvider: "password",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	token, err := d.Issue("ada", "Ada", 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, verify(v, token), "")
	now.Advance(time.Hour)
	wantRefusal(t, verify(v, unsigned(t, emulatorBody())), "auth.token.expired")
	wantRefusal(t, verify(v, token), "")
}

// Unsigned tokens are taken for the emulator's project alone, and hold what a signed one would.
func TestWithEmulatorRefuses(t *testing.T) {
	v, d, _ := newEmulator(t)
	good := unsigned(t, emulatorBody())
	parts := strings.Split(good, ".")
	with := func(change map[string]any) string {
		body := emulatorBody()
		maps.Copy(body, change)
		return unsigned(t, body)
	}
	for name, token := range map[string]string{
		"another demo project":            with(map[string]any{"aud": "demo-another", "iss": issuerPrefix + "demo-another"}),
		"audience of another project":     with(map[string]any{"aud": project}),
		"issuer of another project":       with(map[string]any{"iss": issuerPrefix + project}),
		"one audience too many":           with(map[string]any{"aud": []string{demoProject, DevProjectID}}),
		"the development server's own":    with(map[string]any{"aud": DevProjectID, "iss": issuerPrefix + DevProjectID}),
		"no subject":                      with(map[string]any{"sub": ""}),
		"issued in the future":            with(map[string]any{"iat": noon.Add(2 * time.Minute).Unix()}),
		"signed in in the future":         with(map[string]any{"auth_time": noon.Add(2 * time.Minute).Unix()}),
		"no expiry":                       with(map[string]any{"exp": nil}),
		"a signature all the same":        good + "c2lnbmF0dXJl",
		"signed by a key of nobody":       sign(t, "one", keyOne, emulatorBody()),
		"signed by the public key's text": signBody(t, jwt.SigningMethodHS256, []byte(d.kid), emulatorBody()),
		"no header":                       "." + parts[1] + ".",
		"very long":                       with(map[string]any{"name": strings.Repeat("a", maxTokenBytes)}),
		"nothing":                         "",
	} {
		t.Run(name, func(t *testing.T) { wantRefusal(t, verify(v, token), "auth.token.invalid") })
	}
	wantRefusal(t, verify(v, good), "")
}

// Without the emulator nobody takes an unsigned token, whatever project it names.
func TestUnsignedTokensAreRefusedWithoutTheEmulator(t *testing.T) {
	d := newDevIssuer(t, clock.NewManual(noon))
	for _, of := range []string{demoProject, DevProjectID} {
		body := emulatorBody()
		body["aud"], body["iss"] = of, issuerPrefix+of
		wantRefusal(t, verify(d.Verifier(), unsigned(t, body)), "auth.token.invalid")
	}
	for _, of := range []string{"", project, "xdemo-x", DevProjectID} {
		if _, err := WithEmulator(d.Verifier(), of, clock.NewManual(noon)); err == nil {
			t.Errorf("the project %q is taken for the emulator's", of)
		}
	}
}

func newEmulator(t *testing.T) (Verifier, *DevIssuer, *clock.Manual) {
	t.Helper()
	now := clock.NewManual(noon)
	d := newDevIssuer(t, now)
	v, err := WithEmulator(d.Verifier(), demoProject, now)
	if err != nil {
		t.Fatal(err)
	}
	return v, d, now
}

// emulatorBody is the body of a token as the emulator writes it.
func emulatorBody() jwt.MapClaims {
	body := goodBody()
	body["aud"], body["iss"], body["email_verified"] = demoProject, issuerPrefix+demoProject, false
	body["firebase"] = map[string]any{"identities": map[string]any{"email": []string{"ada@example.dk"}}, "sign_in_provider": "password"}
	return body
}

func unsigned(t *testing.T, body jwt.MapClaims) string {
	t.Helper()
	return signBody(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, body)
}

func signBody(t *testing.T, method jwt.SigningMethod, key any, body jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, body).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
