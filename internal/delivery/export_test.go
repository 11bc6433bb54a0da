package delivery

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// Expand expands one job, so that a test can act before its pushes go out.
func (n *Notifier) Expand(ctx context.Context) (bool, error) { return n.expandNext(ctx) }

// CarryOutRecalls takes up the recalls that are due, so that a test can do it while a push is under way.
func (n *Notifier) CarryOutRecalls(ctx context.Context) (bool, error) { return n.recallNext(ctx) }

// Keeper is the notifier's access to the inbox.
func (n *Notifier) Keeper() inbox.Keeper { return n.keeper }

// PageBy sets the size of pages, and so of chunks, so that a test can have several of
// them without thousands of people.
func (n *Notifier) PageBy(people int) { n.page = people }

// SendPrepared sends a prepared chunk of a large job to these devices as a worker
// does: with permits, quota, rests, ledger and checkpoints.
func (n *Notifier) SendPrepared(ctx context.Context, cause notify.Cause, devices []Device) error {
	prepared, unread := map[string]told{}, 3
	for _, d := range devices {
		prepared[d.PersonID] = told{&inbox.Notice{Words: cause.Data}, clock.Copenhagen, &unread}
	}
	j := &job{Cause: cause}
	c := &chunk{ID: cause.Key + ":0:", Job: cause.Key, Rank: 1}
	_, _, err := n.sendDevices(ctx, j, c, devices, n.renderer(j, prepared, false, n.DB.Now()))
	return err
}

// NextDue is when the first queued job or chunk can be taken up.
func (n *Notifier) NextDue(ctx context.Context) (time.Time, error) { return n.store.nextDue(ctx) }

// Written is the push of a cause that a Danish reader gets who has three unread notices.
func (n *Notifier) Written(c notify.Cause, isDiscreet bool) push.Message {
	return n.written(c, isDiscreet, i18n.Danish, clock.Copenhagen)
}

// WrittenIn is Written for a reader of another language, or elsewhere.
func (n *Notifier) WrittenIn(c notify.Cause, l i18n.Language, z clock.Zone) push.Message {
	return n.written(c, false, l, z)
}

func (n *Notifier) written(c notify.Cause, isDiscreet bool, l i18n.Language, z clock.Zone) push.Message {
	unread, d := 3, Device{PersonID: id.Derive(id.Person, "reader"), Language: string(l)}
	of := map[string]told{d.PersonID: {Notice: &inbox.Notice{Words: c.Data, CreatedAt: n.DB.Now()}, zone: z, unread: &unread}}
	return n.renderer(&job{Cause: c}, of, isDiscreet, n.DB.Now())(d)
}
