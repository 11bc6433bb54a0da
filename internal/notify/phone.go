package notify

import (
	"context"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
)

// Phone is what one of a person's phones lets through, as the app has reported it.
type Phone struct {
	ShowsNothing bool     // the phone lets the app show nothing at all
	Off          []Family // the families that are off on it
}

// Refuses reports whether the phone shows no push of a family.
func (p Phone) Refuses(f Family) bool { return p.ShowsNothing || slices.Contains(p.Off, f) }

// Phones are the phones of one person that a push can reach.
type Phones []Phone

// AllRefuse reports whether the person has phones, and none of them shows a push of a family.
func (p Phones) AllRefuse(f Family) bool { return p.Setting(f) == PhoneOffOnAll }

// PhoneSetting says on how many of a person's phones a family is on.
type PhoneSetting string

// The settings.
const (
	PhoneOn        PhoneSetting = "ON"
	PhoneOffOnSome PhoneSetting = "OFF_ON_SOME"
	PhoneOffOnAll  PhoneSetting = "OFF_ON_ALL"
	PhoneNone      PhoneSetting = "NO_PHONE" // the person has no phone that a push can reach
)

// IsValid reports whether it is one of the settings.
func (s PhoneSetting) IsValid() bool {
	switch s {
	case PhoneOn, PhoneOffOnSome, PhoneOffOnAll, PhoneNone:
		return true
	}
	return false
}

// Setting says on how many of the phones a family is on.
func (p Phones) Setting(f Family) PhoneSetting {
	refusing := 0
	for _, phone := range p {
		if phone.Refuses(f) {
			refusing++
		}
	}
	switch {
	case len(p) == 0:
		return PhoneNone
	case refusing == 0:
		return PhoneOn
	case refusing < len(p):
		return PhoneOffOnSome
	}
	return PhoneOffOnAll
}

// Text is the setting in words, in the viewer's language; nil if the family is on on all phones.
func (s PhoneSetting) Text(ctx context.Context) *string {
	if s == PhoneOn {
		return nil
	}
	text := i18n.Translate(auth.LanguageOf(ctx, nil), "why.phone.setting."+strings.ToLower(string(s)), nil)
	return &text
}

// Hint says in the viewer's language that all of the person's phones refuse kinds of news that would be pushed, and
// what to do about it; nil if there are none.
func (s *Settings) Hint(ctx context.Context, kinds []*KindSetting, on Phones) *string {
	wanted, shown := 0, 0
	for _, k := range kinds {
		if s.PushOff || k.Channel != Push && k.Family != FamilyUrgent {
			continue
		}
		wanted++
		if !on.AllRefuse(k.Family) {
			shown++
		}
	}
	if shown == wanted {
		return nil
	}
	key := "why.phone.some_hidden"
	if shown == 0 {
		key = "why.phone.all_hidden"
	}
	text := i18n.Translate(auth.LanguageOf(ctx, nil), key, nil)
	return &text
}
