package meeting

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const (
	agendas         = "agendas"
	minutes         = "minutes"
	feedbackAnswers = "feedback_answers"
	feedbackMarks   = "feedback_marks"
	feedbackResults = "feedback_results"
	followUps       = "follow_ups"
)

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	by := func(collection string, fields ...string) mongodb.Index {
		var keys bson.D
		for _, field := range fields {
			keys = append(keys, bson.E{Key: field, Value: 1})
		}
		return mongodb.Index{Collection: collection, Keys: keys}
	}
	expiring := func(collection, field string, after time.Duration) mongodb.Index {
		i := by(collection, field)
		i.ExpireAfter = &after
		return i
	}
	return []mongodb.Index{
		by(agendas, "items.proposedBy", "_id"),
		by(minutes, "eventId", "startsAt", "_id"), by(minutes, "writtenBy", "_id"),
		by(feedbackAnswers, "of", "_id"),
		by(feedbackMarks, "personId", "_id"), expiring(feedbackMarks, "until", 0),
		expiring(followUps, "at", keepFollowUps),
	}
}

func (s store) agendas(ctx context.Context, eventIDs []string) (map[string]*Agenda, error) {
	return mongodb.ByIDs(ctx, "find agendas", s.db.Collection(agendas), eventIDs, func(a *Agenda) string { return a.ID })
}

// saveAgenda writes an agenda, if the stored version is the one before.
func (s store) saveAgenda(ctx context.Context, a *Agenda, b outbox.Batch) error {
	if a.Version == 1 {
		a.Pending = b.Pending()
		return s.insertFirst(ctx, agendas, "insert agenda", a)
	}
	set := bson.D{{Key: "items", Value: a.Items}, {Key: "version", Value: a.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(agendas), a.ID, a.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// insertFirst writes the first version of a document. Returns VERSION_CONFLICT if somebody else has written one.
func (s store) insertFirst(ctx context.Context, collection, op string, doc any) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, doc)
	if err = mongodb.Translate(op, err); fault.Is(err, fault.KindConflict) {
		return fault.VersionConflict()
	}
	return err
}

func (s store) minutes(ctx context.Context, dateIDs []string) (map[string]*Minutes, error) {
	return mongodb.ByIDs(ctx, "find minutes", s.db.Collection(minutes), dateIDs, func(m *Minutes) string { return m.ID })
}

// latestMinutes are those of the latest date of an event that has some; nil if none has.
func (s store) latestMinutes(ctx context.Context, eventID string) (*Minutes, error) {
	m, err := mongodb.One[Minutes]("find latest minutes", s.db.Collection(minutes).FindOne(ctx,
		bson.D{{Key: "eventId", Value: eventID}, {Key: "text", Value: bson.D{{Key: "$ne", Value: ""}}}},
		options.FindOne().SetSort(mongodb.KeysetSort("startsAt", true))))
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // nil says that there are none
	}
	return m, err
}

// saveMinutes writes minutes, if the stored version is the one before.
func (s store) saveMinutes(ctx context.Context, m *Minutes, b outbox.Batch) error {
	if m.Version == 1 {
		m.Pending = b.Pending()
		return s.insertFirst(ctx, minutes, "insert minutes", m)
	}
	set := bson.D{{Key: "text", Value: m.Text}, {Key: "writtenBy", Value: m.WrittenBy}, {Key: "writtenAt", Value: m.WrittenAt}, {Key: "version", Value: m.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(minutes), m.ID, m.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

func (s store) insertAnswer(ctx context.Context, a *answer) error {
	_, err := s.db.Collection(feedbackAnswers).InsertOne(ctx, a)
	return mongodb.Translate("insert answer", err)
}

func (s store) removeAnswer(ctx context.Context, a *answer) error {
	_, err := s.db.Collection(feedbackAnswers).DeleteOne(ctx, bson.D{{Key: "_id", Value: a.ID}, {Key: "of", Value: a.Of}})
	return mongodb.Translate("remove answer", err)
}

// answers are the answers to a date or a session, in the order of their ids, which are from chance.
func (s store) answers(ctx context.Context, of string) ([]*answer, error) {
	return mongodb.All[*answer](ctx, "find answers", s.db.Collection(feedbackAnswers), bson.D{{Key: "of", Value: of}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(shownAnswers))
}

// results are the answers that have been shown, by date or session.
func (s store) results(ctx context.Context, ids []string) (map[string]*results, error) {
	return mongodb.ByIDs(ctx, "find results", s.db.Collection(feedbackResults), ids, func(r *results) string { return r.ID })
}

// saveResults writes down what is shown, if the stored version is the one before.
func (s store) saveResults(ctx context.Context, r *results) error {
	if r.Version == 1 {
		return s.insertFirst(ctx, feedbackResults, "insert results", r)
	}
	set := bson.D{{Key: "answers", Value: r.Answers}, {Key: "version", Value: r.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(feedbackResults), r.ID, r.Version-1, bson.D{{Key: "$set", Value: set}})
}

// insertMark writes that somebody has answered. Returns Conflict if they had.
func (s store) insertMark(ctx context.Context, m *mark) error {
	_, err := s.db.Collection(feedbackMarks).InsertOne(ctx, m)
	if err = mongodb.Translate("insert mark", err); fault.Is(err, fault.KindConflict) {
		return fault.Conflict("meeting.answered")
	}
	return err
}

func (s store) marks(ctx context.Context, ids []string) (map[string]*mark, error) {
	return mongodb.ByIDs(ctx, "find marks", s.db.Collection(feedbackMarks), ids, func(m *mark) string { return m.ID })
}

// purge removes marks and follow-ups whose time has passed, for databases that do not do so themselves.
func (s store) purge(ctx context.Context, now time.Time) error {
	for collection, expired := range map[string]bson.D{
		feedbackMarks: {{Key: "until", Value: bson.D{{Key: "$lte", Value: now}}}},
		followUps:     {{Key: "at", Value: bson.D{{Key: "$lte", Value: now.Add(-keepFollowUps)}}}},
	} {
		if _, err := s.db.Collection(collection).DeleteMany(ctx, expired); err != nil {
			return mongodb.Translate("purge "+collection, err)
		}
	}
	return nil
}
