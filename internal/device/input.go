package device

import (
	"regexp"
	"slices"
	"strings"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/text"
)

// RegisterInput is an installation that reports itself.
type RegisterInput struct {
	ClientMutationID *string
	Kind             Kind
	Value            string
	Platform         Platform
	Language         *i18n.Language
	AppVersion       *string

	// These say what the phone knows of itself.
	OSVersion   *string         `json:",omitempty"`
	TimeZone    *clock.Zone     `json:",omitempty"`
	PushAllowed *bool           `json:",omitempty"` // nil: true
	FamiliesOff []notify.Family `json:",omitempty"`
	// Replaces is the device that this phone was until now.
	Replaces *string `json:",omitempty"`
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *RegisterInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	switch {
	case in.Value == "":
		p.Add(fault.Invalid("input.value", "text.empty"))
	case len(in.Value) > maxValue:
		p.Add(fault.Invalid("input.value", "text.long").With("Max", maxValue))
	case strings.ContainsFunc(in.Value, isForeign):
		p.Add(fault.Invalid("input.value", "text.characters"))
	case in.Kind == KindFID && !anFID.MatchString(in.Value):
		p.Add(fault.Invalid("input.value", "device.not_fid"))
	case in.Kind == KindToken && aTokenOfApple.MatchString(in.Value):
		p.Add(fault.Invalid("input.value", "device.apples"))
	}
	in.AppVersion = cleanVersion(&p, "input.appVersion", in.AppVersion)
	in.OSVersion = cleanVersion(&p, "input.osVersion", in.OSVersion)
	if len(in.FamiliesOff) > len(notify.Families) {
		p.Add(fault.Invalid("input.familiesOff", "list.long").With("Max", len(notify.Families)))
	}
	slices.Sort(in.FamiliesOff)
	in.FamiliesOff = slices.Compact(in.FamiliesOff)
	if in.Replaces != nil {
		p.Add(id.Check("input.replaces", id.Device, *in.Replaces))
	}
	return p.Err()
}

func cleanVersion(p *fault.Problems, field string, version *string) *string {
	if version == nil {
		return nil
	}
	tidy := text.Clean(p, field, *version, text.Limits{Max: 40})
	return &tidy
}

// These are the forms of what cannot be mistaken. An installation id is made of 17 bytes whose first four bits say
// that it is one. Apple's own token is 32 bytes, and Firebase's are longer and hold other characters too. Which platform
// one of Firebase's tokens is from cannot be seen.
var (
	anFID         = regexp.MustCompile(`^[c-f][0-9A-Za-z_-]{21}$`)
	aTokenOfApple = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)
)

// maxValue is how long a token or an installation id may be. Firebase promises no length; at
// present they have about 160 characters.
const maxValue = 1024

// isForeign reports whether a character cannot be part of a token. Tokens are made of letters,
// digits and a few signs that may stand in addresses.
func isForeign(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:~=+/%", r)
}

// UnregisterInput is an installation that signs out.
type UnregisterInput struct {
	ClientMutationID *string
	DeviceID         string
}
