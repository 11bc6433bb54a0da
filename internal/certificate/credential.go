package certificate

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

// CredentialType is what a credential is on the wire, as application/vc+jwt.
const CredentialType = "vc+jwt"

// credential is a certificate as an Open Badge 3, which is a verifiable credential of the W3C. As a token (VC-JOSE) its
// own fields stand beside the registered claims.
type credential struct {
	jwt.RegisteredClaims

	Context   []string  `json:"@context"`
	Self      string    `json:"id"`
	Type      []string  `json:"type"`
	Name      string    `json:"name"`
	By        profile   `json:"issuer"`
	ValidFrom string    `json:"validFrom"`
	For       recipient `json:"credentialSubject"`
	Status    link      `json:"credentialStatus"`
}

type profile struct {
	ID   string   `json:"id"`
	Type []string `json:"type"`
	Name string   `json:"name"`
	URL  string   `json:"url"`
}

type link struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// recipient is whose the credential is, and for what. It has no name once they are erased.
type recipient struct {
	ID          string       `json:"id"`
	Type        []string     `json:"type"`
	Name        string       `json:"name,omitempty"`
	Identifier  []identifier `json:"identifier,omitempty"`
	Achievement achievement  `json:"achievement"`
	Begin       string       `json:"activityStartDate"`
	End         string       `json:"activityEndDate"`
	// Credits are the hours that the person attended.
	Credits float64 `json:"creditsEarned"`
}

type identifier struct {
	Type   string `json:"type"`
	Hashed bool   `json:"hashed"`
	Hash   string `json:"identityHash"`
	Kind   string `json:"identityType"`
}

type achievement struct {
	ID        string   `json:"id"`
	Type      []string `json:"type"`
	Kind      string   `json:"achievementType"`
	Name      string   `json:"name"`
	About     string   `json:"description"`
	Criteria  criteria `json:"criteria"`
	Tags      []string `json:"tag,omitempty"`
	Languages string   `json:"inLanguage"`
}

type criteria struct {
	Narrative string `json:"narrative"`
}

// contexts say what the fields mean.
var contexts = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}

// minutesOfHour are how many minutes an hour has.
const minutesOfHour = 60

// credential is the certificate in Danish, in which every course has its texts.
func (s *Service) credential(c *Certificate) *credential {
	const l = i18n.Danish
	url, title := s.URL(c), c.Titles.In(l)
	when := func(t time.Time) string { return c.TimeZone.At(t).Format(time.RFC3339) }
	of := recipient{ID: url + "#holder", Type: []string{"AchievementSubject"}, Begin: when(c.StartsAt), End: when(c.EndsAt), Credits: float64(c.Minutes) / minutesOfHour,
		Achievement: achievement{ID: url + "#course", Type: []string{"Achievement"}, Kind: "CertificateOfCompletion", Name: title, Tags: c.SkillNames(l), Languages: l.Tag().String(),
			About: learnedIn(l, title, c.SkillNames(l)), Criteria: criteria{attendedIn(l, c)}}}
	if c.Holder != "" {
		of.Name, of.Identifier = c.Holder, []identifier{{Type: "IdentityObject", Hash: c.Holder, Kind: "name"}}
	}
	return &credential{Context: contexts, Self: url, Type: []string{"VerifiableCredential", "OpenBadgeCredential"}, Name: title,
		By: profile{ID: s.PublicURL, Type: []string{"Profile"}, Name: s.Issuer, URL: s.PublicURL}, ValidFrom: c.IssuedAt.UTC().Format(time.RFC3339), For: of,
		Status:           link{ID: url + StatusEnd, Type: "1EdTechRevocationList"},
		RegisteredClaims: jwt.RegisteredClaims{Issuer: s.PublicURL, ID: url, Subject: of.ID, NotBefore: jwt.NewNumericDate(c.IssuedAt), IssuedAt: jwt.NewNumericDate(c.IssuedAt)}}
}

// Credential is the certificate as a signed token. Returns Unavailable if the program has no key.
func (s *Service) Credential(c *Certificate) (string, error) {
	if s.Ring == nil {
		return "", fault.Unavailable("certificate.no_key", nil)
	}
	return s.Ring.Sign(CredentialType, s.credential(c))
}

// readCredential is the code of the certificate that a token is. ok is false unless the program has signed it, as it stands.
// There is a key.
func (s *Service) readCredential(token string) (code string, ok bool) {
	var c credential
	if s.Ring.Read(token, CredentialType, &c) != nil || c.Issuer != s.PublicURL || c.ID != c.Self {
		return "", false
	}
	rest, ok := strings.CutPrefix(c.Self, s.PublicURL+Path)
	return rest, ok
}

// isCredential reports whether a text looks like a token.
func isCredential(text string) bool {
	return strings.Count(text, ".") == 2 && strings.HasPrefix(text, "ey")
}

// StatusEnd is the end of the address at which programs see whether a certificate is revoked.
const StatusEnd = "/status"

// revocations is a list of what is revoked, which has one entry or none.
type revocations struct {
	ID      string    `json:"id"`
	Issuer  string    `json:"issuer"`
	Revoked []revoked `json:"revokedCredential"`
}

type revoked struct {
	ID     string `json:"id"`
	Is     bool   `json:"revoked"`
	Reason string `json:"revocationReason,omitempty"`
}

// Status is whether the certificate is revoked, for programs.
func (s *Service) Status(c *Certificate) ([]byte, error) {
	list := revocations{ID: s.URL(c) + StatusEnd, Issuer: s.PublicURL, Revoked: []revoked{}}
	if state := c.State(); !state.Proves() {
		list.Revoked = append(list.Revoked, revoked{ID: s.URL(c), Is: true, Reason: s.reason(c, state, i18n.Danish)})
	}
	body, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write the status of a certificate: %w", err)
	}
	return body, nil
}
