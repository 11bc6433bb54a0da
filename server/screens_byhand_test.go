package main

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	"faellesskab/internal/testkit/byhand"
)

// byHand is the handler written by hand, on the database of a server, for whose tokens it was written.
func (w *screensWorld) byHand(t testing.TB, app *App) http.Handler {
	t.Helper()
	return byhand.New(app.db.Collection("persons").Database(), byhand.Options{Key: keyOf(t, app), Now: app.db.Now, People: w.People,
		Issuer: "https://securetoken.google.com/" + auth.DevProjectID, Audience: auth.DevProjectID})
}

// keyOf is the key that a server's tokens are signed with.
func keyOf(t testing.TB, app *App) *rsa.PublicKey {
	t.Helper()
	served := httptest.NewRecorder()
	app.http.Handler.ServeHTTP(served, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "http://127.0.0.1/dev/jwks", http.NoBody))
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(served.Body.Bytes(), &set); err != nil {
		t.Fatal(err)
	}
	key, err := jwkset.NewJWKFromMarshal(set.Keys[0], jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	public, ok := key.Key().(*rsa.PublicKey)
	if !ok {
		t.Fatalf("the key is a %T", key.Key())
	}
	return public
}

// compareByHand compares what is answered by hand with what the server has answered.
func (c screenCall) compareByHand(t testing.TB, answered string, hand http.Handler, r *http.Request) {
	t.Helper()
	written := httptest.NewRecorder()
	hand.ServeHTTP(written, r)
	said := written.Body.Bytes()
	if c.ByHand[1] != "" {
		said = bytes.ReplaceAll(said, []byte(c.ByHand[1]), []byte(c.ByHand[0]))
	}
	var got, want any
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatalf("%s by hand: %v in %d %s", c.Name, err, written.Code, written.Body)
	}
	if err := json.Unmarshal([]byte(answered), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s by hand (-server +by hand):\n%s", c.Name, diff)
	}
}
