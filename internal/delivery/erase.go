package delivery

import (
	"context"
	"errors"
	"slices"
	"strings"

	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

// eraseJobs takes a person out of some of the jobs that name them. left says that there
// were any: a job that a worker has taken up meanwhile is found again.
func (n *Notifier) eraseJobs(ctx context.Context, personID string) (left bool, err error) {
	return eachTaken(n.store, jobs, naming(personID), func(ctx context.Context, j *job) error {
		j.forget(personID)
		return n.store.saveErased(ctx, j, j.erasedFields())
	}).Do(ctx)
}

// backBy is how many characters are left of the id of a person to whom a walk had come:
// they say who comes next, and fit one of a thousand people.
const backBy = 2

// forget takes a person out of a job. News about them, and news for them alone, is
// stopped and emptied. A walk that has come to them goes a little back: people who have
// a notice get no second one.
func (j *job) forget(personID string) {
	wasForOthers := false
	for i, a := range j.Audiences {
		others := slices.DeleteFunc(slices.Clone(a.IDs), func(audienceID string) bool { return audienceID == personID })
		wasForOthers = wasForOthers || len(others) > 0 || len(a.IDs) == 0
		j.Audiences[i].IDs = others
	}
	if j.About == personID || !wasForOthers {
		j.State, j.Args, j.Data = stateStopped, "", map[string]string{}
	}
	for _, field := range []*string{&j.About, &j.Actor} {
		if *field == personID {
			*field = ""
		}
	}
	if j.After == personID {
		j.After = personID[:min(len(personID), len(id.Person)+1+backBy)]
	}
	j.Error = without(j.Error, personID)
	j.Names = j.Named()
}

// without is the text of an error that mentions nobody.
func without(text, personID string) string { return strings.ReplaceAll(text, personID, "?") }

// eraseChunks takes a person out of some of the chunks they are in. left says that there
// were any: a chunk that a worker has taken up meanwhile is found again.
func (n *Notifier) eraseChunks(ctx context.Context, personID string) (left bool, err error) {
	return eachTaken(n.store, chunks, sentTo(personID), func(ctx context.Context, c *chunk) error {
		c.forget(personID)
		devices, err := n.Devices(ctx, c.People)
		if err != nil {
			return err
		}
		c.keepDevices(devices)
		return n.store.saveErased(ctx, c, c.erasedFields())
	}).Do(ctx)
}

// forget takes a person out of a chunk. Their place stays, empty, because the sets of
// people who were reached go by it. A checkpoint at one of their devices becomes the end
// of the one before them.
func (c *chunk) forget(personID string) {
	at := slices.Index(c.People, personID)
	if at < 0 {
		return
	}
	c.People[at] = ""
	if strings.HasPrefix(c.After, personID+"/") {
		c.After = ""
		for _, before := range slices.Backward(c.People[:at]) {
			if before != "" {
				c.After = before + "/" + afterAnyDevice
				break
			}
		}
	}
	c.Error = without(c.Error, personID)
}

// afterAnyDevice sorts behind the id of every device.
const afterAnyDevice = "~"

// keepDevices lets the chunk forget all devices but these.
func (c *chunk) keepDevices(devices []Device) {
	isKept := map[string]bool{}
	for _, d := range devices {
		isKept[d.ID] = true
	}
	for _, list := range []*[]string{&c.Open, &c.Retry, &c.Resting, &c.Suspects, &c.Only, &c.Dead} {
		*list = slices.DeleteFunc(*list, func(deviceID string) bool { return !isKept[deviceID] })
	}
}

// eraseAgain erases those of these people who have been erased, or are about to be: a
// worker that has read them before may just have written something about them. It looks
// after it has written. So either the erasure comes later and finds it, or this does.
func (n *Notifier) eraseAgain(ctx context.Context, people []string) {
	ctx = context.WithoutCancel(ctx)
	erased, err := n.Erased(ctx, people)
	for _, personID := range erased {
		if err == nil {
			err = n.erase(ctx, personID)
		}
	}
	if err != nil {
		// The second round of the erasure finds it.
		n.Log.WarnContext(ctx, "whether somebody was erased meanwhile is not known", "error", err)
	}
}

// erase erases what the delivery has written of a person, here and in the inbox.
func (n *Notifier) erase(ctx context.Context, personID string) error {
	erase := privacy.InTurn(n.eraseJobs, n.eraseChunks, n.store.eraseSlots, n.store.eraseRecalls)
	for left := true; left; {
		var err error
		if left, err = erase(ctx, personID); err != nil {
			return errors.Join(err, n.keeper.Erase(ctx, personID))
		}
	}
	return n.keeper.Erase(ctx, personID)
}
