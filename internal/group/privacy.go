package group

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
)

// collections returns the entries of groups, memberships and invitation links.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: groups, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose: "To show which groups there are and whom they are for, to know who leads them, and how many they are.",
			Whose: "The group's. It names who leads it, and for at least " + privacy.For(countedKept) + " whose membership was counted last; and people whom its " +
				"leaders name in its description.",
			Retention: "Until its leaders delete the group, or else as long as the service; a leader for as long as they lead.",
			Ends: strconv.Itoa(UndoDays) + " days after its leaders have deleted the group nothing is left of it but its id, its kind and when it was made. A leader steps down, leaves or is erased. If they were the only one, whoever manages the members already leads from then on, or else whoever has " +
				"been a member for longest; in a lokalforum or committee those who have SUPPORT choose.",
			Kept: "The group with its name and texts, because it belongs to its members; and how many have become and stopped being members. Whoever is named in a " +
				"text asks the leaders, who can change it.",
			Export: s.exportLed, Erase: s.eraseLed,
		},
		{
			Name: memberships, Basis: privacy.Agreement, ShardKey: byGroup,
			AskAll: map[string]string{
				"personId":   "a person's own memberships lie with their groups; the person's document has a copy of what each request needs",
				"history.by": "an export or an erasure finds what somebody has decided",
			},
			Purpose: "To know who belongs to which group, with which roles, what they want to hear of it, who has asked or is invited, and who was removed or is banned; and a copy of " +
				"the skills by which the person has agreed to be found by those who manage the members.",
			Whose: "The person's. Its history of at most twenty steps also names who decided about it.",
			Retention: "Until the person is erased. Also what has ended is kept until then, so that an old link does not let in whom the group has removed, and a ban " +
				"holds.",
			Ends: "Erasure removes it, and takes the person out of the histories of the memberships they have decided about.",
			Kept: "Of decisions about others when they were made and what they were, without who made them. A ban goes with the membership: nothing is kept by which " +
				"the person could be known again.",
			Export: s.exportMemberships, Erase: privacy.InTurn(s.eraseMemberships, s.eraseDecisions),
		},
		{
			Name: links, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose:   "To let whoever has the code of a link into a group.",
			Whose:     "That of who has made the link, and of those who have joined by it.",
			Retention: "Until the link expires: " + privacy.For(linkLife) + ", unless its maker has chosen otherwise; " + strconv.Itoa(maxLinkDays) + " days at most.",
			Ends:      "A TTL index on expiresAt, or an hourly job where the database has none; erasure removes the links that the person has made.",
			Kept:      "Of links of others by which the person has joined: that one more has, as a number, until the link expires.",
			Export:    s.exportLinks, Erase: privacy.InTurn(s.store.removeLinksOf, s.store.forgetUse),
		},
		{
			Name: contacts, Basis: privacy.PublicTask, ShardKey: privacy.HashedID,
			AskAll: map[string]string{
				"key":       "whoever signs in with a contact is invited to what waits for it",
				"createdBy": "nobody invites more than so many contacts in a day, and an erasure removes them",
				"expiresAt": "what nobody has met in time goes",
			},
			Purpose:   "To invite whoever has an e-mail address or phone number that a leader knows, without telling the leader whether somebody has it.",
			Whose:     "That of who invites, and, as a hash, of whom the address or number is. It is no secret to whoever knows the address or number.",
			Retention: privacy.For(contactLife) + " from the last invitation.",
			Ends:      "A TTL index on expiresAt, or an hourly job where the database has none; erasure removes what the person has made.",
			Kept:      "What others have made for a contact of the person, until it expires: it holds nothing but the hash, and the person is no longer found by it.",
			Export:    s.exportContacts, Erase: s.store.removeContactsOf,
		},
	}
}

// ledRecord is a group in the export of one of its leaders.
type ledRecord struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Kind        Kind   `json:"kind"`
	You         string `json:"you"`
}

func (s *Service) exportLed(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkLed(personID).Each(ctx, func(g *Group) error {
		return keep(ledRecord{ID: g.ID, Name: g.Name, Description: g.Description, Kind: g.Kind, You: RoleLeader})
	})
}

