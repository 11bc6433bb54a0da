package event

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// SubjectState is how an event, and a piece of news about it, stand now: what waited
// for the morning is told as it is in the morning, or not at all.
func (s *Service) SubjectState(ctx context.Context, kind notify.Kind, eventID, key string) (notify.SubjectState, error) {
	e, err := s.store.get(ctx, eventID)
	if fault.Is(err, fault.KindNotFound) {
		return notify.SubjectState{}, nil
	}
	if err != nil {
		return notify.SubjectState{}, err
	}
	want := StatePublished
	if kind == notify.KindEventCancelled {
		want = StateCancelled
	}
	now := notify.SubjectState{Alive: e.State == want, MembersOnly: e.OpenTo != group.Everyone, Words: e.words(), ExpiresAt: &e.StartsAt}
	switch kind {
	case notify.KindEventReminder:
		now.Alive = now.Alive && e.isReminder(key)
	case notify.KindEventMoved:
		now.Alive = now.Alive && e.stillTells(key, novelties[:movingNovelties], now.Words)
	case notify.KindEventChanged:
		now.Alive = now.Alive && e.stillTells(key, novelties[movingNovelties:], now.Words)
	}
	return now, nil
}

// isReminder reports whether a key is that of a reminder of the start that the
// event has now.
func (e *Event) isReminder(key string) bool {
	return slices.ContainsFunc(notify.ReminderOffsets, func(r notify.ReminderOffset) bool {
		return key == notify.ReminderKey(occurrenceID(e.ID), r, e.StartsAt)
	})
}

// stillTells reports whether news of a change, by its key, is the last that tells
// one of these novelties, and corrects in its words what is new about the event
// by it.
func (e *Event) stillTells(key string, about []string, words map[string]string) bool {
	version, err := strconv.Atoi(strings.TrimPrefix(key, changedKey(e.ID, "")))
	if err != nil || e.Told == nil {
		return true // from before it was noted
	}
	for _, novelty := range novelties {
		words[novelty] = ""
		if e.Told[novelty] == version {
			words[novelty] = "1"
		}
	}
	return slices.ContainsFunc(about, func(novelty string) bool { return words[novelty] != "" })
}
