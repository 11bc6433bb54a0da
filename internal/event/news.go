package event

import (
	"context"
	"maps"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/herald"
)

// noun are the dates of events as things of which people are told. The news is about the event.
func (s *Service) noun() herald.Noun {
	return herald.Noun{Name: "event", Collection: occurrences, Kinds: datedKinds(), Holders: AudienceAttendees, Seated: booking.AudienceSeated,
		First: booking.First, FirstConcerned: booking.FirstConcerned, Things: s.things}
}

// things are dates as things of which people are told, in the order of the ids. Timers of an older program name events,
// which had one date.
func (s *Service) things(ctx context.Context, ids []string) ([]herald.Thing, error) {
	dateIDs := make([]string, len(ids))
	for i, dateID := range ids {
		if dateIDs[i] = dateID; id.Prefix(dateID) == id.Event {
			dateIDs[i] = occurrenceID(dateID)
		}
	}
	dates, err := s.store.occurrencesByIDs(ctx, dateIDs)
	if err != nil {
		return nil, err
	}
	var eventIDs []string
	for _, o := range dates {
		eventIDs = append(eventIDs, o.EventID)
	}
	events, err := s.store.byIDs(ctx, eventIDs)
	var things []herald.Thing
	for _, dateID := range dateIDs {
		if o := dates[dateID]; o != nil && events[o.EventID] != nil {
			things = append(things, s.thing(events[o.EventID], o))
		}
	}
	return things, err
}

// thing is a date of an event as a thing of which people are told. While it is running, they still are.
func (s *Service) thing(e *Event, o *Occurrence) herald.Thing {
	t := s.thingOf(o)
	t.Reminders = e.Reminders()
	return t
}

// thingOf is a date as a thing of which people are told, for which no reminders are set.
func (s *Service) thingOf(o *Occurrence) herald.Thing {
	return herald.Thing{ID: o.ID, About: o.about(), Snapshot: o.snapshot(nil), Telling: &o.Telling, Version: o.Synced,
		IsOn:    o.State == StatePublished && !o.IsOver(s.now()),
		IsEmpty: !o.hasPeople() && !o.asksFirst(),
		Booked:  func(date schedule.Entry) string { return date.ID },
		Words: func(title i18n.Text, date schedule.Entry) map[string]string {
			words := o.wordsOf(title, date)
			words["Group"] = o.called(o.Card, o.Card.KnownName(s.now()))
			return words
		}}
}

// snapshot is what people may know of a date. Its texts are in one language only. Of a date that an older program has
// written, the text is not known: it is taken for that of the event, unless that is nil.
func (o *Occurrence) snapshot(e *Event) schedule.Snapshot {
	text := o.Text
	if text == "" && e != nil {
		text = e.digest()
	}
	return schedule.Snapshot{Plan: schedule.Plan{o.entry()}, Title: inOneLanguage(o.Title), Description: inOneLanguage(text)}
}

// entry is the date as a date of a plan.
func (o *Occurrence) entry() schedule.Entry {
	return schedule.Entry{ID: o.ID, Date: o.Date, Place: o.Place, IsAllDay: o.IsAllDay}
}

// digest stands for the description, of which people are told only that it has changed.
func (e *Event) digest() string { return schedule.Digest(inOneLanguage(e.Description)) }

func inOneLanguage(s string) i18n.Text { return i18n.Text{{Language: i18n.Danish, Text: s}} }

// Reminders are the offsets the organiser chose; the defaults if they said nothing.
func (e *Event) Reminders() []notify.ReminderOffset { return notify.Chosen(e.Offsets) }

// about is what all news of the event says.
func (e *Event) about() notify.Cause {
	return notify.Cause{Subject: e.ID, GroupID: e.GroupID, MembersOnly: isForMembers(e.OpenTo), ExpiresAt: &e.EndsAt}
}

// about is what all news of the date says, which is about the event.
func (o *Occurrence) about() notify.Cause {
	return notify.Cause{Subject: o.EventID, Thread: o.Thread, GroupID: o.GroupID, MembersOnly: isForMembers(o.OpenTo), ExpiresAt: &o.EndsAt}
}

