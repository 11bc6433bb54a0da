package device_test

import (
	"strings"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
)

// speak changes the language of somebody's profile.
func speak(w *ct.World, name string, l i18n.Language) {
	w.T.Helper()
	ct.Must(w.People.CompleteProfile(w.As(name), person.ProfileInput{Language: optional.Of(l)}))(w.T)
}

// languageOf is the language of a phone.
func languageOf(w *ct.World, token string) i18n.Language {
	w.T.Helper()
	list := ct.All[device.Device](w, "devices", map[string]any{"value": token})
	if len(list) != 1 {
		w.T.Fatalf("%d devices have the token %s", len(list), token)
	}
	return list[0].Language
}

// Pushes come in the language of the profile once that changes, on all phones of the person, whatever
// language a phone had before. A change of something else leaves a phone's own language alone.
func TestAPhoneFollowsTheLanguageOfTheProfile(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	english, other := i18n.English, "Bo B."
	w.Phone("bo", "bos-phone")
	w.Phone("cara", "caras-phone")
	ct.Must(w.Devices.Register(w.As("bo"), device.RegisterInput{Kind: device.KindToken, Value: "bos-tablet", Platform: device.PlatformIOS, Language: &english}))(t)
	ct.Must(w.People.CompleteProfile(w.As("bo"), person.ProfileInput{DisplayName: optional.Of(other)}))(t)
	speak(w, "bo", i18n.Danish)
	for token, want := range map[string]i18n.Language{"bos-phone": i18n.Danish, "bos-tablet": i18n.English} {
		if got := languageOf(w, token); got != want {
			t.Errorf("%s speaks %s before the profile changes, want %s", token, got, want)
		}
	}
	speak(w, "bo", i18n.English)
	for token, want := range map[string]i18n.Language{"bos-phone": i18n.English, "bos-tablet": i18n.English, "caras-phone": i18n.Danish} {
		if got := languageOf(w, token); got != want {
			t.Errorf("%s speaks %s, want %s", token, got, want)
		}
	}
	speak(w, "bo", i18n.Danish)
	if got := languageOf(w, "bos-tablet"); got != i18n.Danish {
		t.Errorf("the tablet speaks %s after the profile has changed back", got)
	}
}

// A push after the change is in the new language.
func TestAPushAfterTheChangeIsInTheNewLanguage(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo")
	w.Phone("bo", "bo")
	speak(w, "bo", i18n.English)
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	pushes := w.Phones.Pushes()
	if len(pushes) != 1 || !strings.Contains(pushes[0].Body, "day") || strings.Contains(pushes[0].Body, "dag") {
		t.Errorf("bo's phone shows %+v", pushes)
	}
}
