package area

import (
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/optional"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// Area is one local area.
type Area struct {
	ID       string          `bson:"_id"`
	Slug     string          `bson:"slug"`
	Name     string          `bson:"name"`
	SortName string          `bson:"sortName" json:"-"`
	MainTown string          `bson:"mainTown"`
	Contacts []ContactPerson `bson:"contacts"`
	// CommunityBuilderIDs are the area's fælles-skabere.
	CommunityBuilderIDs []string `bson:"communityBuilderIds"`
	Version             int      `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// ContactKind says whether a contact person is a resident of the area or an employee of the municipality.
type ContactKind string

// The kinds of contact persons.
const (
	ContactLocal     ContactKind = "LOCAL"
	ContactMunicipal ContactKind = "MUNICIPAL"
)

// IsValid reports whether it is one of them.
func (k ContactKind) IsValid() bool {
	switch k {
	case ContactLocal, ContactMunicipal:
		return true
	}
	return false
}

var contactKinds = []ContactKind{ContactLocal, ContactMunicipal}

// MissingContact is a kind of people to turn to that an area lacks.
type MissingContact string

// The kinds of people that an area may lack: contact persons of each kind, and a fælles-skaber.
const (
	MissingLocal     MissingContact = "LOCAL"
	MissingMunicipal MissingContact = "MUNICIPAL"
	MissingBuilder   MissingContact = "COMMUNITY_BUILDER"
)

// IsValid reports whether it is one of them.
func (m MissingContact) IsValid() bool {
	switch m {
	case MissingLocal, MissingMunicipal, MissingBuilder:
		return true
	}
	return false
}

// ContactPerson is a named person whom residents can turn to.
type ContactPerson struct {
	Kind  ContactKind `bson:"kind"`
	Name  string      `bson:"name"`
	Email *string     `bson:"email,omitempty"`
	Phone *string     `bson:"phone,omitempty"`
}

// IDOf is the id of the area with that slug.
func IDOf(slug string) string { return id.Derive(id.Area, slug) }

// LokalforumID is the id of the area's lokalforum. It is derived, so that there is never a
// second one.
func LokalforumID(areaID string) string { return id.Derive(id.Group, "lokalforum", areaID) }

func (a *Area) hasContact(kind ContactKind) bool {
	for _, c := range a.Contacts {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

// SetContactsInput replaces the contact persons of an area.
type SetContactsInput struct {
	ClientMutationID *string
	AreaID           string
	Contacts         []ContactPerson
	ExpectedVersion  *int
}

// Clean checks the input, tidies its texts and puts local contacts first.
// Returns Problems.
func (in *SetContactsInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.areaId", id.Area, in.AreaID))
	if len(in.Contacts) > 10 {
		p.Add(fault.Invalid("input.contacts", "list.long").With("Max", 10))
	}
	var sorted []ContactPerson
	for _, kind := range contactKinds {
		for i, c := range in.Contacts {
			if c.Kind == kind {
				sorted = append(sorted, c.clean(&p, "input.contacts."+strconv.Itoa(i)))
			}
		}
	}
	in.Contacts = sorted
	return p.Err()
}

func (c ContactPerson) clean(p *fault.Problems, field string) ContactPerson {
	c.Name = text.Clean(p, field+".name", c.Name, text.Line)
	if c.Email != nil {
		c.Email = optional.OrNil(CleanEmail(p, field+".email", *c.Email))
	}
	if c.Phone != nil {
		c.Phone = optional.OrNil(CleanPhone(p, field+".phone", *c.Phone))
	}
	return c
}

// AssignInput is a fælles-skaber and an area.
type AssignInput struct {
	ClientMutationID *string
	AreaID           string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *AssignInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.areaId", id.Area, in.AreaID))
	p.Add(id.Check("input.personId", id.Person, in.PersonID))
	return p.Err()
}
