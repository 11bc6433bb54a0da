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

// countAtMost is how long the pushes of a chunk wait for their numbers: its lease has to last until the first is sent.
const countAtMost = leaseTime / 3

// countFor finds out the number of unread notices for the icons of those who get their push now. A push without
// a number is worth more than none, so that the count may fail.
func (n *Notifier) countFor(ctx context.Context, c *chunk, wanted map[string]told, recipients map[string]notify.Recipient) {
	if len(wanted) == 0 {
		return
	}
	readers := viewersOf(recipients)
	maps.DeleteFunc(readers, func(personID string, _ auth.Viewer) bool { return wanted[personID].Notice == nil })
	fresh := make([]*inbox.Notice, 0, len(wanted))
	for _, t := range wanted {
		fresh = append(fresh, t.Notice)
	}
	var counts map[string]int
	within, cancel := context.WithTimeout(ctx, countAtMost)
	defer cancel()
	err := fault.Catch(func() (err error) {
		counts, err = n.keeper.UnreadBeside(within, readers, fresh)
		return err
	})
	if err != nil {
		n.Log.WarnContext(ctx, "pushes go without the number of unread notices", "chunk", c.ID, "people", len(readers), "error", err, "stack", fault.StackOf(err))
		return
	}
	for personID, t := range wanted {
		if unread, ok := counts[personID]; ok {
			t.unread = &unread
			wanted[personID] = t
		}
	}
}

// number gives a message the number for the icon, if it is known.
func (t told) number(m *push.Message) {
	if t.unread == nil {
		return
	}
	m.Unread, m.Data["unread"] = t.unread, strconv.Itoa(*t.unread)
}
