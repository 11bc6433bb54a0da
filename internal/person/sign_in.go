package person

import (
	"context"
	"strings"
	"sync"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/text"
)

// SignIn leads from an account at Firebase to its person. It is written once, never changes,
// and is removed when the person is erased, so that somebody who comes back with the same
// account is a new person.
type SignIn struct {
	ID        string    `bson:"_id"` // derived from the uid, which it does not reveal
	PersonID  string    `bson:"personId"`
	CreatedAt time.Time `bson:"createdAt"`
}

// NewSignIn makes a sign-in from the account with that uid to a person.
func NewSignIn(uid, personID string, now time.Time) *SignIn {
	return &SignIn{ID: signInID(uid), PersonID: personID, CreatedAt: now}
}

// signInID is derived from the uid, so that two phones on which a person signs in for the
// first time write the same document.
func signInID(uid string) string { return id.Derive(id.SignIn, "uid", uid) }

// signInTries is how often a sign-in looks again when the person it found has been erased
// meanwhile. Each further try means one more erasure.
const signInTries = 3

// SignIn is the person behind a verified token; the first sign-in makes them. Returns
// Forbidden for a person who is banned or disabled.
//
// Processes may remember sign-ins, because these never change. The person is read each time
// and says whether they have been erased. So even a slow process lets nobody in as a person
// who has been erased.
func (s *Service) SignIn(ctx context.Context, c auth.Claims, language i18n.Language) (*Person, error) {
	key := signInID(c.UID)
	if personID, ok := s.known.get(key); ok {
		p, err := s.store.get(ctx, personID)
		if err == nil && p.ErasedAt == nil {
			s.keepContacts(ctx, p, c)
			return p, p.Admits()
		}
		if fault.UnlessNotFound(err) != nil {
			return nil, err
		}
	}
	for range signInTries {
		p, err := s.behind(ctx, c, language)
		if err != nil {
			return nil, err
		}
		if p.ErasedAt == nil {
			s.known.put(key, p.ID)
			s.keepContacts(ctx, p, c)
			return p, p.Admits()
		}
		// The erasure has not removed the sign-in, either not yet, or because it was
		// interrupted.
		if err := s.store.removeSignIn(ctx, key, p.ID); err != nil {
			return nil, err
		}
	}
	return nil, fault.Unavailable("database.unavailable", nil)
}

// behind is the person an account leads to, erased or not; it makes them if there is none.
// The sign-in decides who it is and is written first. So if its person is missing, a first
// sign-in was interrupted, and this call finishes it.
func (s *Service) behind(ctx context.Context, c auth.Claims, language i18n.Language) (*Person, error) {
	in, err := s.store.signIn(ctx, signInID(c.UID))
	if fault.Is(err, fault.KindNotFound) {
		in = NewSignIn(c.UID, s.NewID(id.Person), s.DB.Now())
		err = s.store.insertSignIn(ctx, in)
		if err == nil {
			return s.create(ctx, in, c, language)
		}
		if fault.Is(err, fault.KindConflict) { // another phone of the person was quicker
			in, err = s.store.signIn(ctx, in.ID)
		}
	}
	if err != nil {
		return nil, err
	}
	p, err := s.store.get(ctx, in.PersonID)
	if fault.Is(err, fault.KindNotFound) {
		return s.create(ctx, in, c, language)
	}
	return p, err
}

func (s *Service) create(ctx context.Context, in *SignIn, c auth.Claims, language i18n.Language) (*Person, error) {
	var ignored fault.Problems
	name := text.Clean(&ignored, "", c.Name, text.Line)
	if len(ignored) > 0 {
		name = "" // the app asks for the name when the person completes their profile
	}
	p := &Person{ID: in.PersonID, UID: c.UID, OwnLanguage: language, CreatedAt: s.DB.Now(), Version: 1}
	if p.rename(name); name != "" {
		err := s.checkName(ctx, p)
		if fault.Is(err, fault.KindInvalid) {
			p.rename("")
		} else if err != nil {
			return nil, err
		}
	}
	err := s.store.insert(ctx, p)
	if fault.Is(err, fault.KindConflict) {
		return s.store.get(ctx, p.ID)
	}
	return p, err
}

// ByUID is the person behind a Firebase uid. Returns NotFound if nobody has signed in with
// it.
func (s *Service) ByUID(ctx context.Context, uid string) (*Person, error) {
	if err := checkUID(uid); err != nil {
		return nil, err
	}
	in, err := s.store.signIn(ctx, signInID(uid))
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("person.not_found").Because(err)
	}
	if err != nil {
		return nil, err
	}
	p, err := s.find(ctx, in.PersonID)
	if err == nil && p.ErasedAt != nil {
		return nil, fault.NotFound("person.not_found")
	}
	return p, err
}

// IDsByUID are the ids of the people behind Firebase uids, by uid. Those with which nobody has
// signed in are left out.
func (s *Service) IDsByUID(ctx context.Context, uids []string) (map[string]string, error) {
	keys := make([]string, len(uids))
	for i, uid := range uids {
		keys[i] = signInID(uid)
	}
	found, err := s.store.signInsByIDs(ctx, keys)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(found))
	for i, uid := range uids {
		if in := found[keys[i]]; in != nil {
			ids[uid] = in.PersonID
		}
	}
	return ids, nil
}

func checkUID(uid string) error {
	if uid == "" || len(uid) > 128 {
		return fault.Invalid("uid", "person.uid")
	}
	return nil
}

// knownEach is how many sign-ins each half of known holds, of 130 bytes each. That is more
// than call in an hour.
const knownEach = 20_000

// known remembers to which people accounts lead, for accounts that have called recently.
// When the younger half is full, it replaces the older one.
type known struct {
	mu             sync.Mutex
	younger, older map[string]string
}

func (k *known) get(signInID string) (personID string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if personID, ok = k.younger[signInID]; ok {
		return personID, true
	}
	if personID, ok = k.older[signInID]; ok {
		k.add(signInID, personID)
	}
	return personID, ok
}

func (k *known) put(signInID, personID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(signInID, personID)
}

func (k *known) add(signInID, personID string) {
	if len(k.younger) >= knownEach {
		k.younger, k.older = nil, k.younger
	}
	if k.younger == nil {
		k.younger = map[string]string{}
	}
	k.younger[signInID] = strings.Clone(personID) // not the whole document of the person, whose memory it shares
}
