package certificate

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/keyring"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	People interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
	}
	// Issuer is who issues certificates, as they say it.
	Issuer string
	// PublicURL is where the server is reached from outside.
	PublicURL string
	// Admit returns Exhausted if somebody checks too many certificates; nil: nobody does.
	Admit func(ctx context.Context) error
	// Ring signs credentials; nil: there are no keys, and no new certificates.
	Ring *keyring.Ring
}

// Service is what can be done with certificates.
type Service struct {
	Deps
	store store
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	d.Outbox.Watch(collection, names)
	s := &Service{Deps: d, store: store{d.DB}}
	s.registerEffects()
	idempotency.ShowsByID(d.Keys, func(c *Certificate) string { return c.ID }, s.ByIDs)
	idempotency.Shows(d.Keys, func(ctx context.Context, _ *Wanted) (*Wanted, error) { return s.Name(ctx) })
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// CanIssue returns Conflict if certificates can be issued by nobody, since the program has no key, or no address that
// is reached from outside.
func (s *Service) CanIssue() error {
	if s.Ring == nil || s.PublicURL == "" {
		return fault.Conflict("certificate.no_key")
	}
	return nil
}

// URL is the address of a certificate.
func (s *Service) URL(c *Certificate) string { return s.PublicURL + Path + c.Code }

// ByIDs are the certificates with those ids, by id. Those that the viewer may not see are missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Certificate, error) {
	found, err := s.store.byIDs(ctx, ids)
	for certificateID, c := range found {
		if !c.CanSee(auth.FromContext(ctx), s.now()) {
			delete(found, certificateID)
		}
	}
	return found, err
}

// Can are the actions that the server would accept from the viewer now; see Certificate.Can.
func (s *Service) Can(ctx context.Context, c *Certificate) []Action {
	return c.Can(auth.FromContext(ctx), s.now())
}

// mostOwn is how many certificates of a person are shown.
const mostOwn = 100

// Own are the newest certificates of the viewer, the newest first.
func (s *Service) Own(ctx context.Context) ([]*Certificate, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.ofPerson(ctx, v.PersonID, mostOwn)
}

const listName = "certificates"

// OfCourse are the certificates of a course, the newest first. Only for people with COURSES. Returns Forbidden, and
// Invalid for a bad page.
func (s *Service) OfCourse(ctx context.Context, courseID string, a page.Args) (*Connection, error) {
	k, err := a.OpenTime(listName)
	if err != nil {
		return nil, err
	}
	if !auth.FromContext(ctx).Can(auth.CapabilityCourses, s.now()) {
		return nil, auth.Lacking(auth.CapabilityCourses)
	}
	list, err := s.store.ofCourse(ctx, courseID, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listName, a, list, func(c *Certificate) page.Position { return page.Position{Key: page.TimeKey(c.IssuedAt), ID: c.ID} }), nil
}

// get is a certificate that staff act upon. Returns NotFound.
func (s *Service) get(ctx context.Context, certificateID string) (*Certificate, error) {
	c, err := s.store.get(ctx, certificateID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("certificate.not_found").Because(err)
	}
	return c, err
}

func refs(certificateIDs ...string) []outbox.Ref {
	list := make([]outbox.Ref, len(certificateIDs))
	for i, certificateID := range certificateIDs {
		list[i] = outbox.Ref{Collection: collection, ID: certificateID}
	}
	return list
}

// idOf is the id of the certificate that a person gets for one completion of a course.
func idOf(courseID, personID string, round int) string {
	return id.Derive(id.Certificate, courseID, personID, strconv.Itoa(round))
}
