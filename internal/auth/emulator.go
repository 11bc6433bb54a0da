package auth

import (
	"context"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/clock"
)

// demoProjectPrefix begins the id of each project of Firebase's Auth emulator. A production server
// of such a project would still ask for signatures.
const demoProjectPrefix = "demo-"

// emulatorVerifier takes the tokens of Firebase's Auth emulator, which are not signed, and leaves
// all others to the verifier beside it.
type emulatorVerifier struct {
	unsigned *tokenVerifier
	signed   Verifier
	peek     *jwt.Parser
}

// WithEmulator takes what signed takes, and besides that the unsigned tokens of one project of the
// Auth emulator. Anybody can write such a token, so it is for development on one's own machine
// only. Every claim is checked as in production. Returns an error unless the project is the
// emulator's.
func WithEmulator(signed Verifier, projectID string, c clock.Clock) (Verifier, error) {
	if !strings.HasPrefix(projectID, demoProjectPrefix) {
		return nil, fmt.Errorf("take unsigned tokens: the project %q does not begin with %s", projectID, demoProjectPrefix)
	}
	noKey := func(context.Context) jwt.Keyfunc {
		return func(*jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil }
	}
	return &emulatorVerifier{
		unsigned: &tokenVerifier{clock: c, key: noKey, parser: newParser(projectID, jwt.SigningMethodNone, c)},
		signed:   signed,
		peek:     jwt.NewParser(),
	}, nil
}

// Verify lets the token say who checks it. A token that says it is not signed is never taken for
// another project than the emulator's.
func (v *emulatorVerifier) Verify(ctx context.Context, token string) (Claims, error) {
	if len(token) <= maxTokenBytes {
		if t, _, err := v.peek.ParseUnverified(token, jwt.MapClaims{}); err == nil && t.Method == jwt.SigningMethodNone {
			return v.unsigned.Verify(ctx, token)
		}
	}
	return v.signed.Verify(ctx, token)
}
