package certificate

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// Certificate says that a person has completed a course.
type Certificate struct {
	ID   string `bson:"_id"`
	Code string `bson:"code"` // ends its address
	// PersonID is whose it is; empty once they are erased.
	PersonID string `bson:"personId"`
	// Holder is their name as they wanted it when it was issued; empty if they had said none, and once they are erased.
	Holder   string `bson:"holder"`
	CourseID string `bson:"courseId"`
	// Round tells apart the completions of a course, of which a later one has a higher number.
	Round  int       `bson:"round"`
	Titles i18n.Text `bson:"title"`
	// Learned are the skills that the course taught.
	Learned []Skill `bson:"learned"`
	// StartsAt and EndsAt are when the course began and ended, by the clock of its zone.
	StartsAt time.Time  `bson:"startsAt"`
	EndsAt   time.Time  `bson:"endsAt"`
	TimeZone clock.Zone `bson:"timeZone"`
	// Attended are how many of the sessions the person attended, and Minutes how long these took.
	Attended int       `bson:"attended"`
	Sessions int       `bson:"sessions"`
	Minutes  int       `bson:"minutes"`
	IssuedAt time.Time `bson:"issuedAt"`

	RevokedAt     *time.Time `bson:"revokedAt,omitempty"`
	RevokedReason *string    `bson:"revokedReason,omitempty"`
	// ReplacedByID is the certificate that was issued in its place; empty: none. NewCode is its code.
	ReplacedByID string     `bson:"replacedBy,omitempty"`
	NewCode      string     `bson:"newCode,omitempty" json:"-"`
	ErasedAt     *time.Time `bson:"erasedAt,omitempty" json:"-"` // when its holder was
	Version      int        `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// Skill is what a course taught, as it was called when the certificate was issued.
type Skill struct {
	ID    string    `bson:"id"`
	Names i18n.Text `bson:"name"`
}

// Connection and Edge are a page of certificates.
type (
	Connection = page.Connection[*Certificate]
	Edge       = page.Edge[*Certificate]
)

// State says what a certificate is worth.
type State string

// The states. The last two are of what is given to be checked.
const (
	StateValid    State = "VALID"
	StateErased   State = "HOLDER_ERASED"
	StateRevoked  State = "REVOKED"
	StateReplaced State = "REPLACED"
	StateUnknown  State = "UNKNOWN"
	StateAltered  State = "ALTERED"
)

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case StateValid, StateErased, StateRevoked, StateReplaced, StateUnknown, StateAltered:
		return true
	}
	return false
}

// Proves reports whether a certificate in that state proves that its holder completed the course.
func (s State) Proves() bool { return s == StateValid || s == StateErased }

// State is what the certificate is worth now.
func (c *Certificate) State() State {
	switch {
	case c.RevokedAt != nil:
		return StateRevoked
	case c.ReplacedByID != "":
		return StateReplaced
	case c.ErasedAt != nil:
		return StateErased
	}
	return StateValid
}

// HolderName is the name on it; nil if they had said none, or are erased.
func (c *Certificate) HolderName() *string {
	if c.Holder == "" {
		return nil
	}
	return &c.Holder
}

// CourseTitle is the name of the course in that language; in the viewer's if nil.
func (c *Certificate) CourseTitle(ctx context.Context, language *i18n.Language) string {
	return c.Titles.In(auth.LanguageOf(ctx, language))
}

// SkillIDs are the skills that the course taught.
func (c *Certificate) SkillIDs() []string {
	ids := make([]string, len(c.Learned))
	for i, k := range c.Learned {
		ids[i] = k.ID
	}
	return ids
}

// SkillNames are the names of those skills in a language.
func (c *Certificate) SkillNames(l i18n.Language) []string {
	names := make([]string, len(c.Learned))
	for i, k := range c.Learned {
		names[i] = k.Names.In(l)
	}
	return names
}

// CanSee reports whether a viewer may see the certificate in the app. Whoever has its address sees its page.
func (c *Certificate) CanSee(v auth.Viewer, now time.Time) bool {
	return c.PersonID != "" && c.PersonID == v.PersonID || v.Can(auth.CapabilityCourses, now)
}

// Action is what a viewer may do with a certificate.
type Action string

// The actions.
const (
	ActionRevoke  Action = "REVOKE"
	ActionReissue Action = "REISSUE"
)

// Can are the actions that the server would accept from the viewer at an instant.
func (c *Certificate) Can(v auth.Viewer, now time.Time) []Action {
	can := []Action{}
	if !v.Can(auth.CapabilityCourses, now) || !c.State().Proves() {
		return can
	}
	if can = append(can, ActionRevoke); c.State() == StateValid {
		can = append(can, ActionReissue)
	}
	return can
}
