package skill

import (
	"context"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// Skill is something that people can learn. Its id is derived from its first name, unless another skill
// began under that name.
type Skill struct {
	ID       string    `bson:"_id"`
	Names    i18n.Text `bson:"name"`
	NameKey  string    `bson:"nameKey" json:"-"` // the Danish name, by which no two are the same
	SortName string    `bson:"sortName" json:"-"`
	// IsRetired says that nothing new refers to the skill.
	IsRetired bool `bson:"retired,omitempty"`
	Version   int  `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// Connection and Edge are a page of skills.
type (
	Connection = page.Connection[*Skill]
	Edge       = page.Edge[*Skill]
)

// Name is the skill's name in that language; in the viewer's if nil.
func (s *Skill) Name(ctx context.Context, language *i18n.Language) string {
	return s.Names.In(auth.LanguageOf(ctx, language))
}

// NameTranslations are all its names.
func (s *Skill) NameTranslations() []i18n.Translation { return s.Names }

func newSkill(names i18n.Text) *Skill {
	k := &Skill{Version: 1}
	k.rename(names)
	k.ID = id.Derive(id.Skill, k.NameKey)
	return k
}

func (s *Skill) rename(names i18n.Text) {
	danish := names.In(i18n.Danish)
	s.Names, s.NameKey, s.SortName = names, strings.ToLower(danish), i18n.SortKey(danish)
}
