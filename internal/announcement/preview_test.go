package announcement_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"faellesskab/internal/announcement"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// slowNotifier counts a page of people, and then waits for a database that does not
// answer in time.
type slowNotifier struct{ announcement.Notifier }

func (slowNotifier) Preview(ctx context.Context, _ notify.Cause, _ time.Time) (notify.Preview, error) {
	<-ctx.Done()
	return notify.Preview{Audience: 500, IsComplete: true}, ctx.Err()
}

// nobody holds an office.
type nobody struct{}

func (nobody) Officers(context.Context, auth.Capability) ([]*person.Person, error) { return nil, nil }

func (nobody) Load(context.Context, []string) (map[string]*person.Person, error) {
	return map[string]*person.Person{}, nil
}

func (nobody) Receiver(context.Context, person.HandedOver) (*person.Person, error) {
	return nil, nil //nolint:nilnil // as for a person who is gone
}

// A preview whose last page takes too long returns its counts before the query's deadline,
// after which there would be no answer.
func TestASlowPreviewTellsWhatItHasCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db, log := &mongodb.DB{}, slog.New(slog.DiscardHandler)
		db.SetClock(clock.NewManual(ct.Noon))
		effects := outbox.NewOutbox(db, log)
		s := announcement.New(announcement.Deps{DB: db, Outbox: effects, Timers: timer.NewTimers(db, effects, log, "test"),
			Keys: idempotency.New(db, effects, id.New), Notifier: slowNotifier{}, People: nobody{}})
		staff := auth.WithViewer(t.Context(), auth.Viewer{PersonID: ct.PersonID("staff"), Roles: []auth.Role{auth.RoleStaff}})
		query, cancel := context.WithTimeout(staff, 5*time.Second)
		defer cancel()
		p := ct.Must(s.PreviewBroadcast(query, nil, false))(t)
		if p.IsComplete || p.Audience != 500 || !p.NeedsApproval {
			t.Errorf("the preview says %+v", p)
		}
		gone, leave := context.WithTimeout(staff, time.Second)
		defer leave()
		if _, err := s.PreviewBroadcast(gone, nil, false); err == nil {
			t.Error("who has gone is answered")
		}
	})
}
