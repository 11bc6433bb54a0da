package delivery

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"faellesskab/internal/notify"
)

const (
	// suspectShare is the share of people, in percent, whom Firebase may refuse before
	// we think that the message is bad.
	suspectShare = 20
	// suspectFloor is how many people must have an answer before anything is said
	// about the message.
	suspectFloor = 10
	// agreeing is how many chunks of a job must say so before it stops.
	agreeing = 2
)

// Verdicts are what Firebase has said of a chunk's people: they, and not their
// devices, are counted, so that nobody speaks for many.
type Verdicts struct {
	// Reached and Refused are sets of people: bit i is the i-th of the chunk. Somebody
	// may be in both, by two devices.
	Reached []byte `bson:"reached,omitempty"`
	Refused []byte `bson:"refused,omitempty"`
	// Through are the platforms for which Firebase took the message.
	Through []string `bson:"through,omitempty"`
	// Unreadable is for how many devices Firebase could not read the message.
	Unreadable int `bson:"unreadable,omitempty"`
	// IsOver says that more people were refused than could be by chance.
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

// tally is how many people have an answer, and whom of them nothing reached.
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

// exceeds reports whether the share of the refused is too large to be chance.
func (v *Verdicts) exceeds() bool {
	answered, refused := v.tally()
	return refused*100 > answered*suspectShare
}

// isOver is exceeds where enough people have an answer to say so.
func (v *Verdicts) isOver() bool {
	answered, _ := v.tally()
	return answered >= suspectFloor && v.exceeds()
}

// isUnreadable reports whether the message itself is bad: Firebase could read it for
// none of so many people. What only some cannot be sent is not the others' matter.
func (v *Verdicts) isUnreadable() bool {
	_, refused := v.tally()
	return len(v.Through) == 0 && refused >= suspectFloor && v.Unreadable >= suspectFloor
}

// settleSuspects forgets the devices of a chunk that Firebase calls bad, if the same
// message went through to others on their platform. If too many people are refused,
// none is forgotten: what speaks against them is noted, and counts if it comes again
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

// judge stops the job of a chunk in which too many people were refused, if other
// chunks say the same: one chunk alone may be full of people who spoil it. A job
// that has but one and reached nobody is stopped as well, for its author to know.
func (n *Notifier) judge(ctx context.Context, c *chunk) error {
	isBarren := c.State == stateDone && c.Unreadable > 0 && len(c.Through) == 0
	if !c.IsOver && !isBarren {
		return nil
	}
	all, err := n.store.chunksOf(ctx, c.Job)
	if err != nil {
		return err
	}
	said, over := 0, 0
	for _, other := range all {
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
