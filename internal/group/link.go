package group

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

const (
	// linkLife is how long a link lets people in unless its maker sets another time.
	linkLife = 14 * 24 * time.Hour
	// maxLinkDays is the longest time a maker may set.
	maxLinkDays = 90
)

// Link lets everybody who has its code into a group, until it expires or is revoked.
type Link struct {
	ID        string     `bson:"_id"` // derived from the code by linkID
	GroupID   string     `bson:"groupId"`
	CreatedBy string     `bson:"createdBy"`
	CreatedAt time.Time  `bson:"createdAt"`
	ExpiresAt time.Time  `bson:"expiresAt"`
	RevokedAt *time.Time `bson:"revokedAt,omitempty"`
	UsedBy    []string   `bson:"usedBy,omitempty"` // ids of people
	// UsedByErased is how many more people have joined by the link who have been erased
	// since.
	UsedByErased int `bson:"usedByErased,omitempty"`

	// Code is known only to the call that made the link.
	Code string `bson:"-"`
	// URL opens the link in a browser; nil if the app has no pages.
	URL *string `bson:"-"`
}

// linkID is the SHA-256 of a code. The code itself is kept nowhere, so that a reader of
// the database cannot join by what they find there.
func linkID(code string) string {
	sum := sha256.Sum256([]byte(strings.ToUpper(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

// actOf is the act of a person who uses the link.
func (l *Link) actOf(m *Membership) act {
	if l.isOlderThanNo(m) {
		return actOldLink
	}
	return actLink
}

// isOlderThanNo reports whether another person has kept this one out of the group since the
// link was made.
func (l *Link) isOlderThanNo(m *Membership) bool {
	return m.KeptOutAt != nil && !l.CreatedAt.After(*m.KeptOutAt)
}

// revocation ends one link, or all links that a group had at an instant.
type revocation struct {
	LinkID string    `bson:"linkId"` // empty: all
	At     time.Time `bson:"at"`
}

// isRevoking reports whether the group has revoked a link which does not say so yet.
func (g *Group) isRevoking(l *Link) bool {
	for _, r := range g.Revoking {
		if r.LinkID == l.ID || r.LinkID == "" && !l.CreatedAt.After(r.At) {
			return true
		}
	}
	return false
}

// endRevoked ends the links that a write of the group has revoked.
func (s *Service) endRevoked(ctx context.Context, call outbox.Call, a revokeArgs) error {
	var err error
	if a.LinkID != "" {
		err = s.store.revokeLink(ctx, a.LinkID)
	} else {
		err = s.store.revokeLinks(ctx, a.GroupID, a.At)
	}
	if err != nil {
		return err
	}
	return s.store.unrevoking(ctx, a.GroupID, call.Batch)
}

// uses is how many people have joined by the link.
func (l *Link) uses() int { return len(l.UsedBy) + l.UsedByErased }

// Invitation is what people who have a link's code may see.
type Invitation struct {
	ExpiresAt time.Time

	group *Group
	link  *Link
	now   time.Time
}

// GroupID is the id of the group the link leads to.
func (i *Invitation) GroupID() string { return i.group.ID }

// GroupName is the group's name.
func (i *Invitation) GroupName() string { return i.group.Name }

// GroupDescription is what the group is about.
func (i *Invitation) GroupDescription() string { return i.group.Description }

// MemberCount is how many active members the group has.
func (i *Invitation) MemberCount() int { return i.group.MemberCount }

// Uses is how many people have joined by the link; nil unless the viewer may
// INVITE.
func (i *Invitation) Uses(ctx context.Context) *int {
	if !i.group.Allows(auth.FromContext(ctx), Invite, i.now) {
		return nil
	}
	n := i.link.uses()
	return &n
}

// CreateLink makes a link that lets people into a group. The same clientMutationId makes
// another link: to repeat the first answer, its code would have to be kept. A link whose
// code nobody received lets nobody in. Returns Problems, NotFound for a group the viewer
// may not know of, and Forbidden without the permission INVITE.
func (s *Service) CreateLink(ctx context.Context, in CreateLinkInput) (*Link, error) {
	now := s.now()
	if err := in.Clean(now); err != nil {
		return nil, err
	}
	g, err := s.Require(ctx, in.GroupID, Invite)
	if err != nil {
		return nil, err
	}
	l := &Link{GroupID: g.ID, CreatedBy: auth.FromContext(ctx).PersonID, CreatedAt: now, ExpiresAt: now.Add(linkLife), Code: rand.Text()}
	l.ID = linkID(l.Code)
	if in.ExpiresAt != nil {
		l.ExpiresAt = *in.ExpiresAt
	}
	if s.AppURL != "" {
		url := s.AppURL + "/invitations/" + l.Code
		l.URL = &url
	}
	return l, s.store.insertLink(ctx, l)
}

// RevokeLink ends a link, or all links of the group if no code is given. A link that has
// ended already stays so. The group's document decides, and from then on the link lets nobody
// in. That links end is an effect, so that a repeat does not end links that were made since. Returns Problems,
// NotFound for a group the viewer may not know of or a code that is not one of its links',
// and Forbidden without the permission INVITE.
func (s *Service) RevokeLink(ctx context.Context, in RevokeLinkInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "revokeInvitationLink", Key: in.ClientMutationID, Input: in, On: groupRef(in.GroupID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		g, err := s.Require(ctx, in.GroupID, Invite)
		if err != nil {
			return nil, err
		}
		a := revokeArgs{GroupID: g.ID, At: s.now()}
		if in.Code != nil {
			l, err := s.store.link(ctx, linkID(*in.Code))
			if fault.Is(err, fault.KindNotFound) || err == nil && l.GroupID != g.ID {
				return nil, fault.NotFound("group.invitation.not_found")
			}
			if err != nil {
				return nil, err
			}
			a.LinkID = l.ID
		}
		effects := append([]outbox.Effect{outbox.New(effectRevoke, a)}, t.Outcome(g)...)
		return g, s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.revoke(ctx, a, b) })
	})
}

// Invitation is what the link with that code leads to. Returns NotFound for every code
// that lets nobody in, and for one that does not let the viewer in because they were kept
// out.
func (s *Service) Invitation(ctx context.Context, code string) (*Invitation, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	l, g, err := s.open(ctx, code)
	if err != nil {
		return nil, err
	}
	m, err := s.membershipOrNew(ctx, g.ID, v.PersonID)
	if err != nil {
		return nil, err
	}
	if _, refusal := l.actOf(m).on(m); refusal != nil && m.State != StateActive {
		return nil, fault.NotFound("group.invitation.not_found")
	}
	return &Invitation{ExpiresAt: l.ExpiresAt, group: g, link: l, now: s.now()}, nil
}

// open is the link with that code, and its group, if it lets people in now: it has not
// ended, and its maker may still let people in. Returns NotFound otherwise, the same for
// every reason.
func (s *Service) open(ctx context.Context, code string) (*Link, *Group, error) {
	refused := fault.NotFound("group.invitation.not_found")
	l, err := s.usable(ctx, code)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.store.get(ctx, l.GroupID)
	if err != nil {
		return nil, nil, err
	}
	if g.isRevoking(l) {
		return nil, nil, refused
	}
	// The group forgets that it has revoked a link once the link says so. That may have happened since
	// the link was read.
	if l, err = s.usable(ctx, code); err != nil {
		return nil, nil, err
	}
	makers, err := s.People.Load(ctx, []string{l.CreatedBy})
	if err != nil {
		return nil, nil, err
	}
	maker := makers[l.CreatedBy]
	if maker == nil || maker.Admits() != nil || !g.Allows(maker.Viewer(), Invite, s.now()) {
		return nil, nil, refused
	}
	return l, g, nil
}

// usable is the link with that code, if it has not ended by itself.
func (s *Service) usable(ctx context.Context, code string) (*Link, error) {
	l, err := s.store.link(ctx, linkID(code))
	if fault.Is(err, fault.KindNotFound) || err == nil && (l.RevokedAt != nil || !l.ExpiresAt.After(s.now())) {
		return nil, fault.NotFound("group.invitation.not_found")
	}
	return l, err
}

// PurgeLinks removes links that have expired, for databases that do not do so themselves.
func (s *Service) PurgeLinks(ctx context.Context) error { return s.store.purgeLinks(ctx) }
