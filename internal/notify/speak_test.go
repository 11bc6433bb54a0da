package notify

import (
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
)

// A word that is there in the reader's language is read in it, whatever else it is there in.
func TestAReasonIsReadInOneLanguage(t *testing.T) {
	t.Parallel()
	ctx := auth.WithLanguage(t.Context(), i18n.English)
	for name, words := range map[string]map[string]string{
		"in both":              {"Skill_DA": "Førstehjælp", "Skill_EN": "First aid"},
		"and without language": {"Skill": "Førstehjælp", "Skill_DA": "Førstehjælp", "Skill_EN": "First aid"},
	} {
		said := map[string]bool{}
		for range 100 { // maps are walked in another order each time
			said[Reason{Kind: ReasonSkillWanted, Words: words}.Why("", nil).Text(ctx)] = true
		}
		if want := "Because you want to learn First aid"; len(said) != 1 || !said[want] {
			t.Errorf("%s: %v, want %q", name, said, want)
		}
	}
}
