package course

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/certificate"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/schedule/herald"
	"faellesskab/internal/skill"
	"faellesskab/internal/timer"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	Timers *timer.Timers
	// Booking books courses.
	Booking *booking.Service
	// Enqueue queues a cause that comes from a timer.
	Enqueue func(ctx context.Context, c notify.Cause) error
	Areas   interface {
		Exists(ctx context.Context, areaID string) error
	}
	Certificates interface {
		CanIssue() error
		Issue(ctx context.Context, a certificate.Award) error
		RevokeOf(ctx context.Context, courseID string, round int, reason string) error
	}
	Skills interface {
		Offered(ctx context.Context, skillIDs, had []string) error
		ByIDs(ctx context.Context, ids []string) (map[string]*skill.Skill, error)
	}
	Groups interface {
		WalkMeant(ctx context.Context, m group.Meant, after string, limit int) ([]notify.Found, error)
		AreMeant(m group.Meant) func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error)
	}
	People interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
		Officers(ctx context.Context, c auth.Capability) ([]*person.Person, error)
		GrantSkill(ctx context.Context, personID, skillID string, g person.SkillGrant) (isNew bool, err error)
		TakeBackSkill(ctx context.Context, personID, skillID, courseID string) error
	}
	// Wishes are those that courses answered.
	Wishes interface {
		Fulfilled(ctx context.Context, courseID, personID string) error
		Unfulfilled(ctx context.Context, courseID, personID string) error
	}
}

// Service is what can be done with courses.
type Service struct {
	Deps
	store  store
	herald *herald.Herald
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}}
	d.Booking.Register(booking.Sort{Prefix: id.Course, Things: courses, Tell: s.tell, About: s.about, MayTake: s.mayTake,
		Seen: s.bookables, Missing: missing, MayRun: s.mayRun, Rights: s.rights, Organisers: s.organisers, Show: func(b *booking.Booking) booking.View { return enrolment(b) }})
	s.registerEffects()
	timer.On(d.Timers, timerDecide, s.decide)
	s.herald = herald.New(herald.Deps{DB: d.DB, Timers: d.Timers,
		Enqueue: func(ctx context.Context, c notify.Cause) error { return s.Enqueue(ctx, c) }}, s.noun())
	idempotency.ShowsByID(d.Keys, func(c *Course) string { return c.ID }, s.ByIDs)
	return s
}

func missing() *fault.Error { return fault.NotFound("course.not_found") }

func (s *Service) now() time.Time { return s.DB.Now() }

// Get is one course. Returns BAD_ID, or NotFound if the viewer may not see it.
func (s *Service) Get(ctx context.Context, courseID string) (*Course, error) {
	if problem := id.Check("id", id.Course, courseID); problem != nil {
		return nil, problem
	}
	return s.visible(ctx, courseID)
}

func (s *Service) visible(ctx context.Context, courseID string) (*Course, error) {
	c, err := s.store.get(ctx, courseID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !c.CanSee(auth.FromContext(ctx), s.now()) {
		return nil, fault.NotFound("course.not_found")
	}
	return c, err
}

// ByIDs are the courses with those ids, by id. Courses that the viewer may not see are
// missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Course, error) {
	found, err := s.store.byIDs(ctx, ids)
	for courseID, c := range found {
		if !c.CanSee(auth.FromContext(ctx), s.now()) {
			delete(found, courseID)
		}
	}
	return found, err
}

// Can are the actions that the server would accept from the viewer now; see Course.Can. lacking are the skills that the course asks
// for and the viewer does not have.
func (s *Service) Can(ctx context.Context, c *Course, own booking.View, lacking []*skill.Skill) []Action {
	can := c.Can(auth.FromContext(ctx), own, s.now())
	if slices.ContainsFunc(lacking, isAskedFor) {
		can = slices.DeleteFunc(can, func(a Action) bool { return a == ActionEnrol })
	}
	if s.canGive(c) != nil {
		can = slices.DeleteFunc(can, func(a Action) bool { return a == ActionPublish })
	}
	return can
}

