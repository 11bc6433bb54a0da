package delivery

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
)

// What was read on one phone, was answered, or is no longer so is taken off the screens of the person's phones. Somebody
// asks for it: the inbox a moment before a notice is read, and the look at news that was sent. What is asked for a person
// within a few seconds is one recall, in which each phone gets one message. What stands on which phone is in the ledger, so
// that a recall that is done twice sends nothing twice, and what was never shown is never taken off.

const (
	// recallAfter is how long a recall waits for more of the same person.
	recallAfter = 3 * time.Second
	// recallPatience is how long after it was asked for a notice may still need attention: the call that makes it read
	// may be slow. Until then the recall looks again.
	recallPatience = 30 * time.Second
	// recallTTL is how long a removal waits for a phone that is off. It is short, since a notice that was put off may
	// have come back since.
	recallTTL = time.Hour
	// standsAtMost is how long ago a push was sent that may still stand on a screen: FCM keeps none longer.
	standsAtMost = 28 * 24 * time.Hour
	// recallMost is about how many notices a recall holds. What is asked for when it is full takes the place of them.
	recallMost = 200
	// recallsAtOnce is how many people's recalls a worker takes up at a time, and recallLease how long it keeps them.
	recallsAtOnce = 50
	recallLease   = 4 * leaseTime
	// backgroundAnHour is how many background pushes an iPhone gets in an hour. Apple asks for no more.
	// https://developer.apple.com/documentation/usernotifications/pushing-background-updates-to-your-app
	backgroundAnHour = 3
)

// recall is what is to be taken off the phones of one person.
type recall struct {
	PersonID string    `bson:"_id"`
	Notices  []string  `bson:"notices"` // their ids
	AskedAt  time.Time `bson:"askedAt"` // when the last of them was asked for
	DueAt    time.Time `bson:"dueAt"`
	Owner    string    `bson:"owner"` // the claim of a worker, which no other claim repeats
	Until    time.Time `bson:"leaseUntil"`
	Tries    int       `bson:"tries,omitempty"` // how often in a row it has failed, or Firebase has asked for another try
	// Background are the background pushes of the last hour to the person's iPhones.
	Background []awakened `bson:"background,omitempty"`

	left []string  // notices that have to wait
	next time.Time // until when; zero: nothing has to wait

	again bool // Firebase asks for another try
}

// awakened is a background push to an iPhone.
type awakened struct {
	DeviceID string    `bson:"device"`
	At       time.Time `bson:"at"`
}

// Recall asks that notices of a person, which need no attention any more or are about to need none, are taken off the
// screens of the person's phones.
func (n *Notifier) Recall(ctx context.Context, personID string, noticeIDs []string) error {
	if err := n.store.askRecall(ctx, personID, noticeIDs); err != nil {
		return err
	}
	n.Bus.Tell(recalls, personID)
	return nil
}

// recallNext takes up the recalls that are due, as many as go together. worked is false if there were none. Recalls that
// fail are put off, and are no error, so that others go on.
func (n *Notifier) recallNext(ctx context.Context) (worked bool, err error) {
	if until, err := n.gates.closed(ctx, everything); err != nil || !until.IsZero() {
		return false, err
	}
	list, err := n.store.claimRecalls(ctx, n.Owner)
	if err != nil || len(list) == 0 {
		return false, err
	}
	for _, together := range apart(list) {
		err := fault.Catch(func() error { return n.carryOut(ctx, together) })
		n.eraseAgain(ctx, peopleOf(together))
		if err != nil && ctx.Err() == nil {
			n.Log.WarnContext(ctx, "notices could not be taken off phones", "people", len(together), "error", err, "stack", fault.StackOf(err))
			err = n.giveUpOrLater(ctx, together)
		}
		if err != nil {
			return true, err
		}
	}
	return true, nil
}

