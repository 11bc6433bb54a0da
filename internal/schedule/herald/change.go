package herald

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

// Change is what a version of a subject has changed.
type Change struct {
	ID      string // the subject of the news
	Version int
	Actor   string   // the person who has changed it; empty: nobody knows
	Things  []string // what was changed, if the subject has several things; empty: the one with that id
}

func (a Change) key() string { return notify.Key(a.ID, "changed", strconv.Itoa(a.Version)) }

// things are the ids of what was changed.
func (a Change) things() []string {
	if len(a.Things) == 0 {
		return []string{a.ID}
	}
	return a.Things
}

// Changed notes which change of a thing people do not know yet, and sets the timer that tells
// them. The write of the change must have the fields of TellingFields.
func (h *Herald) Changed(ctx context.Context, before schedule.Snapshot, t Thing) []outbox.Effect {
	tellAt, ok := h.Note(before, t)
	if !ok {
		return nil
	}
	a := Change{ID: t.About.Subject, Version: t.Version, Actor: auth.FromContext(ctx).PersonID}
	return []outbox.Effect{timer.Effect(timer.New(a.key(), h.timerChanged(), tellAt, a))}
}

// Note notes which change of a thing people do not know yet. If there is one, ok is true, and people must be told at an
// instant. The write of the change must have the fields of TellingFields.
func (h *Herald) Note(before schedule.Snapshot, t Thing) (tellAt time.Time, ok bool) {
	if !t.IsOn {
		return time.Time{}, false
	}
	return t.Telling.Note(before, t.Snapshot, t.Version, h.now())
}

// TellAt sets the timer that tells a change of several things. It must be set before the changes are written that Note has
// noted: whoever has a place at several of the things is told once.
func (h *Herald) TellAt(ctx context.Context, at time.Time, a Change) error {
	return h.Timers.Set(ctx, timer.New(a.key(), h.timerChanged(), at, a))
}

// told is a thing, with what is told of it.
type told struct {
	Thing
	kind notify.Kind
	news schedule.News
}

// tellChanged tells people who signed up what has changed, unless a later change will be told
// instead, or all of it was taken back.
func (h *Herald) tellChanged(ctx context.Context, a Change) error {
	things, err := h.noun.Things(ctx, a.things())
	if err != nil {
		return err
	}
	var list []told
	for _, t := range things {
		of, err := h.tell(ctx, t, a.Version)
		if err != nil {
			return err
		}
		if of.kind != "" && !t.IsEmpty {
			list = append(list, of)
		}
	}
	slices.SortStableFunc(list, h.inOrder)
	for i, of := range list {
		if err := h.announce(ctx, a, of, among{of.ID, thingIDs(list[:i]), thingIDs(list[i+1:])}); err != nil {
			return err
		}
	}
	return nil
}

// tell notes that a change of a thing is told, and says what that is; the kind is empty if it is nothing.
func (h *Herald) tell(ctx context.Context, t Thing, version int) (told, error) {
	if !t.IsOn {
		return told{}, nil
	}
	if next, ok := t.Telling.Tell(t.Snapshot, version, h.now()); ok {
		if ok, err := h.store.tell(ctx, t.ID, next); err != nil || !ok {
			return told{}, err
		}
		*t.Telling = next
	}
	of := told{Thing: t, news: t.Telling.News(t.Snapshot, version, h.now())}
	switch {
	case of.news.IsMove():
		of.kind = h.noun.Kinds.Moved
	case of.news.IsText():
		of.kind = h.noun.Kinds.Changed
	}
	return of, nil
}

// inOrder puts first what saves people a way, and then what is soonest.
func (h *Herald) inOrder(a, b told) int {
	isMove := func(of told) int {
		if of.kind == h.noun.Kinds.Moved {
			return 0
		}
		return 1
	}
	start := func(of told) time.Time {
		date, _ := of.news.First()
		return date.StartsAt
	}
	return cmp.Or(cmp.Compare(isMove(a), isMove(b)), start(a).Compare(start(b)), cmp.Compare(a.ID, b.ID))
}

func thingIDs(list []told) []string {
	ids := make([]string, len(list))
	for i, of := range list {
		ids[i] = of.ID
	}
	return ids
}

// among is one of several things of which people are told by the same change, with those before and behind it.
type among struct {
	thingID        string
	before, behind []string
}

// announce queues the news of a thing.
func (h *Herald) announce(ctx context.Context, a Change, of told, one among) error {
	c := of.About
	c.Kind, c.Key, c.Args, c.Actor = of.kind, a.key(), notify.ArgsOf(changeArgs{Version: a.Version}), a.Actor
	c.Audiences = []notify.AudienceOf{{Kind: h.noun.Holders, IDs: of.booked()}}
	if h.noun.Others != "" {
		c.Audiences = append(c.Audiences, notify.AudienceOf{Kind: h.noun.Others, IDs: []string{of.ID}})
	}
	c.Data, c.TurnsUpAt = dateArgs{}.with(of.wordsOf(of.news)), of.news.TurnsUpAt
	if len(a.Things) == 0 {
		return h.Enqueue(ctx, c)
	}
	args := func(d dateArgs) notify.Args { return notify.ArgsOf(changeArgs{a.Version, d}) }
	for _, c := range one.each(c, h.noun.First, args) {
		if err := h.Enqueue(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// each is news of one of several things: for those who have a place there and at none of those before it, and either have
// one behind it, or have none.
func (one among) each(c notify.Cause, to AudienceAmong, args func(dateArgs) notify.Args) []notify.Cause {
	var list []notify.Cause
	for _, more := range []bool{false, true} {
		if more && len(one.behind) == 0 {
			continue
		}
		c, d := c, dateArgs{one.thingID, more}
		c.Key += ":" + one.thingID
		if more {
			c.Key += ":more"
		}
		c.Args, c.Data = args(d), d.with(maps.Clone(c.Data))
		c.Audiences = []notify.AudienceOf{to(one.thingID, one.before, one.behind, more)}
		list = append(list, c)
	}
	return list
}

// Cancelled is the news that things of a subject are cancelled, which a version of it brings, in the order in which people
// are told: whoever has a place at several is told of the first.
func (h *Herald) Cancelled(ctx context.Context, actor string, version int, list []Thing) []notify.Cause {
	var news []notify.Cause
	ids := make([]string, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	for i, t := range list {
		c := h.Cause(ctx, t, h.noun.Kinds.Cancelled, "cancelled")
		c.Key, c.Actor = notify.Key(c.Subject, "cancelled", strconv.Itoa(version)), actor
		args := func(d dateArgs) notify.Args { return notify.ArgsOf(d) }
		news = append(news, among{t.ID, ids[:i], ids[i+1:]}.each(c, h.noun.FirstConcerned, args)...)
	}
	return news
}

// wordsOf are the words that a text may mention about what is new.
func (t Thing) wordsOf(news schedule.News) map[string]string {
	date, _ := news.First()
	words := t.Words(news.Title, date)
	maps.Copy(words, news.Words())
	return words
}
