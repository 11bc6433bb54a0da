package group

import (
	"context"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

const (
	// contactLife is for how long an invitation waits for somebody to sign in with the contact.
	contactLife = 30 * 24 * time.Hour
	// maxContactsADay is how many contacts one person may invite in a day, to whatever groups.
	maxContactsADay = 50
	// timerContact is the kind of the timers that look for who has a contact.
	timerContact = "group.contact"
)

// ContactInvitation waits for whoever signs in with a contact that the inviter knows. Nobody is told whether
// somebody has: the inviter hears of the person when they join.
type ContactInvitation struct {
	ID        string    `bson:"_id"` // groupID:key
	GroupID   string    `bson:"groupId"`
	Key       string    `bson:"key"` // of person.EmailKey or person.PhoneKey
	CreatedBy string    `bson:"createdBy"`
	CreatedAt time.Time `bson:"createdAt"`
	ExpiresAt time.Time `bson:"expiresAt"`
	// IsWithdrawn says that nobody is to be invited. It stays for a day, so that withdrawing lets nobody try more.
	IsWithdrawn bool `bson:"isWithdrawn"`
	Version     int  `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// contactArgs name an invitation by a contact.
type contactArgs struct{ ID string }

// InviteByContact invites whoever has an e-mail address or phone number, now or when they sign in within contactLife. The
// answer, and how long it takes, are the same whether or not somebody has it: a timer looks. Returns Problems,
// NotFound for a group the viewer may not know of, Forbidden without the permission INVITE, and Exhausted for
// too many within a day.
func (s *Service) InviteByContact(ctx context.Context, in InviteByContactInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	i := s.newContact(ctx, in.GroupID, contactKey(in.Email, in.Phone))
	call := idempotency.Call{Operation: "inviteByContact", Key: in.ClientMutationID, Input: in}
	return s.putContact(ctx, call, i, func(was *ContactInvitation) error { return s.checkContactsToday(ctx, i, was) })
}

// WithdrawContactInvitation ends what InviteByContact has begun: nobody is invited by the contact any more, and
// whoever was and has not joined is no longer. The answer is the same if there was nothing. Returns what
// InviteByContact returns, but nothing is too many.
func (s *Service) WithdrawContactInvitation(ctx context.Context, in WithdrawContactInvitationInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	i := s.newContact(ctx, in.GroupID, contactKey(in.Email, in.Phone))
	i.IsWithdrawn, i.ExpiresAt = true, i.CreatedAt.Add(tellAgain)
	call := idempotency.Call{Operation: "withdrawContactInvitation", Key: in.ClientMutationID, Input: in}
	return s.putContact(ctx, call, i, func(was *ContactInvitation) error {
		if was != nil { // it still counts among what its maker has invited today
			i.CreatedBy, i.CreatedAt = was.CreatedBy, was.CreatedAt
		}
		return nil
	})
}

func (s *Service) newContact(ctx context.Context, groupID, key string) *ContactInvitation {
	now := s.now()
	return &ContactInvitation{ID: id.Pair(groupID, key), GroupID: groupID, Key: key, CreatedBy: auth.FromContext(ctx).PersonID,
		CreatedAt: now, ExpiresAt: now.Add(contactLife)}
}

// putContact writes an invitation by a contact and has a timer carry it out, if the check lets it.
func (s *Service) putContact(ctx context.Context, call idempotency.Call, i *ContactInvitation, check func(was *ContactInvitation) error) (*Group, error) {
	ref := outbox.Ref{Collection: contacts, ID: i.ID}
	call.On = []outbox.Ref{ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		g, err := s.Require(ctx, i.GroupID, Invite)
		if err != nil {
			return nil, err
		}
		return g, s.retry(ctx, func() error {
			was, err := s.store.contact(ctx, i.ID)
			if fault.UnlessNotFound(err) != nil {
				return err
			}
			if err := check(was); err != nil {
				return err
			}
			if i.Version = 1; was != nil {
				i.Version = was.Version + 1
			}
			effects := append([]outbox.Effect{timer.Effect(i.look(s.now()))}, t.Outcome(g)...)
			return s.Outbox.Commit(ctx, ref, effects, func(b outbox.Batch) error { return s.store.putContact(ctx, i, b) })
		})
	})
}

// look is the timer that carries this version of the invitation out. Two versions never share one: what ends an
// invitation would wait for the timer that has just made it.
func (i *ContactInvitation) look(at time.Time) timer.Timer {
	return timer.New(strings.Join([]string{"contact", i.ID, strconv.Itoa(i.Version)}, ":"), timerContact, at, contactArgs{i.ID})
}

// checkContactsToday refuses another contact to whoever has invited as many within a day as they may, whether or
// not somebody has these. One that they have invited before is no other.
func (s *Service) checkContactsToday(ctx context.Context, i, was *ContactInvitation) error {
	since := s.now().Add(-tellAgain)
	if was != nil && was.CreatedBy == i.CreatedBy && was.CreatedAt.After(since) {
		return nil
	}
	first, n, err := s.store.contactsSince(ctx, i.CreatedBy, since, maxContactsADay)
	if err != nil || n < maxContactsADay {
		return err
	}
	return fault.Exhausted("group.contact.often", first.Sub(since)).With("Max", maxContactsADay)
}

// lookForContact invites who has the contact of an invitation, or ends that if it was withdrawn.
func (s *Service) lookForContact(ctx context.Context, a contactArgs) error {
	i, err := s.store.contact(ctx, a.ID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	people, err := s.People.WithContact(ctx, i.Key)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := s.inviteBy(ctx, i, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// meetContacts invites a person to what waits for the contacts that they have shown to be theirs.
func (s *Service) meetContacts(ctx context.Context, a person.ContactsChanged) error {
	found, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil || found[a.PersonID] == nil || len(found[a.PersonID].ContactKeys) == 0 {
		return err
	}
	waiting, err := s.store.contactsOf(ctx, found[a.PersonID].ContactKeys, s.now())
	if err != nil {
		return err
	}
	for _, i := range waiting {
		if err := s.inviteBy(ctx, i, a.PersonID); err != nil {
			return err
		}
	}
	return nil
}

// inviteBy invites a person in the name of an inviter who may still do so, or ends that if the invitation was
// withdrawn. What speaks against it is told to nobody, since that would tell whose contact it is.
func (s *Service) inviteBy(ctx context.Context, i *ContactInvitation, personID string) error {
	g, err := s.store.get(ctx, i.GroupID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	if !i.IsWithdrawn {
		if ok, err := s.mayStillInvite(ctx, g, i.CreatedBy); err != nil || !ok || personID == i.CreatedBy {
			return err
		}
		_, err = s.do(ctx, deed{act: actInviteContact, group: g, personID: personID})
		for _, k := range []fault.Kind{fault.KindConflict, fault.KindForbidden, fault.KindNotFound, fault.KindExhausted} {
			if fault.Is(err, k) && !fault.HasCode(err, fault.CodeVersionConflict) {
				return nil
			}
		}
		if err != nil {
			return err
		}
		// If it was withdrawn meanwhile, that may have found nobody who was invited.
		if i, err = s.store.contact(ctx, i.ID); err != nil || !i.IsWithdrawn {
			return fault.UnlessNotFound(err)
		}
	}
	_, err = s.do(ctx, deed{act: actWithdrawContact, group: g, personID: personID})
	return err
}

func (s *Service) mayStillInvite(ctx context.Context, g *Group, personID string) (bool, error) {
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil || found[personID] == nil {
		return false, err
	}
	by := found[personID]
	return by.Admits() == nil && g.Allows(by.Viewer(), Invite, s.now()), nil
}

// isByContact reports whether the deed follows inviteByContact. The program does it, so that the membership does
// not say who has invited: what is known of an inviter is told them, and counted among what they have done.
func (d deed) isByContact() bool { return d.act.name == actInviteContact.name }

// seen is the membership as the deed sees it; ok is false if there is nothing to do. To others than the person
// it is as if an invitation by a contact had never found them.
func (d deed) seen(m *Membership) (seen *Membership, ok bool) {
	isWithdrawal := d.act.name == actWithdrawContact.name
	switch {
	case !m.ByContact:
		return m, !isWithdrawal
	case isWithdrawal, d.isByContact() && m.State == StateInvited, d.by == d.personID, d.by == "" && !d.isByContact():
		return m, true
	}
	unseen := *m
	unseen.State, unseen.ByContact = stateNone, false
	return &unseen, true
}

// PurgeContacts removes invitations that nobody has met in time, for databases that do not do so themselves.
func (s *Service) PurgeContacts(ctx context.Context) error { return s.store.purgeContacts(ctx) }
