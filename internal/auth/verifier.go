package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// The bounds of a token. They are those of Firebase's own SDK, except for the skew, which is
// tighter.
const (
	allowedSkew   = time.Minute // between Google's clock and ours
	maxUIDLength  = 128         // characters
	maxTokenBytes = 8 << 10     // a Firebase ID token is one to two KiB
	issuerPrefix  = "https://securetoken.google.com/"
)

// Claims are what a checked token says about the person who signed in.
type Claims struct {
	UID           string // Firebase's id of the person, at most 128 characters
	Email         string // empty if the provider gave none
	EmailVerified bool   // whether the address is known to be the person's own
	Name          string // empty if the provider gave none
	Phone         string // in international form; Firebase has always checked it; empty: none

	IssuedAt  time.Time
	ExpiresAt time.Time
	AuthTime  time.Time // when the person last proved who they are

	SignInProvider string // "password", "google.com", "phone", …
}

// Verifier checks ID tokens.
type Verifier interface {
	// Verify checks a token and returns what it says. Returns Unauthenticated with the
	// key auth.token.expired or auth.token.invalid, or Unavailable if the keys to check
	// it could not be fetched.
	Verify(ctx context.Context, token string) (Claims, error)
}

// idToken is the body of a Firebase ID token.
type idToken struct {
	jwt.RegisteredClaims

	AuthTime      *jwt.NumericDate `json:"auth_time"`
	Email         string           `json:"email"`
	EmailVerified bool             `json:"email_verified"`
	Name          string           `json:"name"`
	Phone         string           `json:"phone_number"`
	Firebase      struct {
		SignInProvider string `json:"sign_in_provider"`
	} `json:"firebase"`
}

// tokenVerifier makes the checks. They are the same in production and development, which
// differ only in where the keys come from.
type tokenVerifier struct {
	clock   clock.Clock
	key     func(context.Context) jwt.Keyfunc
	parser  *jwt.Parser
	checked *checkedTokens // nil: every token is checked each time
}

func newTokenVerifier(projectID string, c clock.Clock, keys jwkset.Storage) (*tokenVerifier, error) {
	// A key that is published for encryption must not vouch for a person.
	lookup, err := keyfunc.New(keyfunc.Options{Storage: keys, UseWhitelist: []jwkset.USE{jwkset.UseSig, ""}})
	if err != nil {
		return nil, fmt.Errorf("look up signing keys: %w", err)
	}
	return &tokenVerifier{clock: c, key: named(lookup), parser: newParser(projectID, jwt.SigningMethodRS256, c), checked: &checkedTokens{}}, nil
}

// newParser checks what every token of a project must say, and that it is signed by that method.
func newParser(projectID string, method jwt.SigningMethod, c clock.Clock) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{method.Alg()}),
		jwt.WithAudience(projectID),
		jwt.WithIssuer(issuerPrefix+projectID),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(allowedSkew),
		jwt.WithTimeFunc(c.Now),
		// Without this, the unused bits at the end of the signature could
		// be changed and the token would still pass.
		jwt.WithStrictDecoding(),
	)
}

// Verify checks the signature first and the claims after it, unless it has just done so.
func (v *tokenVerifier) Verify(ctx context.Context, token string) (Claims, error) {
	if len(token) > maxTokenBytes {
		return Claims{}, refusal(fmt.Errorf("token of %d bytes", len(token)))
	}
	if v.checked == nil {
		checked, _, err := v.check(ctx, token)
		return checked.claims, err
	}
	hash := tokenHash(token)
	if claims, ok := v.remembered(ctx, hash); ok {
		return claims, nil
	}
	checked, end, err := v.check(ctx, token)
	if err == nil {
		v.remember(hash, checked, end)
	}
	return checked.claims, err
}

// check makes all checks of a token, and says when it ends.
func (v *tokenVerifier) check(ctx context.Context, token string) (checked checkedToken, end time.Time, err error) {
	checked.from = v.clock.Now()
	find := v.key(ctx)
	var body idToken
	_, err = v.parser.ParseWithClaims(token, &body, func(t *jwt.Token) (key any, err error) {
		checked.header = &jwt.Token{Method: t.Method, Header: t.Header}
		checked.key, err = find(t)
		return checked.key, err
	})
	if err == nil {
		err = v.checkBody(&body)
	}
	if err != nil {
		return checkedToken{}, end, refusal(err)
	}
	checked.claims = Claims{
		UID:            body.Subject,
		Email:          body.Email,
		EmailVerified:  body.EmailVerified,
		Name:           body.Name,
		Phone:          body.Phone,
		IssuedAt:       clock.Trim(body.IssuedAt.Time),
		ExpiresAt:      clock.Trim(body.ExpiresAt.Time),
		AuthTime:       clock.Trim(body.AuthTime.Time),
		SignInProvider: body.Firebase.SignInProvider,
	}
	return checked, body.ExpiresAt.Add(allowedSkew), nil
}

// named finds the key that the token names. It refuses a token that names none, because the
// library would try every key it knows.
func named(keys keyfunc.Keyfunc) func(context.Context) jwt.Keyfunc {
	return func(ctx context.Context) jwt.Keyfunc {
		find := keys.KeyfuncCtx(ctx)
		return func(t *jwt.Token) (any, error) {
			if kid, ok := t.Header[jwkset.HeaderKID].(string); !ok || kid == "" {
				return nil, errors.New("token names no key")
			}
			return find(t)
		}
	}
}

// checkBody makes the checks of Firebase's SDK that the parser does not.
func (v *tokenVerifier) checkBody(body *idToken) error {
	switch latest := v.clock.Now().Add(allowedSkew); {
	case len(body.Audience) != 1:
		return fmt.Errorf("token for %d audiences", len(body.Audience))
	case body.Subject == "":
		return errors.New("token without a subject")
	case utf8.RuneCountInString(body.Subject) > maxUIDLength:
		return fmt.Errorf("subject of %d characters", utf8.RuneCountInString(body.Subject))
	case body.IssuedAt == nil:
		return errors.New("token without a time of issue")
	case body.AuthTime == nil:
		return errors.New("token without a time of sign-in")
	case body.AuthTime.After(latest):
		return fmt.Errorf("signed in at %s, which is in the future", body.AuthTime)
	}
	return nil
}

// refusal turns the cause of a refusal into a fault with what the caller may know.
func refusal(cause error) error {
	switch {
	case errors.Is(cause, errNoKeys):
		return fault.Unavailable("auth.keys.unavailable", cause)
	case errors.Is(cause, jwt.ErrTokenExpired):
		return fault.Unauthenticated("auth.token.expired").Because(cause)
	}
	return fault.Unauthenticated("auth.token.invalid").Because(cause)
}
