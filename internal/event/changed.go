package event

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/place"
	"faellesskab/internal/timer"
)

// timerChanged is the kind of the timers that tell of changes.
const timerChanged = "event.changed"

// holdChanges is how long news of a change is held. Further changes within this time become
// part of the same message.
const holdChanges = 2 * time.Minute

// Change is what has been changed since people were last told.
type Change struct {
	Since   Snapshot `bson:"since"`   // the event before the first change they do not know of
	Version int      `bson:"version"` // the event's version after the last change
}

// Snapshot has the fields of an event of whose changes people are told.
type Snapshot struct {
	StartsAt      time.Time    `bson:"startsAt"`
	StartsAtLocal clock.Local  `bson:"startsAtLocal"`
	EndsAtLocal   clock.Local  `bson:"endsAtLocal"`
	Place         *place.Place `bson:"place,omitempty"`
	Title         string       `bson:"title"`
	Description   string       `bson:"description"`
}

func (e *Event) snapshot() Snapshot {
	return Snapshot{StartsAt: e.StartsAt, StartsAtLocal: e.StartsAtLocal, EndsAtLocal: e.EndsAtLocal, Place: e.Place,
		Title: e.Title, Description: e.Description}
}

// novelties are the words that say in a text what is new. The first three mean a move.
var novelties = []string{"NewTime", "NewEnd", "NewPlace", "NewTitle", "NewText"}

const movingNovelties = 3

// difference is what to tell a person who knows one snapshot about a newer one: the words
// for the text, and whether it is about time or place. The words are nil if there is
// nothing to tell.
func (before Snapshot) difference(now Snapshot) (words map[string]string, isMoved bool) {
	words = map[string]string{}
	if !now.StartsAt.Equal(before.StartsAt) || now.StartsAtLocal != before.StartsAtLocal {
		words["NewTime"] = "1"
	} else if now.EndsAtLocal != before.EndsAtLocal {
		words["NewEnd"] = "1"
	}
	if !now.Place.Equal(before.Place) {
		words["NewPlace"] = "1"
	}
	isMoved = len(words) > 0
	if now.Title != before.Title {
		words["NewTitle"] = "1"
	}
	if now.Description != before.Description {
		words["NewText"] = "1"
	}
	if len(words) == 0 {
		return nil, false
	}
	return words, isMoved
}

type changedArgs struct {
	EventID string
	Version int
	Actor   string
}

// changeArgs say which version of the event the news of a change tells.
type changeArgs struct{ Version int }

func changedKey(eventID string, version int) string {
	return notify.Key(eventID, "changed", strconv.Itoa(version))
}

// changed notes on a published event which change people do not know yet, and sets the
// timer that tells them.
func (s *Service) changed(ctx context.Context, e *Event, before *Event) []outbox.Effect {
	if words, _ := before.snapshot().difference(e.snapshot()); e.State != StatePublished || words == nil {
		return nil
	}
	since := before.snapshot()
	if before.Changing != nil {
		since = before.Changing.Since
	}
	e.Changing = &Change{Since: since, Version: e.Version}
	key := changedKey(e.ID, e.Version)
	return []outbox.Effect{timer.Effect(timer.New(key, timerChanged, s.now().Add(holdChanges),
		changedArgs{e.ID, e.Version, auth.FromContext(ctx).PersonID}))}
}

// tellChanged tells people who signed up what has changed, unless a later change will be
// told instead, or all of it was taken back.
func (s *Service) tellChanged(ctx context.Context, a changedArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil || e.Changing == nil || e.Changing.Version != a.Version || e.State != StatePublished {
		return err
	}
	since := e.Changing.Since
	words, isMoved := since.difference(e.snapshot())
	if words != nil && e.StartsAt.After(s.now()) {
		// This must be recorded before the new cause is queued, so that older news that
		// waits for the morning is found superseded, and the new one is not.
		isLatest, err := s.store.telling(ctx, e.ID, a.Version, superseded(words))
		if err != nil || !isLatest {
			return err
		}
		if err := s.Enqueue(ctx, e.changeCause(a, words, isMoved)); err != nil {
			return err
		}
	}
	return s.store.told(ctx, e.ID, a.Version)
}

// superseded are the novelties that older news need not tell any more. News of a new time
// tells the end too.
func superseded(words map[string]string) []string {
	var list []string
	for _, novelty := range novelties {
		if words[novelty] != "" || novelty == "NewEnd" && words["NewTime"] != "" {
			list = append(list, novelty)
		}
	}
	return list
}

func (e *Event) changeCause(a changedArgs, words map[string]string, isMoved bool) notify.Cause {
	kind := NoticeChanged
	if isMoved {
		kind = NoticeMoved
	}
	for name, word := range e.words() {
		words[name] = word
	}
	turnsUp := e.StartsAt
	if e.Changing.Since.StartsAt.Before(turnsUp) {
		turnsUp = e.Changing.Since.StartsAt
	}
	return notify.Cause{
		Key: changedKey(e.ID, a.Version), Kind: kind, Args: notify.ArgsOf(changeArgs{a.Version}), Subject: e.ID, GroupID: e.GroupID,
		MembersOnly: e.OpenTo != group.Everyone, Actor: a.Actor, Data: words, ExpiresAt: &e.StartsAt, TurnsUpAt: &turnsUp,
		Audiences: []notify.AudienceOf{{Kind: AudienceAttendees, IDs: []string{occurrenceID(e.ID)}}},
	}
}
