// Package site is what people read of the community without the app: the page of a public event, dates as files for calendar
// programs, the calendars that people follow by a secret address, and certificates. What is hidden and what does not exist are the same.
package site

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/calendar"
	"faellesskab/internal/certificate"
	"faellesskab/internal/checkin"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/ical"
)

// Deps are what the pages are made of.
type Deps struct {
	Events   *event.Service
	Courses  *course.Service
	Calendar *calendar.Service
	CheckIns *checkin.Service

	Certificates *certificate.Service

	Now       func() time.Time
	AppURL    string // where the app's pages are; empty: there are none
	PublicURL string // where this server is
	// Admit lets a request in; no says why not. It writes nothing.
	Admit func(w http.ResponseWriter, r *http.Request) (leave func(), no *fault.Error)
	// Refused is why the sign-in of a request failed; nil if it did not.
	Refused func(ctx context.Context) error
	Log     *slog.Logger
}

// site answers requests.
type site struct{ Deps }

// Handler serves the pages and the calendars.
func Handler(d Deps) http.Handler {
	s := &site{d}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+calendar.FeedPath+"{file}", s.served(s.feed))
	mux.HandleFunc("GET /occurrences/{file}", s.served(s.date))
	mux.HandleFunc("GET /occurrences/{date}/"+checkin.ListFile, s.list(s.roll, asCSV, nothing))
	mux.HandleFunc("GET /occurrences/{date}/"+checkin.ListFolder, s.list(s.roll, asPage, listPolicy))
	mux.HandleFunc("GET /courses/{date}/"+checkin.CourseListFile, s.list(s.rollOfCourse, asCSV, nothing))
	mux.HandleFunc("GET /courses/{date}/"+checkin.CourseListFolder, s.list(s.rollOfCourse, asPage, listPolicy))
	mux.HandleFunc("GET "+event.PagePath+"{file}", s.served(s.event))
	s.handleCertificates(mux)
	return mux
}

// answer is what a request gets.
type answer struct {
	contentType string
	body        []byte
	isPrivate   bool // it is for whoever has the address, or is signed in
	isSecret    bool // nobody on the way, and no browser, may keep it
	policy      string
	vary        string // what it depends on; empty: the language and the viewer
	status      int    // 0: it is what was asked for
}

// textType is that of a few words.
const textType = "text/plain; charset=utf-8"

// served answers with what a function makes of the request.
func (s *site) served(of func(ctx context.Context, file string) (*answer, error)) http.HandlerFunc {
	return s.servedTo(func(r *http.Request) (*answer, error) { return of(r.Context(), r.PathValue("file")) })
}

// servedTo is served for what depends on more of the request.
func (s *site) servedTo(of func(r *http.Request) (*answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		leave, no := s.Admit(w, r)
		if no != nil {
			s.refuse(w, r, no)
			return
		}
		defer leave()
		if err := s.Refused(r.Context()); err != nil {
			s.refuse(w, r, err)
			return
		}
		a, err := of(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		s.write(w, r, a)
	}
}

// write writes an answer, or that it is the one that the client has already.
func (s *site) write(w http.ResponseWriter, r *http.Request, a *answer) {
	head := w.Header()
	head.Set("Content-Type", a.contentType)
	head.Set("Vary", cmp.Or(a.vary, "Accept-Language, Authorization"))
	head.Set("Content-Security-Policy", a.policy)
	if a.isPrivate || a.isSecret {
		head.Set("X-Robots-Tag", "noindex")
	}
	sum := sha256.Sum256(a.body)
	switch tag := `"` + hex.EncodeToString(sum[:16]) + `"`; {
	case a.isSecret:
		head.Set("Cache-Control", "no-store")
	case a.isPrivate:
		head.Set("ETag", tag)
		head.Set("Cache-Control", "private, no-cache")
	default:
		head.Set("ETag", tag)
		head.Set("Cache-Control", "public, max-age=60")
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body) // the client may have gone
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// nothing may be loaded by a calendar.
const nothing = "default-src 'none'"

// refuse says that there is nothing, or why not now. It says the same of what is hidden and of what does not exist.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	head, status, key := w.Header(), http.StatusInternalServerError, "internal"
	switch fault.KindOf(err) {
	case fault.KindNotFound, fault.KindForbidden, fault.KindInvalid:
		status, key = http.StatusNotFound, "page.not_found"
		if e := (*fault.Error)(nil); errors.As(err, &e) && e.Key == "certificate.unknown" {
			key = e.Key
		}
	case fault.KindUnauthenticated:
		status, key = http.StatusUnauthorized, "auth.token.invalid"
	case fault.KindExhausted:
		status, key = http.StatusTooManyRequests, "request.busy"
	case fault.KindUnavailable:
		status, key = http.StatusServiceUnavailable, "database.unavailable"
	default:
		s.Log.ErrorContext(r.Context(), "a page could not be made", "error", err)
	}
	if status >= http.StatusTooManyRequests {
		head.Set("Retry-After", strconv.Itoa(comeAgain))
	}
	head.Set("Content-Type", textType)
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Security-Policy", nothing)
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, i18n.Translate(auth.LanguageOf(r.Context(), nil), key, nil)) // the client may have gone
}

// comeAgain is after how many seconds a refused client should come again.
const comeAgain = 5

// feed is the calendar behind a secret.
func (s *site) feed(ctx context.Context, file string) (*answer, error) {
	secret, ok := strings.CutSuffix(file, calendar.FeedEnd)
	if !ok {
		return nil, fault.NotFound("page.not_found")
	}
	c, err := s.Calendar.Read(ctx, secret)
	if err != nil {
		return nil, err
	}
	return asFile(*c, true)
}

// date is one date as a file.
func (s *site) date(ctx context.Context, file string) (*answer, error) {
	dateID, ok := strings.CutSuffix(file, calendar.FeedEnd)
	if !ok {
		return nil, fault.NotFound("page.not_found")
	}
	list, err := s.Events.DateFile(ctx, dateID)
	if err != nil {
		return nil, err
	}
	return asFile(ical.Calendar{Events: list}, !auth.FromContext(ctx).IsAnonymous())
}

// maxDates is how many dates the file of an event has at most.
const maxDates = 1000

// event is the page of an event, or its dates as a file.
func (s *site) event(ctx context.Context, file string) (*answer, error) {
	eventID, isFile := strings.CutSuffix(file, calendar.FeedEnd)
	if !isFile {
		return s.page(ctx, eventID)
	}
	list, err := s.Events.File(ctx, eventID, maxDates)
	if err != nil {
		return nil, err
	}
	return asFile(ical.Calendar{Events: list}, !auth.FromContext(ctx).IsAnonymous())
}

// asFile is a calendar as an answer.
func asFile(c ical.Calendar, isPrivate bool) (*answer, error) {
	var body bytes.Buffer
	if err := ical.Write(&body, c); err != nil {
		return nil, err
	}
	return &answer{contentType: ical.ContentType, body: body.Bytes(), isPrivate: isPrivate, policy: nothing}, nil
}
