package delivery

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// candidate is a person of an audience, with what becomes of the news for them.
type candidate struct {
	notify.Found
	to      notify.Recipient
	matter  notify.Matter
	verdict notify.Verdict
	day     string // the day on which a push would go, by the person's calendar
}

// matter is a cause as Decide sees it, without the fields that differ from person to
// person.
func (n *Notifier) matter(c *notify.Cause) (notify.Matter, error) {
	spec := n.Kinds.Of(c.Kind)
	m := notify.Matter{Kind: c.Kind, Default: spec.Default, Policy: spec.Policy, Subject: c.Subject, Thread: c.Thread, GroupID: c.GroupID,
		MembersOnly: c.MembersOnly, ExpiresAt: c.ExpiresAt, TurnsUpAt: c.TurnsUpAt, Snoozed: c.Again != ""}
	if spec.Policy.Reminds {
		var a notify.ReminderArgs
		if err := c.Args.Decode(&a); err != nil {
			return m, err
		}
		m.Offset, m.Optional = a.Offset, a.IsOptional
	}
	return m, nil
}

// decidePage decides for each of these people. It writes nothing, so that previews can
// use it too. It leaves out the actor, and people who no longer exist.
func (n *Notifier) decidePage(ctx context.Context, c notify.Cause, found []notify.Found, now time.Time) ([]*candidate, error) {
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.PersonID
	}
	recipients, err := n.recipients(ctx, ids)
	if err != nil {
		return nil, err
	}
	if found, err = n.addressed(ctx, c, found, ids); err != nil {
		return nil, err
	}
	told := make([]notify.Told, len(found))
	for i, f := range found {
		told[i] = notify.Told{PersonID: f.PersonID, Reasons: f.Reasons}
	}
	ended, err := n.Ended(ctx, told)
	if err != nil {
		return nil, err
	}
	matter, err := n.matter(&c)
	if err != nil {
		return nil, err
	}
	refused, err := n.AllRefuse(ctx, n.Kinds.Of(c.Kind).Family, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*candidate, 0, len(found))
	for i, f := range found {
		if c.Kind == notify.KindSummary && len(f.Items) == 0 {
			continue // the summary would be empty
		}
		if r, ok := recipients[f.PersonID]; ok && f.PersonID != c.Actor {
			p := &candidate{Found: f, to: r, matter: matter}
			p.matter.Reasons, p.matter.Ended, p.matter.PhonesOff = f.Reasons, ended[i], refused[f.PersonID]
			n.decide(ctx, p, 0, now)
			list = append(list, p)
		}
	}
	return list, n.countPushes(ctx, c, list, now)
}

func (n *Notifier) decide(ctx context.Context, p *candidate, pushed int, now time.Time) {
	p.verdict = n.decideOne(ctx, p.matter, p.to, pushed, now)
	at := now
	if p.verdict.HoldUntil != nil {
		at = *p.verdict.HoldUntil
	}
	p.day = p.to.Settings.Day(at)
}

// decideOne is Decide that survives bad data of a single person. Their news then goes to
// their inbox, and the others get theirs.
func (n *Notifier) decideOne(ctx context.Context, m notify.Matter, r notify.Recipient, pushed int, now time.Time) (v notify.Verdict) {
	err := fault.Catch(func() error {
		v = notify.Decide(m, r, pushed, now)
		return nil
	})
	if err != nil {
		n.Log.ErrorContext(ctx, "nothing could be decided for a person", "person", r.PersonID, "kind", m.Kind, "error", err, "stack", fault.StackOf(err))
		v = notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleKindDefault}
	}
	return v
}

// recipients loads people together with their settings.
func (n *Notifier) recipients(ctx context.Context, ids []string) (map[string]notify.Recipient, error) {
	recipients, err := n.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	settings, err := n.settingsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for personID, r := range recipients {
		r.Settings = settings[personID]
		recipients[personID] = r
	}
	return recipients, nil
}

