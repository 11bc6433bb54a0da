package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"faellesskab/internal/clock"
)

// GoogleJWKSURL is where Google publishes the keys that sign ID tokens.
const GoogleJWKSURL = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"

// FirebaseOptions say which tokens are accepted. Only ProjectID is required.
type FirebaseOptions struct {
	ProjectID  string
	JWKSURL    string       // default: GoogleJWKSURL
	Clock      clock.Clock  // default: the machine's
	Logger     *slog.Logger // default: one that logs nothing
	HTTPClient *http.Client // default: a client of its own
}

// FirebaseVerifier checks the ID tokens of one Firebase project. Safe for
// concurrent use.
type FirebaseVerifier struct {
	*tokenVerifier

	keys *remoteKeys
	idle func() // lets go of connections that nobody else uses
}

// NewFirebaseVerifier starts to fetch keys in the background and returns at once. So an
// endpoint that is down does not stop the program from starting; only the first sign-ins are
// Unavailable. Fetching ends with Close, or with the context.
func NewFirebaseVerifier(ctx context.Context, o FirebaseOptions) (*FirebaseVerifier, error) {
	if o.ProjectID == "" {
		return nil, errors.New("verify Firebase tokens: no project id")
	}
	if o.JWKSURL == "" {
		o.JWKSURL = GoogleJWKSURL
	}
	if u, err := url.Parse(o.JWKSURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("verify Firebase tokens: the address of the keys is not an http address")
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	idle := func() {}
	if o.HTTPClient == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		o.HTTPClient = &http.Client{Transport: transport}
		idle = transport.CloseIdleConnections
	}
	keys := newRemoteKeys(ctx, o.JWKSURL, o.HTTPClient, o.Clock, o.Logger)
	verifier, err := newTokenVerifier(o.ProjectID, o.Clock, keys)
	if err != nil {
		keys.close()
		return nil, fmt.Errorf("verify Firebase tokens: %w", err)
	}
	return &FirebaseVerifier{tokenVerifier: verifier, keys: keys, idle: idle}, nil
}

// Close ends the background work and waits for its end. Tokens signed with known keys still
// pass.
func (v *FirebaseVerifier) Close() {
	v.keys.close()
	v.idle()
}
