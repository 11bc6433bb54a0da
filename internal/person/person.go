package person

import (
	"context"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Person is a person with an account.
type Person struct {
	ID string `bson:"_id"` // random, so it says nothing about the person
	// UID is Firebase's id of the account. It serves to close the account and to find the
	// sign-in when the person is erased. It is kept nowhere else.
	UID         string `bson:"uid" json:"-"`
	DisplayName string `bson:"displayName"`
	// NameKey is the name as a hurried reader sees it: see text.Skeleton.
	NameKey string `bson:"nameKey" json:"-"`
	// NameTerms are the terms by which staff find the name.
	NameTerms []string `bson:"nameTerms,omitempty" json:"-"`

	// These fields are shown only to the person, by the methods of nearly the same names.
	OwnLanguage     i18n.Language `bson:"language"`
	OwnHomeAreaID   string        `bson:"homeAreaId,omitempty"`
	OwnRoles        []auth.Role   `bson:"roles,omitempty"` // all roles except ADMIN
	OwnInterests    []string      `bson:"interests,omitempty"`
	OwnSkillsWanted []string      `bson:"skillsWanted,omitempty"`

	// The contact details of their work, which show only while they hold an office.
	OwnWorkEmail string `bson:"workEmail,omitempty"`
	OwnWorkPhone string `bson:"workPhone,omitempty"`

	// Admin is a copy, since another document decides who is an admin.
	Admin AdminCopy `bson:"admin,omitempty"`
	// OwnCapabilities were granted by themselves, at most one grant for each.
	OwnCapabilities []auth.CapabilityGrant `bson:"capabilities,omitempty"`

	// Groups are copies of the person's memberships, by group id.
	Groups map[string]GroupCopy `bson:"groups,omitempty"`
	// Skills are the skills that courses gave the person, by skill id.
	Skills map[string]SkillGrant `bson:"skills,omitempty"`
	// SaidSkills are those they say they have, and SkillsTaught those they can teach.
	SaidSkills      []SaidSkill     `bson:"saidSkills,omitempty"`
	SkillsTaught    []string        `bson:"skillsTaught,omitempty"`
	SkillsVisibleTo SkillVisibility `bson:"skillsVisibleTo,omitempty"` // empty: nobody
	// SkillsVersion is the person's version by the last change of what they are found by; 0: nothing ever was.
	SkillsVersion int `bson:"skillsVersion,omitempty" json:"-"`

	// ContactKeys are hashes of the verified contacts by which the person can be invited: see EmailKey.
	ContactKeys []string `bson:"contactKeys,omitempty" json:"-"`
	// ContactsAsOf is when the token was made that said so: an older one, on another phone, does not count.
	ContactsAsOf time.Time `bson:"contactsAsOf,omitempty" json:"-"`

	BannedAt   *time.Time `bson:"bannedAt,omitempty"`
	DisabledAt *time.Time `bson:"disabledAt,omitempty"`
	// ErasedAt is when the person was erased. The empty document stays, so that a late
	// call cannot make the person again.
	ErasedAt  *time.Time `bson:"erasedAt,omitempty"`
	CreatedAt time.Time  `bson:"createdAt"`
	Version   int        `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// GroupCopy is the person's copy of one membership. It holds only what a request must know,
// since there may be hundreds. A copy that is of no use any more stays for a while, so that
// a late effect cannot bring an older state back.
type GroupCopy struct {
	Active     bool `bson:"active"`
	Invited    bool `bson:"invited,omitempty"` // the person is invited and has neither joined nor declined
	Banned     bool `bson:"banned,omitempty"`  // the person is banned from the group
	auth.Grant `bson:",inline"`
	// Since is when the membership came into this state; nil for an active one.
	Since *time.Time `bson:"since,omitempty"`
	// Level is how much the person wants to hear of the group; empty: all.
	Level   notify.Level `bson:"level,omitempty"`
	Version int          `bson:"version"` // the membership's
}

// HeldRoles are the person's roles beyond RESIDENT.
func (p *Person) HeldRoles() []auth.Role {
	if !p.Admin.Holds {
		return p.OwnRoles
	}
	return append(slices.Clone(p.OwnRoles), auth.RoleAdmin)
}

// Viewer is the person as the viewer of a request.
func (p *Person) Viewer() auth.Viewer {
	v := auth.Viewer{PersonID: p.ID, Account: p.UID, Roles: p.HeldRoles(), Granted: p.OwnCapabilities, HomeAreaID: p.OwnHomeAreaID, Language: p.OwnLanguage,
		Groups: make(map[string]auth.Grant, len(p.Groups))}
	for groupID, g := range p.Groups {
		if g.Active {
			v.Groups[groupID] = g.Grant
		}
	}
	v.InvitedTo, v.BannedFrom = p.InvitedTo(), p.bannedFrom()
	return v
}

// Knows reports whether the person's copy of a membership has that version or a later
// one. A person who has been erased keeps no copies and belongs to nothing any more, so
// there is nothing newer to know.
func (p *Person) Knows(groupID string, version int) bool {
	return p.ErasedAt != nil || p.Groups[groupID].Version >= version
}

// bannedFrom are the ids of the groups the person is banned from, sorted.
func (p *Person) bannedFrom() []string {
	return p.groupsWhere(func(g GroupCopy) bool { return g.Banned })
}

// InvitedTo are the ids of the groups the person is invited to and has not
// joined, sorted.
func (p *Person) InvitedTo() []string {
	return p.groupsWhere(func(g GroupCopy) bool { return g.Invited })
}

func (p *Person) groupsWhere(fits func(g GroupCopy) bool) []string {
	var ids []string
	for groupID, g := range p.Groups {
		if fits(g) {
			ids = append(ids, groupID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Admits refuses a person who is banned, disabled or erased.
func (p *Person) Admits() error {
	if p.BannedAt != nil {
		return fault.Forbidden("person.banned")
	}
	if p.DisabledAt != nil || p.ErasedAt != nil {
		return fault.Forbidden("person.disabled")
	}
	return nil
}

func (p *Person) isViewer(ctx context.Context) bool { return auth.FromContext(ctx).PersonID == p.ID }

// Language is the language the person reads: that of the answer if they have none of their own.
// It is nil unless they are the viewer.
func (p *Person) Language(ctx context.Context) *i18n.Language {
	if !p.isViewer(ctx) {
		return nil
	}
	reads := p.OwnLanguage
	if !reads.IsValid() {
		reads = auth.LanguageOf(ctx, nil)
	}
	return &reads
}

// HomeAreaID is the person's area; empty unless they are the viewer.
func (p *Person) HomeAreaID(ctx context.Context) string {
	if !p.isViewer(ctx) {
		return ""
	}
	return p.OwnHomeAreaID
}

// Roles are the person's roles; nil unless they are the viewer or the viewer is
// an admin.
func (p *Person) Roles(ctx context.Context) []auth.Role {
	if !p.isViewer(ctx) && !auth.FromContext(ctx).Has(auth.RoleAdmin) {
		return nil
	}
	return append([]auth.Role{auth.RoleResident}, p.HeldRoles()...)
}

// Interests are the person's interests; nil unless they are the viewer.
func (p *Person) Interests(ctx context.Context) []string {
	if !p.isViewer(ctx) {
		return nil
	}
	return append([]string{}, p.OwnInterests...)
}

// maxSkills is how many of a person's skills are shown.
const maxSkills = 100

// SkillIDs are the skills the person has, newest first, at most 100.
func (p *Person) SkillIDs() []string {
	ids := make([]string, 0, len(p.Skills))
	for skillID := range p.Skills {
		ids = append(ids, skillID)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if c := p.Skills[b].At.Compare(p.Skills[a].At); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	return ids[:min(len(ids), maxSkills)]
}
