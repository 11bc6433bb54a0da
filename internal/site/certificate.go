package site

import (
	"bytes"
	"context"
	_ "embed" // for the template and its style
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"

	"faellesskab/internal/auth"
	"faellesskab/internal/certificate"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

//go:embed templates/certificate.html
var certificatePage string

//go:embed templates/certificate.css
var certificateStyle string

var (
	certificateTemplate = template.Must(template.New("certificate").Parse(certificatePage))
	certificatePolicy   = policyOf(certificateStyle)
)

const (
	htmlType       = "text/html"
	credentialType = "application/" + certificate.CredentialType
	// certificateVary is what the answer at the address of a certificate depends on.
	certificateVary = "Accept, Accept-Language, Authorization"
)

// KeysPath is where programs look for the keys of a service.
const KeysPath = "/.well-known/jwks.json"

// handleCertificates adds the addresses of certificates, and that of the keys that sign them.
func (s *site) handleCertificates(mux *http.ServeMux) {
	mux.HandleFunc("GET "+certificate.Path+"{file}", forAllPages(s.servedTo(s.certificate)))
	mux.HandleFunc("GET "+certificate.Path+"{file}"+certificate.StatusEnd, forAllPages(s.served(s.certificateStatus)))
	mux.HandleFunc("GET "+KeysPath, forAllPages(s.served(s.keys)))
}

// forAllPages lets pages of every origin read the answers, also those that refuse: verifiers run in browsers, and have to
// tell "revoked" from "unknown". Keys are public, and the address of a certificate is all that anybody needs to read it.
func forAllPages(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		next(w, r)
	}
}

// certificate is a certificate as a page, or as a credential for those who would rather have that.
func (s *site) certificate(r *http.Request) (*answer, error) {
	ctx, file := r.Context(), r.PathValue("file")
	code, isFile := strings.CutSuffix(file, certificate.CredentialEnd)
	c, err := s.Certificates.Read(ctx, code)
	if err != nil {
		return nil, err
	}
	switch typ := preferred(r.Header.Values("Accept"), htmlType, credentialType); {
	case isFile || typ == credentialType:
		return s.credential(ctx, c)
	case typ == "":
		return &answer{status: http.StatusNotAcceptable, contentType: textType, vary: certificateVary, policy: nothing, isSecret: true,
			body: []byte(htmlType + "\n" + credentialType + "\n")}, nil
	}
	return s.certificatePage(ctx, c)
}

// credential is a certificate as a signed token. Of one that is revoked or replaced, it says why there is none.
func (s *site) credential(ctx context.Context, c *certificate.Certificate) (*answer, error) {
	if reason := s.Certificates.Reason(c, auth.LanguageOf(ctx, nil)); !c.State().Proves() {
		return &answer{status: http.StatusGone, contentType: textType, vary: certificateVary, policy: nothing, isSecret: true, body: []byte(reason + "\n")}, nil
	}
	token, err := s.Certificates.Credential(c)
	if err != nil {
		return nil, err
	}
	return &answer{contentType: credentialType, body: []byte(token), vary: certificateVary, policy: nothing, isPrivate: true}, nil
}

func (s *site) certificateStatus(ctx context.Context, code string) (*answer, error) {
	c, err := s.Certificates.Read(ctx, code)
	if err != nil {
		return nil, err
	}
	body, err := s.Certificates.Status(c)
	return &answer{contentType: "application/json", body: body, policy: nothing, isPrivate: true}, err
}

// keys are the public keys that check credentials. Without keys there is nothing here.
func (s *site) keys(context.Context, string) (*answer, error) {
	if s.Certificates.Ring == nil {
		return nil, fault.NotFound("page.not_found")
	}
	return &answer{contentType: "application/jwk-set+json", body: s.Certificates.Ring.Set(), policy: nothing}, nil
}

// paper is what the template of a certificate needs.
type paper struct {
	Language, Name, Span, Attended, Issued, Code, URL, File string
	Title                                                   words

	// State is the state in small letters, Standing the state in words, and Reason why it is worth nothing, or has no name.
	State, Standing, Reason, New string
	Density                      string // classes of the style: what has very much to say is written small, and fits one page
	Skills                       []words
	Width                        int // of the QR code
	Squares                      string
	IsErased                     bool
	Style                        template.CSS

	language i18n.Language
}

// words are what staff have written. Language is theirs, if it is another than that of the page; otherwise it is empty.
type words struct{ Text, Language string }

func wordsIn(l i18n.Language, t i18n.Text) words {
	best := t.Best(l)
	if best.Language == l {
		return words{Text: best.Text}
	}
	return words{Text: best.Text, Language: best.Language.Tag().String()}
}

// Word is a word of the page.
func (p *paper) Word(name string) string {
	return i18n.Translate(p.language, "page.certificate."+name, nil)
}

func (s *site) certificatePage(ctx context.Context, c *certificate.Certificate) (*answer, error) {
	p, err := s.paper(auth.LanguageOf(ctx, nil), c)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := certificateTemplate.Execute(&body, p); err != nil {
		return nil, fmt.Errorf("write the page of a certificate: %w", err)
	}
	return &answer{contentType: htmlType + "; charset=utf-8", body: body.Bytes(), vary: certificateVary, policy: certificatePolicy, isPrivate: true}, nil
}

func (s *site) paper(l i18n.Language, c *certificate.Certificate) (*paper, error) {
	state := strings.ToLower(string(c.State()))
	p := &paper{language: l, Language: l.Tag().String(), Name: c.Holder, Title: wordsIn(l, c.Titles), Span: c.Span(l), Attended: c.Presence(l), Code: certificate.Spaced(c.Code), IsErased: c.ErasedAt != nil,
		URL: s.Certificates.URL(c), State: state, Reason: s.Certificates.Reason(c, l), Style: template.CSS(certificateStyle), //nolint:gosec // it is the program's own
		Issued: i18n.Translate(l, "page.certificate.issued", map[string]any{"Day": certificate.Day(l, c.TimeZone, c.IssuedAt), "Name": s.Certificates.Issuer})}
	p.Standing = p.Word("is." + state)
	letters := 0
	for _, k := range c.Learned {
		p.Skills = append(p.Skills, wordsIn(l, k.Names))
		letters += utf8.RuneCountInString(k.Names.In(l))
	}
	p.Density = density(utf8.RuneCountInString(p.Name)+utf8.RuneCountInString(p.Title.Text), utf8.RuneCountInString(p.Reason), letters)
	if c.NewCode != "" {
		p.New = certificate.Path + c.NewCode
	}
	if c.State().Proves() && s.Certificates.Ring != nil {
		p.File = certificate.Path + c.Code + certificate.CredentialEnd
	}
	var err error
	p.Squares, p.Width, err = squares(p.URL)
	return p, err
}

// These are how many letters a certificate has room for in large print, and of skills in smaller print.
const (
	roomForNames      = 90
	roomForReason     = 160
	roomForSkills     = 600
	roomForManySkills = 1200
)

// density are the classes of a certificate with so many letters in its name and its title, in the reason and in the skills.
func density(names, reason, skills int) string {
	switch {
	case skills > roomForManySkills:
		return "dense densest"
	case names > roomForNames || reason > roomForReason || skills > roomForSkills:
		return "dense"
	}
	return ""
}

// squares is the QR code of a text as the path of a picture that is so many squares wide, with the white border that
// scanners need.
func squares(text string) (path string, width int, err error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", 0, fmt.Errorf("make a QR code: %w", err)
	}
	var d strings.Builder
	rows := code.Bitmap()
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			begin := x
			for x < len(row) && row[x] {
				x++
			}
			if x > begin {
				fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", begin, y, x-begin, x-begin)
			}
		}
	}
	return d.String(), len(rows), nil
}