// settingsOf are the settings of people, by id, as far as they can be read.
func (n *Notifier) settingsOf(ctx context.Context, ids []string) (map[string]notify.Settings, error) {
	list, damaged, err := n.keeper.SettingsOf(ctx, ids)
	if damaged != nil {
		n.Log.WarnContext(ctx, "settings could not be read whole", "error", damaged)
	}
	return list, err
}

// budgeted are the candidates whose push counts among the pushes of a day.
func (n *Notifier) budgeted(c notify.Cause, list []*candidate) []*candidate {
	if n.Kinds.Of(c.Kind).Policy.IsUncounted() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(p *candidate) bool { return p.verdict.Channel != notify.Push })
}

// countPushes decides again for people who have had pushes on that day.
func (n *Notifier) countPushes(ctx context.Context, c notify.Cause, list []*candidate, now time.Time) error {
	spending := n.budgeted(c, list)
	if len(spending) == 0 {
		return nil
	}
	slots, err := n.store.pushSlots(ctx, spending)
	if err != nil {
		return err
	}
	for _, p := range spending {
		if slots := slots[p.PersonID]; !slots.hold(c.Key) {
			n.decide(ctx, p, slots.on(p.day), now)
		}
	}
	return nil
}

// maxSlotTries bounds how often another slot is tried because another worker took the
// first.
const maxSlotTries = 5

// takeSlots takes one push of the day for each person who is to get one. A slot is a
// document with a derived id, so two workers never take the same. If a person's slot is
// taken already, it decides again; if that happens too often, the news goes to the
// summary.
func (n *Notifier) takeSlots(ctx context.Context, c notify.Cause, list []*candidate, now time.Time) error {
	wanting := n.budgeted(c, list)
	for try := range maxSlotTries {
		if len(wanting) == 0 {
			return nil
		}
		slots, err := n.store.pushSlots(ctx, wanting)
		if err != nil {
			return err
		}
		var take []pushSlot
		for _, p := range wanting {
			slots := slots[p.PersonID]
			if slots.hold(c.Key) {
				continue // a worker that died has taken it already
			}
			if n.decide(ctx, p, slots.on(p.day), now); p.verdict.Channel != notify.Push {
				continue
			}
			if try == maxSlotTries-1 {
				p.verdict = notify.Verdict{Channel: notify.Summary, Rule: notify.RuleBudget}
				continue
			}
			take = append(take, slots.next(p.PersonID, p.day, c.Key))
		}
		lost, err := n.store.takePushSlots(ctx, take)
		if err != nil {
			return err
		}
		wanting = slices.DeleteFunc(n.budgeted(c, wanting), func(p *candidate) bool { return !lost[p.PersonID] })
	}
	return nil
}

// pushSlot is one of the pushes a person gets on a day: "<person>:<day>:<n>".
type pushSlot struct {
	ID       string `bson:"_id"`
	PersonID string `bson:"personId"`
	Day      string `bson:"day"`
	Key      string `bson:"key"` // the cause's
}

// pushSlots are the pushes a person has had on the days that are remembered.
type pushSlots []pushSlot

// hold reports whether a cause has taken a slot, on any day.
func (l pushSlots) hold(key string) bool {
	return slices.ContainsFunc(l, func(s pushSlot) bool { return s.Key == key })
}

// on is how many slots of a day are taken.
func (l pushSlots) on(day string) int {
	n := 0
	for _, s := range l {
		if s.Day == day {
			n++
		}
	}
	return n
}

// next is the first free slot of a day, which may be one that was given back.
func (l pushSlots) next(personID, day, key string) pushSlot {
	for n := 0; ; n++ {
		slotID := personID + ":" + day + ":" + strconv.Itoa(n)
		if !slices.ContainsFunc(l, func(s pushSlot) bool { return s.ID == slotID }) {
			return pushSlot{ID: slotID, PersonID: personID, Day: day, Key: key}
		}
	}
}

// keepSlots is how long the pushes of a day are remembered: until the day is over in all
// zones, and pushes that were held have gone.
const keepSlots = 4 * 24 * time.Hour
