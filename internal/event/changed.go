package event

import (
	"context"
	"maps"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

// timerChanged is the kind of the timers that tell of changes.
const timerChanged = "event.changed"

// snapshot is what people may know of an event. Its texts are in one language only.
func (e *Event) snapshot() schedule.Snapshot {
	return schedule.Snapshot{Plan: schedule.Plan{{ID: occurrenceID(e.ID), Date: e.Date, Place: e.Place}},
		Title: inOneLanguage(e.Title), Description: inOneLanguage(e.Description)}
}

func inOneLanguage(s string) i18n.Text { return i18n.Text{{Language: i18n.Danish, Text: s}} }

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
	if e.State != StatePublished {
		return nil
	}
	tellAt, ok := e.Telling.Note(before.snapshot(), e.snapshot(), e.Version, s.now())
	if !ok {
		return nil
	}
	return []outbox.Effect{timer.Effect(timer.New(changedKey(e.ID, e.Version), timerChanged, tellAt,
		changedArgs{e.ID, e.Version, auth.FromContext(ctx).PersonID}))}
}

// tellChanged tells people who signed up what has changed, unless a later change will be
// told instead, or all of it was taken back.
func (s *Service) tellChanged(ctx context.Context, a changedArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil || e.State != StatePublished || !e.StartsAt.After(s.now()) {
		return err
	}
	if told, ok := e.Telling.Tell(e.snapshot(), a.Version, s.now()); ok {
		if ok, err := s.store.tell(ctx, e.ID, told); err != nil || !ok {
			return err
		}
		e.Telling = told
	}
	news := e.Telling.News(e.snapshot(), a.Version, s.now())
	kind := NoticeChanged
	switch {
	case news.IsMove():
		kind = NoticeMoved
	case !news.IsText():
		return nil
	}
	return s.Enqueue(ctx, notify.Cause{
		Key: changedKey(e.ID, a.Version), Kind: kind, Args: notify.ArgsOf(changeArgs{a.Version}), Subject: e.ID, GroupID: e.GroupID,
		MembersOnly: e.OpenTo != group.Everyone, Actor: a.Actor, Data: e.wordsOf(news), ExpiresAt: &e.StartsAt, TurnsUpAt: news.TurnsUpAt,
		Audiences: []notify.AudienceOf{{Kind: AudienceAttendees, IDs: []string{occurrenceID(e.ID)}}},
	})
}

// wordsOf are the words that a text may mention about news of the event.
func (e *Event) wordsOf(news schedule.News) map[string]string {
	date, _ := news.First()
	told := *e
	told.Title, told.Date, told.Place = news.Title.In(i18n.Danish), date.Date, date.Place
	words := told.words()
	maps.Copy(words, news.Words())
	return words
}