// membershipRecord is a membership in the export of its person. It does not name other people who have
// decided about it.
type membershipRecord struct {
	GroupID       string          `json:"groupId"`
	Group         string          `json:"group,omitempty"`
	State         MembershipState `json:"state"`
	Since         time.Time       `json:"since"`
	Roles         []roleRecord    `json:"roles"`
	Notifications notify.Level    `json:"notifications,omitempty"`
	History       []stepRecord    `json:"history"`
}

type roleRecord struct {
	Key       string     `json:"key"`
	Name      string     `json:"name,omitempty"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty"`
}

type stepRecord struct {
	State MembershipState `json:"state"`
	At    time.Time       `json:"at"`
	ByYou bool            `json:"byYou"`
}

// decisionRecord is a step of another person's membership that the person has decided.
type decisionRecord struct {
	GroupID string          `json:"groupId"`
	Became  MembershipState `json:"othersMembershipBecame"`
	At      time.Time       `json:"at"`
}

func (s *Service) exportMemberships(ctx context.Context, personID string, keep func(record any) error) error {
	err := s.store.walkMemberships(personID).Each(ctx, func(m *Membership) error {
		g, err := s.store.get(ctx, m.GroupID)
		if fault.UnlessNotFound(err) != nil {
			return err
		}
		return keep(m.record(g))
	})
	if err != nil {
		return err
	}
	return s.store.walkDecided(personID).Each(ctx, func(m *Membership) error {
		for _, step := range m.History {
			if step.By != personID || m.PersonID == personID {
				continue
			}
			if err := keep(decisionRecord{GroupID: m.GroupID, Became: step.State, At: step.At}); err != nil {
				return err
			}
		}
		return nil
	})
}

// record is the membership in the export of its person. g is nil if the group no longer exists.
func (m *Membership) record(g *Group) membershipRecord {
	r := membershipRecord{GroupID: m.GroupID, State: m.State, Since: m.Since, Roles: []roleRecord{}, Notifications: m.Level, History: []stepRecord{}}
	if g != nil {
		r.Group = g.Name
	}
	for _, held := range m.Held(g) {
		role := roleRecord{Key: held.Role.Key, ExpiresAt: held.ExpiresAt}
		if held.Role.Name != nil {
			role.Name = *held.Role.Name
		}
		r.Roles = append(r.Roles, role)
	}
	for _, step := range m.History {
		r.History = append(r.History, stepRecord{State: step.State, At: step.At, ByYou: step.By == m.PersonID})
	}
	return r
}

// contactRecord is an invitation by a contact in the export of its maker, or of whoever has the contact.
type contactRecord struct {
	GroupID   string    `json:"groupId"`
	You       string    `json:"you"` // MADE_IT or ARE_INVITED
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func (s *Service) exportContacts(ctx context.Context, personID string, keep func(record any) error) error {
	record := func(i *ContactInvitation, you string) error {
		return keep(contactRecord{GroupID: i.GroupID, You: you, CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt})
	}
	err := s.store.walkContacts(personID).Each(ctx, func(i *ContactInvitation) error { return record(i, "MADE_IT") })
	if err != nil {
		return err
	}
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil || found[personID] == nil || len(found[personID].ContactKeys) == 0 {
		return err
	}
	waiting, err := s.store.contactsOf(ctx, found[personID].ContactKeys, s.now())
	for _, i := range waiting {
		if err := record(i, "ARE_INVITED"); err != nil {
			return err
		}
	}
	return err
}

// linkRecord is an invitation link in the export of its maker, or of a person who has joined by it.
type linkRecord struct {
	GroupID   string     `json:"groupId"`
	You       string     `json:"you"` // MADE_IT or JOINED_BY_IT
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	RevokedAt *time.Time `json:"revokedAt,omitempty"`
	Uses      *int       `json:"uses,omitempty"`
}

func (s *Service) exportLinks(ctx context.Context, personID string, keep func(record any) error) error {
	err := s.store.walkLinks(personID).Each(ctx, func(l *Link) error {
		uses := l.uses()
		return keep(linkRecord{GroupID: l.GroupID, You: "MADE_IT", CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt, RevokedAt: l.RevokedAt, Uses: &uses})
	})
	if err != nil {
		return err
	}
	return s.store.walkUsedLinks(personID).Each(ctx, func(l *Link) error {
		return keep(linkRecord{GroupID: l.GroupID, You: "JOINED_BY_IT", CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt})
	})
}
