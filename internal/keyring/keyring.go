package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// Ring are the keys. They do not change.
type Ring struct {
	signing ed25519.PrivateKey
	kid     string // of the key that signs
	known   map[string]ed25519.PublicKey
	set     []byte
}

// errNoEd25519 is what is wrong with a key of another kind.
var errNoEd25519 = errors.New("a key is not one of Ed25519 (kty OKP, crv Ed25519)")

// Parse reads a set of JSON Web Keys, {"keys": [...]}. The first has a private part (d) and signs; of the others the
// public part (x) is enough. The error names no key.
func Parse(text string) (*Ring, error) {
	var given jwkset.JWKSMarshal
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return nil, errors.New(`they are no JSON of the form {"keys": [...]}`)
	}
	if len(given.Keys) == 0 {
		return nil, errors.New("there is no key")
	}
	r := &Ring{known: map[string]ed25519.PublicKey{}}
	var published jwkset.JWKSMarshal
	for i, k := range given.Keys {
		public, private, err := parts(k)
		if err != nil {
			return nil, err
		}
		kid := Thumbprint(public)
		switch {
		case i == 0 && private == nil:
			return nil, errors.New("the first key has no private part (d), so it cannot sign")
		case i == 0:
			r.signing, r.kid = private, kid
		case r.known[kid] != nil:
			return nil, errors.New("a key is there twice")
		}
		r.known[kid] = public
		published.Keys = append(published.Keys, marshal(public, kid))
	}
	var err error
	r.set, err = json.Marshal(published)
	return r, err
}

// parts are the parts of a key; private is nil if it has none.
func parts(k jwkset.JWKMarshal) (ed25519.PublicKey, ed25519.PrivateKey, error) {
	if k.KTY != jwkset.KtyOKP || k.CRV != jwkset.CrvEd25519 {
		return nil, nil, errNoEd25519
	}
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil || len(x) != ed25519.PublicKeySize {
		return nil, nil, errors.New("the public part (x) of a key is not 32 bytes in base64url")
	}
	if k.D == "" {
		return x, nil, nil
	}
	seed, err := base64.RawURLEncoding.DecodeString(k.D)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, nil, errors.New("the private part (d) of a key is not 32 bytes in base64url")
	}
	private := ed25519.NewKeyFromSeed(seed)
	if !bytes.Equal(private[ed25519.SeedSize:], x) {
		return nil, nil, errors.New("the private part (d) of a key does not belong to its public part (x)")
	}
	return x, private, nil
}

func marshal(public ed25519.PublicKey, kid string) jwkset.JWKMarshal {
	return jwkset.JWKMarshal{KTY: jwkset.KtyOKP, CRV: jwkset.CrvEd25519, X: base64.RawURLEncoding.EncodeToString(public),
		ALG: jwkset.AlgEdDSA, USE: jwkset.UseSig, KID: kid}
}

// Thumbprint is the name of a key, which follows from it (RFC 7638).
func Thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Renew is a set with a new key in front of those of an earlier set, of which it keeps the public parts. The earlier set
// may be empty.
func Renew(earlier string) (string, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	k := jwkset.JWKMarshal{KTY: jwkset.KtyOKP, CRV: jwkset.CrvEd25519, X: base64.RawURLEncoding.EncodeToString(public),
		D: base64.RawURLEncoding.EncodeToString(private.Seed())}
	set := jwkset.JWKSMarshal{Keys: []jwkset.JWKMarshal{k}}
	if earlier != "" {
		if _, err := Parse(earlier); err != nil {
			return "", err
		}
		var given jwkset.JWKSMarshal
		if err := json.Unmarshal([]byte(earlier), &given); err != nil {
			return "", err
		}
		for _, old := range given.Keys {
			set.Keys = append(set.Keys, jwkset.JWKMarshal{KTY: old.KTY, CRV: old.CRV, X: old.X})
		}
	}
	text, err := json.Marshal(set)
	return string(text), err
}

// Chance is a ring of one key of chance, which no other process has.
func Chance() *Ring {
	text, err := Renew("")
	if err != nil {
		panic("keyring: " + err.Error()) // the machine gives no chance
	}
	r, err := Parse(text)
	if err != nil {
		panic("keyring: " + err.Error())
	}
	return r
}

// Set are the public parts of all keys, as a JSON Web Key Set.
func (r *Ring) Set() []byte { return r.set }

// Sign signs claims as a token of a type (typ).
func (r *Ring) Sign(typ string, claims jwt.Claims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	token.Header["typ"], token.Header["kid"] = typ, r.kid
	signed, err := token.SignedString(r.signing)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}

// Read checks that one of the keys has signed a token of a type, the one that the token names and with Ed25519, and
// reads its claims. From when they hold is no question: whoever has signed them knows it, and a clock that is put back
// makes no forgery of them.
func (r *Ring) Read(token, typ string, claims jwt.Claims) error {
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	_, err := parser.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		if t.Header["typ"] != typ {
			return nil, fmt.Errorf("the token is of the type %v", t.Header["typ"])
		}
		kid, _ := t.Header["kid"].(string)
		if key, ok := r.known[kid]; ok {
			return key, nil
		}
		return nil, errors.New("no key has that name")
	})
	if err != nil {
		return fmt.Errorf("read a token: %w", err)
	}
	return nil
}

// Pretends reads the claims of a token that nobody may have signed, and reports whether it can be read.
func Pretends(token string, claims jwt.Claims) bool {
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	return err == nil
}
