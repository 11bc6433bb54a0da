package person

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// collections are the entries in the register of privacy.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: collection,
			Purpose: "Who has an account: the name that others see and by which staff find them, the language, the area they live in, what they are interested in, want to " +
				"learn, can do and can teach, and to whom they show it, what they may do for the municipality, the e-mail address and telephone number that they publish for that work, hashes of the e-mail address and phone number that they have shown to be theirs, by which leaders who know them can invite, " +
				"and copies of what they belong to, so that the app knows who is asking.",
			Basis:     privacy.PublicTask,
			Whose:     "The person's own.",
			Retention: "As long as the person has an account.",
			Ends:      "Erasure.",
			Kept: "An empty document with the random id, when it was made and when it was erased, for good: so that a sign-in that was under way " +
				"on a slow phone cannot bring the person back.",
			ShardKey: privacy.HashedID,
			AskAll: map[string]string{
				"_id":                     "news for everybody walks through all people, a page at a time",
				"homeAreaId":              "news for an area goes to whoever lives there",
				"skillsWanted":            "a new course is told to whoever wants to learn it",
				"roles":                   "an announcement that waits is told to whoever may approve it by a role",
				"capabilities.capability": "and to whoever may by a capability of their own",
				"contactKeys":             "a leader invites whoever has an address or number that they know",
				"nameKey":                 "nobody takes a name that looks like that of somebody with an office, or of a leader",
				"nameTerms":               "staff find people by their names, whom they want to give a role or help",
			},
			Export: s.exportPerson,
			Erase: func(ctx context.Context, personID string) (bool, error) {
				return false, s.store.sweepOut(ctx, personID)
			},
		},
		{
			Name: signIns,
			Purpose: "Leads from an account at Firebase to the person, so that whoever signs in is the same person as last time. It holds a hash of " +
				"the account's id.",
			Basis:     privacy.PublicTask,
			Whose:     "The person's own.",
			Retention: "As long as the person has an account.",
			Ends:      "Erasure. Whoever signs in with the same account afterwards is somebody new. The account itself is kept by Firebase.",
			ShardKey:  privacy.HashedID,
			Export:    s.exportSignIn,
			Erase:     s.eraseSignIn,
		},
		{
			Name:      offices,
			Purpose:   "Who is an admin. One document decides it, so that there is always somebody who can grant what others may do.",
			Basis:     privacy.PublicTask,
			Whose:     "That of the admins, by their random ids.",
			Retention: "As long as they are admins.",
			Ends:      "The role being taken from them, and erasure. The last admin cannot be erased before there is another one.",
			ShardKey:  privacy.Unsharded,
			Export: func(ctx context.Context, personID string, keep func(record any) error) error {
				list, err := s.store.admins(ctx)
				if err != nil || !list.has(personID) {
					return err
				}
				return keep(map[string]any{"admin": true})
			},
			Erase: func(ctx context.Context, personID string) (bool, error) { return false, s.dropAdmin(ctx, personID) },
		},
	}
}

func (s *Service) exportPerson(ctx context.Context, personID string, keep func(record any) error) error {
	record, err := s.store.record(ctx, personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	return keep(record)
}

func (s *Service) exportSignIn(ctx context.Context, personID string, keep func(record any) error) error {
	in, err := s.signInOf(ctx, personID)
	if err != nil || in == nil {
		return err
	}
	return keep(map[string]any{"id": in.ID, "createdAt": in.CreatedAt.UTC()})
}

// signInOf is the sign-in that leads to a person; nil if none does.
func (s *Service) signInOf(ctx context.Context, personID string) (*SignIn, error) {
	p, err := s.store.get(ctx, personID)
	if err != nil || p.UID == "" {
		return nil, fault.UnlessNotFound(err)
	}
	in, err := s.store.signIn(ctx, signInID(p.UID))
	if err != nil || in.PersonID != personID {
		return nil, fault.UnlessNotFound(err)
	}
	return in, nil
}

// eraseSignIn removes the person's sign-in, and then the uid by which it was found.
func (s *Service) eraseSignIn(ctx context.Context, personID string) (left bool, err error) {
	p, err := s.store.get(ctx, personID)
	if err != nil || p.UID == "" {
		return false, fault.UnlessNotFound(err)
	}
	if err := s.store.removeSignIn(ctx, signInID(p.UID), personID); err != nil {
		return false, err
	}
	return false, s.store.forgetUID(ctx, personID)
}