// apart are the recalls as they are carried out: together, except that one that was tried before goes alone, so that it
// keeps no other from being carried out.
func apart(list []*recall) (groups [][]*recall) {
	var fresh []*recall
	for _, r := range list {
		if r.Tries == 0 {
			fresh = append(fresh, r)
		} else {
			groups = append(groups, []*recall{r})
		}
	}
	if len(fresh) > 0 {
		groups = append(groups, fresh)
	}
	return groups
}

func peopleOf(list []*recall) []string {
	people := make([]string, len(list))
	for i, r := range list {
		people[i] = r.PersonID
	}
	return people
}

// giveUpOrLater puts recalls off that have failed. One that has failed too often is given up: what it was to take off
// the screens stays until somebody swipes it away.
func (n *Notifier) giveUpOrLater(ctx context.Context, list []*recall) error {
	for _, r := range list {
		r.left, r.next = nil, time.Time{}
		if r.Tries++; r.Tries < dead.MaxTries {
			r.wait(r.Notices, n.DB.Now().Add(dead.Wait(r.Tries)))
		} else {
			n.Log.ErrorContext(ctx, "notices stay on phones from which they should go", "person", r.PersonID, "notices", len(r.Notices))
		}
	}
	return n.store.finishRecalls(ctx, list)
}

// carryOut carries out recalls, and keeps of each what has to wait.
func (n *Notifier) carryOut(ctx context.Context, list []*recall) error {
	is, err := n.onScreens(ctx, list, peopleOf(list))
	if err != nil {
		return err
	}
	now := n.DB.Now()
	var sends []*removal
	for _, r := range list {
		r.forgetBackground(now)
		sends = append(sends, n.removals(is, r, now)...)
	}
	if err := n.sendRemovals(ctx, sends, list[0].Until); err != nil {
		return err
	}
	for _, r := range list {
		r.countTry()
	}
	return n.store.finishRecalls(context.WithoutCancel(ctx), list)
}

// countTry counts a try after which Firebase asks for another, however many of the person's devices it was. Any other
// begins anew, as does what comes after the last try.
func (r *recall) countTry() {
	if r.again && r.Tries < len(backoff) {
		r.Tries++
	} else {
		r.Tries = 0
	}
}

// forgetBackground forgets the background pushes of more than an hour ago.
func (r *recall) forgetBackground(now time.Time) {
	r.Background = slices.DeleteFunc(r.Background, func(a awakened) bool { return now.Sub(a.At) >= time.Hour })
}

// mayWake takes one of the background pushes that a device may get in an hour. If it has got them all, it returns when
// it may get the next one.
func (r *recall) mayWake(deviceID string, now time.Time) (ok bool, next time.Time) {
	var got []time.Time
	for _, a := range r.Background {
		if a.DeviceID == deviceID {
			got = append(got, a.At)
		}
	}
	if len(got) >= backgroundAnHour {
		return false, got[len(got)-backgroundAnHour].Add(time.Hour)
	}
	r.Background = append(r.Background, awakened{deviceID, now})
	return true, time.Time{}
}

// giveBack gives back the background push of a device that was not sent.
func (r *recall) giveBack(deviceID string) {
	for i, a := range slices.Backward(r.Background) {
		if a.DeviceID == deviceID {
			r.Background = slices.Delete(r.Background, i, i+1)
			return
		}
	}
}

// wait lets notices wait until an instant, or until the first of several, unless they have waited for a day.
func (r *recall) wait(noticeIDs []string, at time.Time) {
	if at.Sub(r.AskedAt) > restAtMost {
		return
	}
	for _, noticeID := range noticeIDs {
		if !slices.Contains(r.left, noticeID) {
			r.left = append(r.left, noticeID)
		}
	}
	if r.next.IsZero() || at.Before(r.next) {
		r.next = at
	}
}

// isOver reports whether nothing is left of the recall. One that knows of background pushes is kept until an hour after
// the last of them.
func (r *recall) isOver() bool { return len(r.left) == 0 && len(r.Background) == 0 }

// due is when a recall that is not over is looked at again.
func (r *recall) due() time.Time {
	if len(r.left) > 0 {
		return r.next
	}
	return r.Background[len(r.Background)-1].At.Add(time.Hour)
}
