package delivery

import (
	"context"
	"maps"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// viewersOf are those of these people who may look at their inbox, as those who look.
func viewersOf(people map[string]notify.Recipient) map[string]auth.Viewer {
	viewers := make(map[string]auth.Viewer, len(people))
	for personID, p := range people {
		if p.Admitted {
			viewers[personID] = p.Viewer
		}
	}
	return viewers
}

// countAtMost is how long pushes wait for their numbers: the lease of their chunk has to last until the first is sent.
const countAtMost = leaseTime / 3

// countFor finds out the number of unread notices for the icons of those who get their push now. A push without
// a number is worth more than none, so that the count may fail.
func (n *Notifier) countFor(ctx context.Context, wanted map[string]told, recipients map[string]notify.Recipient) {
	if len(wanted) == 0 {
		return
	}
	readers := viewersOf(recipients)
	maps.DeleteFunc(readers, func(personID string, _ auth.Viewer) bool { return wanted[personID].Notice == nil })
	fresh := make([]*inbox.Notice, 0, len(wanted))
	for _, t := range wanted {
		fresh = append(fresh, t.Notice)
	}
	unread := n.count(ctx, readers, fresh)
	for personID, t := range wanted {
		t.unread = unread.of(personID)
		wanted[personID] = t
	}
}

// numbers are how many notices people have not read, by person.
type numbers map[string]int

// of is a person's number; nil if it is not known.
func (of numbers) of(personID string) *int {
	if unread, ok := of[personID]; ok {
		return &unread
	}
	return nil
}

// count is the keeper's count as far as there is time for it; none if it cannot be made. fresh are the notices of these
// people that are pushed now.
func (n *Notifier) count(ctx context.Context, readers map[string]auth.Viewer, fresh []*inbox.Notice) (unread numbers) {
	within, cancel := context.WithTimeout(ctx, countAtMost)
	defer cancel()
	err := fault.Catch(func() (err error) {
		unread, err = n.keeper.UnreadOf(within, readers, fresh)
		return err
	})
	if err != nil {
		n.Log.WarnContext(ctx, "pushes go without the number of unread notices", "people", len(readers), "error", err, "stack", fault.StackOf(err))
		return nil
	}
	return unread
}

// setNumber gives a message the number for the icon, if it is known.
func setNumber(m *push.Message, unread *int) {
	if unread == nil {
		return
	}
	m.Unread, m.Data["unread"] = unread, strconv.Itoa(*unread)
}
