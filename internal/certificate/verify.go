package certificate

import (
	"context"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/keyring"
)

// mostGiven is how long a code, an address or a credential may be.
const mostGiven = 50_000

// Verification is what a check has found out.
type Verification struct {
	State State
	of    *Certificate // nil: there is none
	s     *Service
}

// IsValid reports whether what was checked proves that somebody completed the course.
func (v *Verification) IsValid() bool { return v.State.Proves() }

// Reason says why it does not, or that the holder is erased; nil for a valid certificate.
func (v *Verification) Reason(ctx context.Context) *string {
	l := auth.LanguageOf(ctx, nil)
	reason := ""
	if v.of == nil {
		reason = i18n.Translate(l, "page.certificate.state."+strings.ToLower(string(v.State)), nil)
	} else {
		reason = v.s.reason(v.of, v.State, l)
	}
	if reason == "" {
		return nil
	}
	return &reason
}

// HolderName is the name on the certificate; nil if there is none.
func (v *Verification) HolderName() *string {
	if v.of == nil {
		return nil
	}
	return v.of.HolderName()
}

// Course is the name of the course; nil if there is no certificate.
func (v *Verification) Course(ctx context.Context) *string {
	if v.of == nil {
		return nil
	}
	title := v.of.CourseTitle(ctx, nil)
	return &title
}

// Skills are the names of what was learned.
func (v *Verification) Skills(ctx context.Context) []string {
	if v.of == nil {
		return []string{}
	}
	return v.of.SkillNames(auth.LanguageOf(ctx, nil))
}

// IssuedAt is when the certificate was issued.
func (v *Verification) IssuedAt() *time.Time {
	return v.time(func(c *Certificate) *time.Time { return &c.IssuedAt })
}

// StartsAt is when the course began.
func (v *Verification) StartsAt() *time.Time {
	return v.time(func(c *Certificate) *time.Time { return &c.StartsAt })
}

// EndsAt is when the course ended.
func (v *Verification) EndsAt() *time.Time {
	return v.time(func(c *Certificate) *time.Time { return &c.EndsAt })
}

// RevokedAt is when the certificate was revoked; nil if it was not.
func (v *Verification) RevokedAt() *time.Time {
	return v.time(func(c *Certificate) *time.Time { return c.RevokedAt })
}

func (v *Verification) time(of func(c *Certificate) *time.Time) *time.Time {
	if v.of == nil {
		return nil
	}
	return of(v.of)
}

// Minutes are how long the sessions took that the holder attended.
func (v *Verification) Minutes() *int {
	if v.of == nil {
		return nil
	}
	return &v.of.Minutes
}

// Issuer is who has issued the certificate; nil if there is none.
func (v *Verification) Issuer() *string {
	if v.of == nil {
		return nil
	}
	return &v.s.Deps.Issuer
}

// URL is the address of the certificate; nil if there is none.
func (v *Verification) URL() *string {
	if v.of == nil {
		return nil
	}
	url := v.s.URL(v.of)
	return &url
}

// ReplacedByURL is the address of the certificate that was issued in its place; nil if there is none.
func (v *Verification) ReplacedByURL() *string {
	if v.of == nil || v.of.NewCode == "" {
		return nil
	}
	url := v.s.PublicURL + Path + v.of.NewCode
	return &url
}

// Verify finds out what a code, the address of a certificate, or a credential is worth. Everybody may ask. Returns Invalid
// for what is too long to be any of them, Exhausted for somebody who asks too often, and Unavailable for a credential if
// the program has no key.
func (s *Service) Verify(ctx context.Context, given string) (*Verification, error) {
	if len(given) > mostGiven {
		return nil, fault.Invalid("code", "text.long").With("Max", mostGiven)
	}
	if s.Admit != nil {
		if err := s.Admit(ctx); err != nil {
			return nil, err
		}
	}
	if given = strings.Map(withoutBlanks, given); !isCredential(given) {
		given = withoutFrame(given)
	}
	if s.Ring == nil && isCredential(given) {
		return nil, fault.Unavailable("certificate.no_check", nil)
	}
	code, state := s.codeIn(given)
	if state != StateValid {
		return &Verification{State: state, s: s}, nil
	}
	c, err := s.Read(ctx, code)
	switch {
	case fault.Is(err, fault.KindNotFound):
		return &Verification{State: StateUnknown, s: s}, nil
	case err != nil:
		return nil, err
	}
	return &Verification{State: c.State(), of: c, s: s}, nil
}

// codeIn is the code that somebody gives in one of several forms, with the state VALID; otherwise the state that says why
// there is none.
func (s *Service) codeIn(given string) (code string, state State) {
	if isCredential(given) {
		if code, ok := s.readCredential(given); ok {
			return code, StateValid
		}
		return "", s.stateOfForgery(given)
	}
	if code, ok := readCode(s.endOfAddress(given)); ok {
		return code, StateValid
	}
	return "", StateUnknown
}

// endOfAddress is where the code stands in the address of a certificate, which people also type without https:// and in
// capital letters. What is no address of ours stays as it is.
func (s *Service) endOfAddress(given string) string {
	withoutScheme := func(url string) string {
		return strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(url), "https://"), "http://")
	}
	rest, isOurs := strings.CutPrefix(withoutScheme(given), withoutScheme(s.PublicURL)+Path)
	if !isOurs {
		return given
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	for _, end := range []string{"/", StatusEnd, CredentialEnd} {
		rest = strings.TrimSuffix(rest, end)
	}
	return rest
}

// stateOfForgery tells a credential that pretends to be ours from one of somebody else.
func (s *Service) stateOfForgery(token string) State {
	var claims jwt.RegisteredClaims
	if keyring.Pretends(token, &claims) && claims.Issuer == s.PublicURL {
		return StateAltered
	}
	return StateUnknown
}

// unknown says that there is no certificate at an address. Pages say it too, since "not for everybody" would let a forger
// say that there is one.
func unknown() *fault.Error { return fault.NotFound("certificate.unknown") }

// Read is the certificate behind a code, as everybody may see it who has the code. Returns NotFound.
func (s *Service) Read(ctx context.Context, given string) (*Certificate, error) {
	code, ok := readCode(given)
	if !ok {
		return nil, unknown()
	}
	c, err := s.store.byCode(ctx, code)
	if fault.Is(err, fault.KindNotFound) {
		return nil, unknown().Because(err)
	}
	return c, err
}
