package delivery

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"faellesskab/internal/notify"
)

const (
	// suspectShare is the percentage of people whom Firebase may refuse before the
	// message counts as bad.
	suspectShare = 20
	// suspectFloor is how many people must have an answer before the message is judged
	// at all.
	suspectFloor = 10
	// agreeing is how many chunks of a job must call it bad before it stops.
	agreeing = 2
)

// Verdicts are Firebase's answers for a chunk. They count people and not devices, so that
// a person with many devices does not count for many.
type Verdicts struct {
	// Reached and Refused are sets of people: bit i is the i-th person of the chunk. A
	// person with two devices may be in both.
	Reached []byte `bson:"reached,omitempty"`
	Refused []byte `bson:"refused,omitempty"`
	// Through are the platforms for which Firebase took the message.
	Through []string `bson:"through,omitempty"`
	// Unreadable is the number of devices for which Firebase could not read the message.
	Unreadable int `bson:"unreadable,omitempty"`
	// IsOver says that more people were refused than chance explains.
	IsOver bool `bson:"over,omitempty"`

	at map[string]int // the places of people in the chunk
}

// mark puts one of the chunk's people into a set.
func (c *chunk) mark(set *[]byte, personID string) {
	if c.at == nil {
		c.at = make(map[string]int, len(c.People))
		for i, p := range c.People {
			c.at[p] = i
		}
	}
	i, ok := c.at[personID]
	if !ok {
		return
	}
	for len(*set) <= i/8 {
		*set = append(*set, 0)
	}
	(*set)[i/8] |= 1 << (i % 8)
}

// took notes that Firebase took the message for a device.
func (c *chunk) took(d Device) {
	c.Sent++
	c.mark(&c.Reached, d.PersonID)
	if platform := string(d.Platform); !slices.Contains(c.Through, platform) {
		c.Through = append(c.Through, platform)
	}
}

// tally counts the people who have an answer, and those of them whom nothing reached.
func (v *Verdicts) tally() (answered, refused int) {
	for i := range max(len(v.Reached), len(v.Refused)) {
		var reached, no byte
		if i < len(v.Reached) {
			reached = v.Reached[i]
		}
		if i < len(v.Refused) {
			no = v.Refused[i]
		}
		answered += bits.OnesCount8(reached | no)
		refused += bits.OnesCount8(no &^ reached)
	}
	return answered, refused
}

// exceeds reports whether the share of refused people is too large to be chance.
func (v *Verdicts) exceeds() bool {
	answered, refused := v.tally()
	return refused*100 > answered*suspectShare
}

// isOver is exceeds, provided that enough people have an answer.
func (v *Verdicts) isOver() bool {
	answered, _ := v.tally()
	return answered >= suspectFloor && v.exceeds()
}

// isUnreadable reports whether the message itself is bad, because Firebase took it for
// nobody and many people were refused. If Firebase refuses it for some people only, the
// others still get it.
func (v *Verdicts) isUnreadable() bool {
	_, refused := v.tally()
	return len(v.Through) == 0 && refused >= suspectFloor && v.Unreadable >= suspectFloor
}

// settleSuspects removes the devices of a chunk that Firebase calls bad, if it took the
// same message for others on their platform. If too many people are refused, it removes
// none: it notes a doubt about each device, which counts if the device is refused again
// with other news.
func (n *Notifier) settleSuspects(ctx context.Context, c *chunk) error {
	if len(c.Suspects) == 0 {
		return nil
	}
	devices, err := n.Devices(ctx, c.People)
	if err != nil {
		return err
	}
	var proven []string
	for _, d := range devices {
		if slices.Contains(c.Suspects, d.ID) && slices.Contains(c.Through, string(d.Platform)) {
			proven = append(proven, d.ID)
		}
	}
	isProven := func(deviceID string) bool { return slices.Contains(proven, deviceID) }
	switch {
	case c.exceeds():
		if err := n.DoubtDevices(ctx, proven, c.Job); err != nil {
			return err
		}
	default:
		if err := n.RemoveDevices(ctx, proven...); err != nil {
			return err
		}
		c.Gone += len(proven)
		c.Suspects = slices.DeleteFunc(c.Suspects, isProven)
	}
	c.giveUp(c.Suspects)
	c.Suspects = nil
	return nil
}

// judge stops the job of a chunk in which too many people were refused, if other chunks
// agree; a single chunk may happen to be full of people with bad devices. A job with only
// one chunk that reached nobody is stopped too, so that its author learns of it.
func (n *Notifier) judge(ctx context.Context, c *chunk) error {
	isBarren := c.State == stateDone && c.Unreadable > 0 && len(c.Through) == 0
	if !c.IsOver && !isBarren {
		return nil
	}
	all, err := n.store.chunksOf(ctx, []string{c.Job})
	if err != nil {
		return err
	}
	said, over := 0, 0
	for _, other := range all[c.Job] {
		if other.IsOver {
			over++
		}
		if other.IsOver || other.Sent+other.Gone > 0 {
			said++
		}
	}
	j, err := n.store.job(ctx, c.Job)
	if err != nil {
		return err
	}
	isAlone := isBarren && len(all) == 1 && j.State == stateDone
	if !isAlone && (over < agreeing || 2*over < said) {
		return nil
	}
	why := notify.StopTooManyBadDevices
	answered, refused := c.tally()
	if 2*c.Unreadable > refused {
		why = notify.StopBadMessage
	}
	return n.StopJob(ctx, c.Job, why, fmt.Sprintf("Firebase refused it for %d of %d people of the last of %d chunks", refused, answered, over))
}
