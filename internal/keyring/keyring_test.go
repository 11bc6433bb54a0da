package keyring_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/keyring"
)

const typ = "vc+jwt"

var now = time.Date(2030, 3, 1, 12, 0, 0, 0, time.UTC)

// key is the JSON Web Key of a seed that is one letter again and again.
func key(letter string) (public ed25519.PublicKey, private ed25519.PrivateKey, jwk map[string]string) {
	private = ed25519.NewKeyFromSeed([]byte(strings.Repeat(letter, ed25519.SeedSize)))
	public = private.Public().(ed25519.PublicKey)
	return public, private, map[string]string{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public),
		"d": base64.RawURLEncoding.EncodeToString(private.Seed())}
}

func set(t *testing.T, keys ...map[string]string) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ring(t *testing.T, text string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func claims() *jwt.RegisteredClaims {
	return &jwt.RegisteredClaims{Issuer: "https://x.example", ID: "one", NotBefore: jwt.NewNumericDate(now)}
}

func read(r *keyring.Ring, token string) error {
	return r.Read(token, typ, &jwt.RegisteredClaims{})
}

// Known break 45: what key 1 has signed can be read after key 2 has come, also if of key 1 only the public part is left.
func TestKnownBreak45AnEarlierKeyStillChecks(t *testing.T) {
	t.Parallel()
	before, err := keyring.Renew("")
	if err != nil {
		t.Fatal(err)
	}
	old, err := ring(t, before).Sign(typ, claims())
	if err != nil {
		t.Fatal(err)
	}
	text, err := keyring.Renew(before)
	if err != nil {
		t.Fatal(err)
	}
	after := ring(t, text)
	if strings.Count(text, `"d"`) != 1 || strings.Contains(string(after.Set()), `"d"`) || strings.Count(string(after.Set()), `"kid"`) != 2 {
		t.Errorf("the set has other parts than it should: %s", after.Set())
	}
	if err := read(after, old); err != nil {
		t.Error(err)
	}
	anew, err := after.Sign(typ, claims())
	if err != nil || anew == old || read(after, anew) != nil {
		t.Errorf("the new key signs %v", err)
	}
	if read(ring(t, before), anew) == nil {
		t.Error("a key is known that is not in the set")
	}
}

// Known breaks 45 and 46: whatever is wrong with a token, it is refused: the algorithm belongs to the key, and the token does not choose it.
func TestKnownBreak46ForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	public1, private1, jwk1 := key("1")
	public2, _, jwk2 := key("2")
	r := ring(t, set(t, jwk1, jwk2))
	good, err := r.Sign(typ, claims())
	if err != nil || read(r, good) != nil {
		t.Fatal(err)
	}
	head := func(fields map[string]any) string {
		raw, _ := json.Marshal(fields)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	parts := strings.Split(good, ".")
	signed := func(fields map[string]any) string {
		text := head(fields) + "." + parts[1]
		return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(private1, []byte(text)))
	}
	kid1, kid2 := keyring.Thumbprint(public1), keyring.Thumbprint(public2)
	withMAC := head(map[string]any{"alg": "HS256", "typ": typ, "kid": kid1}) + "." + parts[1]
	mac := hmac.New(sha256.New, public1)
	mac.Write([]byte(withMAC))
	for name, token := range map[string]string{
		"signed by key 1 and labelled 2": signed(map[string]any{"alg": "EdDSA", "typ": typ, "kid": kid2}),
		"without a key":                  signed(map[string]any{"alg": "EdDSA", "typ": typ}),
		"of an unknown key":              signed(map[string]any{"alg": "EdDSA", "typ": typ, "kid": "x"}),
		"of another type":                signed(map[string]any{"alg": "EdDSA", "typ": "JWT", "kid": kid1}),
		"with a key of its own":          signed(map[string]any{"alg": "EdDSA", "typ": typ, "jwk": jwk1}),
		"of no algorithm":                head(map[string]any{"alg": "none", "typ": typ, "kid": kid1}) + "." + parts[1] + ".",
		"HS256 with the public key":      withMAC + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)),
		"without a signature":            parts[0] + "." + parts[1] + ".",
		"nothing":                        "",
	} {
		if read(r, token) == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	if read(r, signed(map[string]any{"alg": "EdDSA", "typ": typ, "kid": kid1})) != nil {
		t.Error("a token that another program has put together in the same way is refused")
	}
	for i := range good { // also the last letter, whose last bits mean nothing
		for _, other := range []byte("AB") {
			altered := []byte(good)
			if altered[i] == other || altered[i] == '.' {
				continue
			}
			if altered[i] = other; read(r, string(altered)) == nil {
				t.Fatalf("with %c at %d it is taken", other, i)
			}
		}
	}
}

// A set that would not do is refused, and no key is told.
func TestSetsThatWouldNotDo(t *testing.T) {
	t.Parallel()
	_, _, one := key("1")
	_, _, two := key("2")
	public := map[string]string{"kty": "OKP", "crv": "Ed25519", "x": one["x"]}
	with := func(name, value string) map[string]string {
		k := map[string]string{}
		for n, v := range one {
			k[n] = v
		}
		k[name] = value
		return k
	}
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "x", "no keys": `{}`, "an empty set": set(t), "a first key that cannot sign": set(t, public, two),
		"a key twice": set(t, one, public), "a key of another kind": set(t, with("kty", "RSA")), "another curve": set(t, with("crv", "X25519")),
		"half a public part": set(t, with("x", one["x"][:10])), "half a private part": set(t, with("d", one["d"][:10])), "parts of two keys": set(t, with("d", two["d"])),
	} {
		r, err := keyring.Parse(text)
		if err == nil || r != nil {
			t.Errorf("%s: it is taken", name)
		} else if strings.Contains(err.Error(), one["d"][:10]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// This key and its thumbprint are those of RFC 8037, A.3.
	x, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if got := keyring.Thumbprint(x); err != nil || got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Errorf("the thumbprint is %s, %v", got, err)
	}
}
