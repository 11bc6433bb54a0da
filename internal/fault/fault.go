package fault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure it is. It decides extensions.code unless the
// fault carries a more precise Code.
type Kind int

// The kinds. The zero value is Internal, so an unclassified error is never
// shown to a client.
const (
	KindInternal Kind = iota
	KindInvalid
	KindUnauthenticated
	KindForbidden
	KindNotFound
	KindConflict
	KindExhausted
	KindUnavailable
)

// Code is the value of extensions.code: a short closed list that clients
// branch on.
type Code string

// The codes a client can meet.
const (
	CodeUnauthenticated            Code = "UNAUTHENTICATED"
	CodeForbidden                  Code = "FORBIDDEN"
	CodeNotFound                   Code = "NOT_FOUND"
	CodeBadID                      Code = "BAD_ID"
	CodeBadUserInput               Code = "BAD_USER_INPUT"
	CodeConflict                   Code = "CONFLICT"
	CodeVersionConflict            Code = "VERSION_CONFLICT"
	CodeRateLimited                Code = "RATE_LIMITED"
	CodeQueryTooCostly             Code = "QUERY_TOO_COSTLY"
	CodePersistedQueryNotFound     Code = "PERSISTED_QUERY_NOT_FOUND"
	CodePersistedQueryNotSupported Code = "PERSISTED_QUERY_NOT_SUPPORTED"
	CodeIdempotencyKeyReused       Code = "IDEMPOTENCY_KEY_REUSED"
	CodeUnavailable                Code = "UNAVAILABLE"
	CodeInternal                   Code = "INTERNAL"
)

var codeOfKind = map[Kind]Code{
	KindInternal:        CodeInternal,
	KindInvalid:         CodeBadUserInput,
	KindUnauthenticated: CodeUnauthenticated,
	KindForbidden:       CodeForbidden,
	KindNotFound:        CodeNotFound,
	KindConflict:        CodeConflict,
	KindExhausted:       CodeRateLimited,
	KindUnavailable:     CodeUnavailable,
}

// Args are the values a catalog text may mention, by name.
type Args map[string]any

// Error is a failure with two faces: Key and Args make the text that a person may read, and Err is
// for the log.
type Error struct {
	Kind       Kind
	Code       Code   // empty: the kind's own code
	Key        string // key into the text catalogs, for example "group.name.empty"
	Args       Args
	Field      string        // path of the input field, for example "input.name"; empty if none
	RetryAfter time.Duration // zero: no advice
	Err        error         // private cause; never shown
}

// Error is the text for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the private cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// PublicCode is the value for extensions.code.
func (e *Error) PublicCode() Code {
	if e.Code != "" {
		return e.Code
	}
	return codeOfKind[e.Kind]
}

// With adds a value that the catalog text mentions.
func (e *Error) With(name string, value any) *Error {
	args := Args{name: value}
	for k, v := range e.Args {
		if k != name {
			args[k] = v
		}
	}
	c := *e
	c.Args = args
	return &c
}

// Because keeps a private cause for the log.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// After says how long to wait before trying again, which is at least a second.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = max(wait, time.Second)
	return &c
}

// Invalid is bad input in one field.
func Invalid(field, key string) *Error {
	return &Error{Kind: KindInvalid, Key: key, Field: field}
}

// BadID is an id that is malformed or of another type.
func BadID(field string) *Error {
	return &Error{Kind: KindInvalid, Code: CodeBadID, Key: "id.bad", Field: field}
}

// Unauthenticated is a call that needs a signed-in person and has none.
func Unauthenticated(key string) *Error {
	return &Error{Kind: KindUnauthenticated, Key: key}
}

// Forbidden is something the viewer can see but may not do.
func Forbidden(key string) *Error { return &Error{Kind: KindForbidden, Key: key} }

// NotFound is something that does not exist, or is not visible to the viewer:
// from outside the two are the same.
func NotFound(key string) *Error { return &Error{Kind: KindNotFound, Key: key} }

// Conflict is a request the current state does not allow.
func Conflict(key string) *Error { return &Error{Kind: KindConflict, Key: key} }

// VersionConflict is an edit of a version that is no longer the newest.
func VersionConflict() *Error {
	return &Error{Kind: KindConflict, Code: CodeVersionConflict, Key: "version.conflict", Field: "input.expectedVersion"}
}

// Exhausted is a limit that has been reached; try again after retryAfter.
func Exhausted(key string, retryAfter time.Duration) *Error {
	return &Error{Kind: KindExhausted, Key: key, RetryAfter: retryAfter}
}

// Unavailable is a part outside the process that does not answer now.
func Unavailable(key string, cause error) *Error {
	return &Error{Kind: KindUnavailable, Key: key, Err: cause, RetryAfter: time.Second}
}

// Problems are several faults of one input, reported together.
type Problems []*Error

// Error joins the texts for the log.
func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, e := range p {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap lets errors.Is and errors.As look at each problem.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i, e := range p {
		errs[i] = e
	}
	return errs
}

// Add appends a problem; nil adds nothing.
func (p *Problems) Add(e *Error) {
	if e != nil {
		*p = append(*p, e)
	}
}

// AddAt appends a fault that was found without knowing its field; nil, or an
// error that is no fault, adds nothing.
func (p *Problems) AddAt(field string, err error) {
	var e *Error
	if errors.As(err, &e) {
		at := *e
		at.Field = field
		*p = append(*p, &at)
	}
}

// Err is nil if there is no problem, so a Validate can end with it.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// KindOf classifies any error. An error that is not a fault is Internal, except that a passed
// deadline is Unavailable.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return KindUnavailable
	}
	return KindInternal
}

// Is reports whether err is a fault of that kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// UnlessNotFound is err, or nil if err is a fault of KindNotFound, for callers that have nothing to
// do then.
func UnlessNotFound(err error) error {
	if Is(err, KindNotFound) {
		return nil
	}
	return err
}

// MissingAt is err at a field if it is a fault of KindNotFound: what the field names is not there.
func MissingAt(err error, field string) error {
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindNotFound {
		return err
	}
	at := *e
	at.Field = field
	return &at
}

// tries is how often a change is tried again because another one was quicker.
const tries = 5

// Again tries a change again, on what is there then, while another one is quicker (VERSION_CONFLICT). It is for callers who
// have not named a version: that is no conflict for them.
func Again[T any](change func() (T, error)) (result T, err error) {
	for range tries {
		if result, err = change(); !HasCode(err, CodeVersionConflict) {
			return result, err
		}
	}
	var none T
	return none, err
}

// HasCode reports whether err is a fault with that public code.
func HasCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.PublicCode() == code
}