// published tells the members of the group of a new event. Until it starts people can sign up.
func (s *Service) published(ctx context.Context, e *Event) notify.Cause {
	members := notify.AudienceOf{Kind: group.AudienceMembers, IDs: []string{e.GroupID}}
	c := s.herald.Cause(ctx, s.thing(e, NewOccurrence(e)), NoticePublished, "published", members)
	c.ExpiresAt = &e.StartsAt
	c.Data["Group"] = e.Card.KnownName(s.now())
	return c
}

// cancelled tells people who signed up, also those in line: cancelling ends the line.
func (s *Service) cancelled(ctx context.Context, e *Event) (outbox.Effect, error) {
	if e.Series != nil {
		return outbox.New(effectCancelled, syncArgs{e.ID, e.Version, auth.FromContext(ctx).PersonID}), nil
	}
	o, err := s.store.occurrence(ctx, occurrenceID(e.ID))
	if err != nil {
		return outbox.Effect{}, err
	}
	o.CancelReason, o.Synced = e.CancelReason, e.Version
	concerned := notify.AudienceOf{Kind: booking.AudienceConcerned, IDs: []string{o.ID}}
	return notify.Effect(s.herald.Cause(ctx, s.thing(e, o), NoticeCancelled, "cancelled", concerned)), nil
}

// tellCancelled tells people that all dates of a series that were to come are cancelled: each once, by the soonest of theirs.
func (s *Service) tellCancelled(ctx context.Context, a syncArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil {
		return err
	}
	dates, err := s.store.datesOf(ctx, e.ID)
	if err != nil {
		return err
	}
	var off []herald.Thing
	for _, o := range dates {
		if e.CancelledAt != nil && !o.IsOver(*e.CancelledAt) && !o.isOff() && o.wasBooked() {
			o.CancelReason, o.Card = e.CancelReason, e.Card
			off = append(off, s.thing(e, o))
		}
	}
	for _, c := range s.herald.Cancelled(ctx, a.Actor, a.Version, off) {
		if err := s.Enqueue(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// wasBooked reports whether somebody has signed up for the date, or could have: its line may be ended by now.
func (o *Occurrence) wasBooked() bool {
	return o.hasPeople() || o.SeatsVersion > 0 || o.LineEnds != nil || o.asksFirst()
}

// words are the words that a text about the event may mention.
func (e *Event) words() map[string]string {
	return wordsOf(inOneLanguage(e.Title), schedule.Entry{Date: e.Date, Place: e.Place, IsAllDay: e.IsAllDay}, e.GroupName(), e.CancelReason)
}

// words are the words that a text about the date may mention.
func (o *Occurrence) words() map[string]string { return o.wordsOf(inOneLanguage(o.Title), o.entry()) }

func (o *Occurrence) wordsOf(title i18n.Text, date schedule.Entry) map[string]string {
	return wordsOf(title, date, o.called(o.Card, o.Card.Name), o.CancelReason)
}

func wordsOf(title i18n.Text, date schedule.Entry, groupName string, reason *string) map[string]string {
	words := map[string]string{"Title": title.In(i18n.Danish), "Group": groupName}
	if reason != nil {
		words["Reason"] = *reason
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
	c = o.about()
	c.Data, c.ExpiresAt = o.words(), &o.StartsAt
	return c, s.thingOf(o).KnownWords(s.now()), nil
}

// dateOf is the date that news of an event is about, if it is about one; empty: it is about the whole event.
func dateOf(n notify.News) string {
	switch n.Kind {
	case NoticeCancelled, NoticeRestored, NoticeMoved, NoticeChanged, NoticeReminder:
		return or(herald.ThingOf(n.Args), n.Subject)
	case booking.NoticeSeatGranted, booking.NoticeSeatOffered, booking.NoticeBookingEnded, booking.NoticeRequested, booking.NoticeApproved, booking.NoticeSignedUp:
		return or(booking.ThingOf(n.Args), n.Subject)
	}
	return ""
}

// or is the date; the only one of the event if news of an older program does not say which.
func or(dateID, eventID string) string {
	if dateID == "" {
		return occurrenceID(eventID)
	}
	return dateID
}
