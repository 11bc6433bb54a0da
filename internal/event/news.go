package event

import (
	"context"
	"maps"

	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/herald"
)

// noun are the events as things with dates.
func (s *Service) noun() herald.Noun {
	return herald.Noun{Name: "event", Collection: events, Kinds: datedKinds(), Holders: AudienceAttendees, Seated: booking.AudienceSeated,
		Thing: func(ctx context.Context, eventID string) (herald.Thing, error) {
			e, err := s.store.get(ctx, eventID)
			if err != nil {
				return herald.Thing{}, err
			}
			return s.thing(e), nil
		}}
}

// thing is the event as a thing with dates. While it is running, people are still told of it.
func (s *Service) thing(e *Event) herald.Thing {
	return herald.Thing{About: e.about(), Snapshot: e.snapshot(), Telling: &e.Telling, Version: e.Version,
		IsOn: e.State == StatePublished && !e.IsOver(s.now()), Reminders: e.Reminders(),
		Booked: func(date schedule.Entry) string { return date.ID },
		Words: func(title i18n.Text, date schedule.Entry) map[string]string {
			words := e.wordsOf(title, date)
			words["Group"] = e.Card.KnownName(s.now())
			return words
		}}
}

// snapshot is what people may know of an event. Its texts are in one language only.
func (e *Event) snapshot() schedule.Snapshot {
	return schedule.Snapshot{Plan: schedule.Plan{e.entry()}, Title: inOneLanguage(e.Title), Description: inOneLanguage(e.Description)}
}

// entry is the event's date.
func (e *Event) entry() schedule.Entry {
	return schedule.Entry{ID: occurrenceID(e.ID), Date: e.Date, Place: e.Place}
}

func inOneLanguage(s string) i18n.Text { return i18n.Text{{Language: i18n.Danish, Text: s}} }

// Reminders are the offsets the organiser chose; the defaults if they said nothing.
func (e *Event) Reminders() []notify.ReminderOffset { return notify.Chosen(e.Offsets) }

// about is what all news of the event says.
func (e *Event) about() notify.Cause {
	return notify.Cause{Subject: e.ID, GroupID: e.GroupID, MembersOnly: e.OpenTo != group.Everyone, ExpiresAt: &e.EndsAt}
}

// published tells the members of the group of a new event.
func (s *Service) published(ctx context.Context, e *Event) notify.Cause {
	members := notify.AudienceOf{Kind: group.AudienceMembers, IDs: []string{e.GroupID}}
	c := s.herald.Cause(ctx, s.thing(e), NoticePublished, "published", members)
	c.ExpiresAt = &e.StartsAt // until then people can sign up
	return c
}

// cancelled tells people who signed up, also those in line: cancelling ends the line.
func (s *Service) cancelled(ctx context.Context, e *Event) notify.Cause {
	concerned := notify.AudienceOf{Kind: booking.AudienceConcerned, IDs: []string{occurrenceID(e.ID)}}
	return s.herald.Cause(ctx, s.thing(e), NoticeCancelled, "cancelled", concerned)
}

// words are the words that a text about the event may mention.
func (e *Event) words() map[string]string { return e.wordsOf(inOneLanguage(e.Title), e.entry()) }

func (e *Event) wordsOf(title i18n.Text, date schedule.Entry) map[string]string {
	words := map[string]string{"Title": title.In(i18n.Danish), "Group": e.Card.Name}
	if e.CancelReason != nil {
		words["Reason"] = *e.CancelReason
	}
	maps.Copy(words, date.Words())
	return words
}

// about is what news of a seat at a date says about the event.
func (s *Service) about(ctx context.Context, bookableID string) (c notify.Cause, known map[string]string, err error) {
	o, err := s.store.occurrence(ctx, bookableID)
	if err != nil {
		return c, nil, err
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil {
		return c, nil, err
	}
	c = e.about()
	c.Data, c.ExpiresAt = e.words(), &o.StartsAt
	return c, s.thing(e).KnownWords(s.now()), nil
}
