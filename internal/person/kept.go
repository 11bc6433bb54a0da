package person

import (
	"context"
	"sync"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
)

const (
	// keptFor is how long the viewer of a request serves their next requests at most.
	keptFor = 10 * time.Second
	// keptPeople is how many are kept at most, of a few kilobytes each: more than call in keptFor.
	keptPeople = 2_000
)

// bus tells of people whom other processes have written; see bus.Bus.
type bus interface {
	Listen(collection string, fn func(ids []string))
	Hears(ctx context.Context) (since uint64, ok bool)
}

// Recognise is SignIn for a request that only reads: the viewer may be one who was read a moment ago. isKept says
// that they were. A viewer is kept only while changes by other processes are heard, and dropped with any change.
func (s *Service) Recognise(ctx context.Context, c auth.Claims, language i18n.Language) (v auth.Viewer, isKept bool, err error) {
	since, hears := s.Bus.Hears(ctx)
	at := reading{at: s.DB.Now(), hearing: since}
	if personID, ok := s.known.get(signInID(c.UID)); ok && hears {
		if k := s.kept.get(personID, at); k != nil {
			s.keepContacts(ctx, &k.contacts, c)
			return k.viewer, true, nil
		}
	}
	at.drops = s.kept.count()
	p, err := s.SignIn(ctx, c, language)
	if err != nil {
		return auth.Viewer{}, false, err
	}
	v = p.Viewer()
	if hears {
		s.kept.put(p, v, at)
	}
	return v, false, nil
}

// reading is when a person is read, so that it is known afterwards what may have changed meanwhile.
type reading struct {
	at      time.Time
	hearing uint64 // since when the bus hears of changes
	drops   uint64
}

type keptPerson struct {
	viewer   auth.Viewer
	contacts Person // just what keepContacts looks at
	read     reading
}

// kept has the viewers of recent requests, by person.
type kept struct {
	mu      sync.Mutex
	people  map[string]*keptPerson
	writing map[string]int // writes under way; whoever is being written is not kept
	drops   uint64         // counts what was dropped, so that whoever was read before is not kept
}

func (k *kept) get(personID string, now reading) *keptPerson {
	k.mu.Lock()
	defer k.mu.Unlock()
	found := k.people[personID]
	if found == nil || found.read.hearing != now.hearing {
		return nil
	}
	if age := now.at.Sub(found.read.at); age < 0 || age >= keptFor {
		return nil
	}
	return found
}

func (k *kept) count() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.drops
}

// put keeps a person who was read, unless somebody has changed since the reading began.
func (k *kept) put(p *Person, v auth.Viewer, read reading) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.drops != read.drops || k.writing[p.ID] > 0 {
		return
	}
	if k.people == nil || len(k.people) >= keptPeople {
		k.people = map[string]*keptPerson{}
	}
	k.people[p.ID] = &keptPerson{viewer: v, read: read, contacts: Person{ID: p.ID, ContactKeys: p.ContactKeys, ContactsAsOf: p.ContactsAsOf}}
}

// write drops a person before and after they are written, and keeps nobody as them in between.
func (k *kept) write(personID string) (done func()) {
	k.change(personID, 1)
	return func() { k.change(personID, -1) }
}

func (k *kept) change(personID string, by int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.writing == nil {
		k.writing = map[string]int{}
	}
	if k.writing[personID] += by; k.writing[personID] == 0 {
		delete(k.writing, personID)
	}
	delete(k.people, personID)
	k.drops++
}

// heard drops people whom the bus tells of: all of them if it names none.
func (k *kept) heard(ids []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drops++
	if len(ids) == 0 {
		k.people = nil
	}
	for _, personID := range ids {
		delete(k.people, personID)
	}
}
