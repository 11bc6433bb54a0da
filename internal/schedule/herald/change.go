package herald

import (
	"context"
	"maps"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

type changedArgs struct {
	ID      string
	Version int
	Actor   string
}

func (a changedArgs) key() string { return notify.Key(a.ID, "changed", strconv.Itoa(a.Version)) }

// Changed notes which change of a thing people do not know yet, and sets the timer that tells
// them. The write of the change must have the fields of TellingFields.
func (h *Herald) Changed(ctx context.Context, before schedule.Snapshot, t Thing) []outbox.Effect {
	if !t.IsOn {
		return nil
	}
	tellAt, ok := t.Telling.Note(before, t.Snapshot, t.Version, h.now())
	if !ok {
		return nil
	}
	a := changedArgs{t.About.Subject, t.Version, auth.FromContext(ctx).PersonID}
	return []outbox.Effect{timer.Effect(timer.New(a.key(), h.timerChanged(), tellAt, a))}
}

// tellChanged tells people who signed up what has changed, unless a later change will be told
// instead, or all of it was taken back.
func (h *Herald) tellChanged(ctx context.Context, a changedArgs) error {
	t, err := h.noun.Thing(ctx, a.ID)
	if err != nil || !t.IsOn {
		return err
	}
	if told, ok := t.Telling.Tell(t.Snapshot, a.Version, h.now()); ok {
		if ok, err := h.store.tell(ctx, a.ID, told); err != nil || !ok {
			return err
		}
		*t.Telling = told
	}
	news := t.Telling.News(t.Snapshot, a.Version, h.now())
	c := t.About
	switch {
	case news.IsMove():
		c.Kind = h.noun.Kinds.Moved
	case news.IsText():
		c.Kind = h.noun.Kinds.Changed
	default:
		return nil
	}
	c.Key, c.Args, c.Actor = a.key(), notify.ArgsOf(changeArgs{a.Version}), a.Actor
	c.Audiences = []notify.AudienceOf{{Kind: h.noun.Holders, IDs: t.booked()}}
	c.Data, c.TurnsUpAt = t.wordsOf(news), news.TurnsUpAt
	return h.Enqueue(ctx, c)
}

// wordsOf are the words that a text may mention about what is new.
func (t Thing) wordsOf(news schedule.News) map[string]string {
	date, _ := news.First()
	words := t.Words(news.Title, date)
	maps.Copy(words, news.Words())
	return words
}
