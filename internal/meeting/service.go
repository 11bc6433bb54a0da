package meeting

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// Deps are what the service works with.
type Deps struct {
	DB       *mongodb.DB
	Outbox   *outbox.Outbox
	Keys     *idempotency.Keys
	Bookings *booking.Service
	Events   *event.Service
	Courses  *course.Service
	Timers   *timer.Timers
	// Enqueue queues a cause that comes from a timer.
	Enqueue func(ctx context.Context, c notify.Cause) error
	People  interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
	}
	// Hosts are those who organise dates and courses.
	Hosts func(ctx context.Context, bookableIDs []string) (map[string]booking.Host, error)
}

// Service is what can be done with meetings.
type Service struct {
	Deps
	store store
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.Watch(agendas, minutes, feedbackMarks, followUps)
	idempotency.ShowsAsKept[*Given](d.Keys) // nothing of it changes
	s := &Service{Deps: d, store: store{d.DB}}
	s.registerEffects()
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }
