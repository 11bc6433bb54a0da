// Package id makes and checks the ids of everything that is stored.
//
// An id is a TypeID: a prefix that names the type, and 26 characters that sort by time ("evt_01k…").
// The ids of people are random instead. The id of something that belongs to a pair of things, such
// as a membership, is both ids joined by a colon ("grp_…:per_…").
// See https://github.com/jetify-com/typeid.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.jetify.com/typeid"

	"faellesskab/internal/fault"
)

// The prefixes in use.
const (
	Area         = "area"
	Person       = "per"
	SignIn       = "sin"
	Device       = "dev"
	Skill        = "skl"
	Group        = "grp"
	Event        = "evt"
	Occurrence   = "occ"
	Course       = "crs"
	Session      = "ses"
	Effect       = "eff"
	Audit        = "aud"
	Announcement = "ann"
	GroupRole    = "rol"
	Question     = "que"
	Certificate  = "cer"
	Wish         = "wsh"
	Topic        = "wtp"
)

// Maker makes new ids. The zero value is not usable; see New and Sequence.
type Maker func(prefix string) string

// New makes an id from the time and chance (UUIDv7).
func New(prefix string) string {
	return typeid.Must(typeid.WithPrefix(prefix)).String()
}

// Random makes an id from chance alone (UUIDv4), which does not even tell when it was made.
func Random(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand.Read
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fromBytes(prefix, b[:])
}

// Sequence returns a Maker whose ids are the same in every run, for tests with golden answers.
func Sequence() Maker {
	var n atomic.Uint64
	return func(prefix string) string {
		var b [16]byte
		binary.BigEndian.PutUint64(b[8:], n.Add(1))
		return fromBytes(prefix, b[:])
	}
}

// Derive makes an id from names: the same names always give the same id. It is used where a repeat
// must find the document of the first call.
func Derive(prefix string, names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80 // UUID version 8: made by the application
	b[8] = b[8]&0x3f | 0x80
	return fromBytes(prefix, b)
}

// NewAt makes a new id that sorts by the given instant instead of the machine's
// time.
func NewAt(prefix string, t time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails: see crypto/rand.Read
	copy(b[:6], binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())<<16)[:6])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fromBytes(prefix, b[:])
}

// At is the smallest id of that prefix that New and NewAt can make at
// instant t or later, so ids can be compared with a time.
func At(prefix string, t time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(t.UnixMilli())<<16)
	return fromBytes(prefix, b[:])
}

func fromBytes(prefix string, b []byte) string {
	return typeid.Must(typeid.FromUUIDBytesWithPrefix(prefix, b)).String()
}

// Pair joins two ids into the id of what belongs to both.
func Pair(a, b string) string { return a + ":" + b }

// Split takes a pair apart; ok is false if s is not a pair.
func Split(s string) (a, b string, ok bool) { return strings.Cut(s, ":") }

// keyPattern is what keys are made of: ids, words, numbers and dates.
var keyPattern = regexp.MustCompile(`^[a-zA-Z0-9_:.-]{1,300}$`)

// IsKey reports whether s can be the second half of an id whose first half is its owner's. It
// need not be an id.
func IsKey(s string) bool { return keyPattern.MatchString(s) }

// Prefix is the type an id claims to be of: for a pair the prefixes joined by
// a colon ("grp:per"). Empty if s is not an id.
func Prefix(s string) string {
	if a, b, ok := Split(s); ok {
		pa, pb := Prefix(a), Prefix(b)
		if pa == "" || pb == "" {
			return ""
		}
		return pa + ":" + pb
	}
	t, err := typeid.FromString(s)
	if err != nil {
		return ""
	}
	return t.Prefix()
}

// Check refuses an id that is malformed or of another type. field is the path
// of the input. Returns Invalid with code BAD_ID.
func Check(field, prefix, s string) *fault.Error {
	if Prefix(s) != prefix {
		return fault.BadID(field)
	}
	return nil
}

// Limits bound a list of ids in an input.
type Limits struct {
	Prefix string // of each
	Max    int    // how many there may be
}

// Clean checks a list of ids, each at its place, and returns it tidy: each id once, sorted, and
// never nil. field is the path of the list. It adds Invalid, with code BAD_ID for an id.
func Clean(p *fault.Problems, field string, list []string, limits Limits) []string {
	if len(list) > limits.Max {
		p.Add(fault.Invalid(field, "list.long").With("Max", limits.Max))
	}
	for i, s := range list {
		p.Add(Check(field+"."+strconv.Itoa(i), limits.Prefix, s))
	}
	tidy := append([]string{}, list...)
	slices.Sort(tidy)
	return slices.Compact(tidy)
}
