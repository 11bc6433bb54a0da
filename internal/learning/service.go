package learning

import (
	"context"
	"slices"
	"sync"

	"faellesskab/internal/area"
	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
	"faellesskab/internal/wish"
)

// Deps are what the service works with.
type Deps struct {
	Bookings interface {
		Own(ctx context.Context, sort string, a page.Args) (*booking.Connection, error)
		OwnViews(ctx context.Context, bookableIDs []string) (map[string]booking.View, error)
	}
	Courses interface {
		ByIDs(ctx context.Context, ids []string) (map[string]*course.Course, error)
		Ahead(ctx context.Context, t course.Topics, limit int) ([]*course.Course, error)
		MeantFor(ctx context.Context, homeAreaID string, groups []course.Belonging, limit int) ([]*course.Course, error)
	}
	Groups interface {
		Belongings(ctx context.Context) ([]group.Belonging, error)
	}
	Skills interface {
		ByIDs(ctx context.Context, ids []string) (map[string]*skill.Skill, error)
	}
	Wishes interface {
		Own(ctx context.Context) ([]*wish.Wish, error)
	}
	Areas interface {
		ByIDs(ctx context.Context, ids []string) (map[string]*area.Area, error)
	}
}

// Service is what can be asked of people's paths.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// Path is the path of the viewer. What lies ahead is read when it is first asked for.
type Path struct {
	Done, Running []*Step
	Courses       []*course.Course // those of Done and Running

	ahead  func() (*ahead, error)
	wishes func() ([]*wish.Wish, error)
}

// Of is the path of the viewer, who is p.
func (s *Service) Of(ctx context.Context, p *person.Person) (*Path, error) {
	own, err := s.Bookings.Own(ctx, id.Course, page.Args{First: page.MaxFirst})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(own.Edges))
	for i, e := range own.Edges {
		ids[i] = e.Node.BookableID
	}
	path := &Path{Done: []*Step{}, Running: []*Step{}}
	path.ahead = sync.OnceValues(func() (*ahead, error) { return s.lookAhead(ctx, p) })
	path.wishes = func() ([]*wish.Wish, error) { return s.Wishes.Own(ctx) }
	if len(ids) == 0 {
		return path, nil
	}
	courses, err := s.Courses.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, e := range own.Edges {
		if c := courses[e.Node.BookableID]; c != nil {
			path.add(c, e.Node.State)
			path.Courses = append(path.Courses, c)
		}
	}
	return path, nil
}

// add puts a course for which the person has a booking where it belongs; nowhere if they gave it up, or it is cancelled.
func (p *Path) add(c *course.Course, state booking.State) {
	step := &Step{CourseID: c.ID, key: "why.booking_course", Reason: ReasonInLine}
	switch {
	case state == booking.Attended:
		step.Reason, step.key, step.words = ReasonCompleted, "why.took_part", titled(c, nil)
		p.Done = append(p.Done, step)
		return
	case c.State != course.StatePublished || !state.IsSignedUp():
		return
	case state.HasSeat():
		step.Reason, step.words = ReasonEnrolled, titled(c, nil)
	case state == booking.PendingApproval:
		step.words = titled(c, map[string]any{"Line": "ASKS"})
	default:
		step.words = titled(c, map[string]any{"Line": "WAITS"})
	}
	p.Running = append(p.Running, step)
}

// Wished are the skills that the person wants to learn, each with the next course that teaches it, and their wishes that
// have not ended, each with the course that answers it.
func (p *Path) Wished() ([]*Step, error) {
	a, err := p.ahead()
	if err != nil {
		return nil, err
	}
	own, err := p.wishes()
	if err != nil {
		return nil, err
	}
	steps := slices.Clone(a.wished)
	for _, w := range own {
		if w.IsStanding() {
			steps = append(steps, wished(w))
		}
	}
	return steps, nil
}

// Suggested are courses that the person could take next, and has no booking for.
func (p *Path) Suggested() ([]*Step, error) {
	a, err := p.ahead()
	if err != nil {
		return nil, err
	}
	return a.suggested, nil
}