// Create writes a draft. Only for people with COURSES. Returns Forbidden, Problems, or
// NotFound for an unknown skill or area.
func (s *Service) Create(ctx context.Context, in CreateInput) (*Course, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	c, err := in.Clean()
	if err != nil {
		return nil, err
	}
	c.ID = s.Keys.NewID(ctx, in.ClientMutationID, id.Course)
	ref := outbox.Ref{Collection: courses, ID: c.ID}
	call := idempotency.Call{Operation: "createCourse", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Course, error) {
		// A repeat is answered as the call was, also after the start.
		if i := pastSession(in.Sessions, c.TimeZone, s.now()); i >= 0 {
			return nil, fault.Invalid("input.sessions."+strconv.Itoa(i)+".startsAt", "time.past")
		}
		if problem := c.checkDecideBy(s.now()); problem != nil {
			return nil, problem
		}
		if err := cmp.Or(s.checkRelations(ctx, c, nil), s.checkTeachers(ctx, c.TeacherIDs, nil)); err != nil {
			return nil, err
		}
		c.nameSessions()
		return c, s.make(ctx, ref, c, in.Capacity, t)
	})
}

// checkRelations returns NotFound for areas and skills that do not exist. A retired skill counts only if the
// course had it before.
func (s *Service) checkRelations(ctx context.Context, c *Course, had []string) error {
	for _, areaID := range c.AreaIDs {
		if err := s.Areas.Exists(ctx, areaID); err != nil {
			return err
		}
	}
	named := slices.Concat(c.SkillIDs, c.PrerequisiteSkillIDs)
	if len(named) == 0 {
		return nil
	}
	return s.Skills.Offered(ctx, named, had)
}

// Update changes a draft, or a published course that is not over. Only for people with COURSES. Returns
// Forbidden, Problems, NotFound, Conflict for a course that is over or cancelled, and VERSION_CONFLICT.
func (s *Service) Update(ctx context.Context, in UpdateInput) (*Course, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateCourse", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		if !c.isChangeable(s.now()) {
			return s.dismiss(ctx, in, c)
		}
		before := *c
		if err := in.apply(c, s.now()); err != nil {
			return nil, err
		}
		if err := cmp.Or(s.checkRelations(ctx, c, slices.Concat(before.SkillIDs, before.PrerequisiteSkillIDs)), s.checkTeachers(ctx, c.TeacherIDs, before.TeacherIDs)); err != nil {
			return nil, err
		}
		if c.State == StatePublished && !before.GivesCertificate {
			if err := s.canGive(c); err != nil {
				return nil, err
			}
		}
		c.dropDoubles()
		c.setFacets()
		c.nameSessions()
		if !c.StartsAt.Equal(before.StartsAt) {
			c.StartVersion = c.Version
		}
		headStart := c.shortenHeadStart(s.now())
		effects := []outbox.Effect{outbox.New(effectMoved, movedArgs{CourseID: c.ID})}
		c.Asked.Name(c.ID, c.Version)
		if in.Capacity.IsSet() {
			c.Limit(in.Capacity.Value())
		}
		c.Ask(c.terms())
		if in.Capacity.IsSet() || c.Asked != nil {
			effects = append(effects, outbox.New(effectCapacity, capacityArgs{CourseID: c.ID, Capacity: c.Capacity, Version: c.Version}))
		}
		if c.State == StatePublished {
			effects = append(effects, outbox.New(EffectScheduled, Scheduled{CourseID: c.ID}))
		}
		effects = append(effects, s.teachersChanged(ctx, &before, c)...)
		effects = append(effects, s.decideEffect(ctx, &before, c)...)
		effects = append(effects, headStart...)
		return append(effects, s.herald.Changed(ctx, before.snapshot(), c.thing())...), nil
	})
}

// change loads a course, changes it and writes it with its effects. Returns VERSION_CONFLICT
// if somebody else has changed it meanwhile.
func (s *Service) change(ctx context.Context, call idempotency.Call, courseID string, expected *int,
	change func(c *Course) ([]outbox.Effect, error)) (*Course, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: courses, ID: courseID}
	call.On = []outbox.Ref{ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Course, error) {
		c, err := s.visible(ctx, courseID)
		if err != nil {
			return nil, err
		}
		if expected != nil && *expected != c.Version {
			return nil, fault.VersionConflict()
		}
		c.Version++
		c.ChangedAt = s.now()
		effects, err := change(c)
		if err != nil {
			return nil, err
		}
		c.setTeaching()
		return c, s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(c)...), func(b outbox.Batch) error {
			return s.store.update(ctx, c, b)
		})
	})
}
