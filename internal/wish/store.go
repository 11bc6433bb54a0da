package wish

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
	collection = "course_wishes"
	decisions  = "wish_decisions"
)

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "wishedAt", Value: -1}, {Key: "_id", Value: -1}}},
		{Collection: collection, Keys: bson.D{{Key: "state", Value: 1}, {Key: "areaId", Value: 1}, {Key: "topic", Value: 1}, {Key: "words", Value: 1}, {Key: "personId", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "topic", Value: 1}, {Key: "state", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "courseId", Value: 1}, {Key: "state", Value: 1}, {Key: "personId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "forgetAt", Value: 1}}, Sparse: true},
		{Collection: decisions, Keys: bson.D{{Key: "moves.from", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
	}
}

func (s store) get(ctx context.Context, wishID string) (*Wish, error) {
	return mongodb.Get[Wish](ctx, "get wish", s.db.Collection(collection), wishID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Wish, error) {
	return mongodb.ByIDs(ctx, "find wishes", s.db.Collection(collection), ids, func(w *Wish) string { return w.ID })
}

// ofPerson are the wishes of a person, the newest first.
func (s store) ofPerson(ctx context.Context, personID string) ([]*Wish, error) {
	return mongodb.All[*Wish](ctx, "wishes of a person", s.db.Collection(collection), bson.D{{Key: "personId", Value: personID}},
		options.Find().SetSort(mongodb.KeysetSort("wishedAt", true)).SetLimit(maxKept))
}

// insert writes a new wish. Returns VERSION_CONFLICT if it is there already.
func (s store) insert(ctx context.Context, w *Wish) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, w)
	if mongodb.IsDuplicate(err) {
		return fault.VersionConflict()
	}
	return mongodb.Translate("insert wish", err)
}

// fields are what can change of a wish, besides its topic.
func (w *Wish) fields() bson.D {
	return bson.D{{Key: "state", Value: w.State}, {Key: "courseId", Value: w.CourseID}, {Key: "reply", Value: w.Reply}, {Key: "forgetAt", Value: w.ForgetAt},
		{Key: "version", Value: w.Version}}
}

// update writes a changed wish, if the stored version is the one before. Staff may have given it another topic meanwhile,
// which stays.
func (s store) update(ctx context.Context, w *Wish, b outbox.Batch) error {
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), w.ID, w.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: w.fields()}}, b))
}

// reopen writes a wish that is open again, if the stored version is the one before.
func (s store) reopen(ctx context.Context, w *Wish, b outbox.Batch) error {
	set := append(w.fields(), bson.E{Key: "text", Value: w.Text}, bson.E{Key: "areaId", Value: w.AreaID}, bson.E{Key: "wishedAt", Value: w.WishedAt},
		bson.E{Key: "topic", Value: w.Topic}, bson.E{Key: "words", Value: w.Words})
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), w.ID, w.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// other is another open wish in a topic than the given one. Returns NotFound.
func (s store) other(ctx context.Context, w *Wish) (*Wish, error) {
	list, err := mongodb.All[*Wish](ctx, "another wish of a topic", s.db.Collection(collection), bson.D{{Key: "topic", Value: w.Topic}, {Key: "state", Value: StateOpen}},
		options.Find().SetSort(mongodb.KeysetSort("_id", false)).SetLimit(2))
	for _, o := range list {
		if o.ID != w.ID {
			return o, nil
		}
	}
	if err == nil {
		err = fault.NotFound("wish.not_found")
	}
	return nil, err
}

// join gives a wish another topic and other words, unless it has got another one meanwhile.
func (s store) join(ctx context.Context, w *Wish, topic, words string) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: w.ID}, {Key: "topic", Value: w.Topic}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "topic", Value: topic}, {Key: "words", Value: words}}}})
	return mongodb.Translate("join topic", err)
}

// move gives all wishes of a topic another one, also answered ones, which may be open again.
func (s store) move(ctx context.Context, from, to, words string) error {
	states := bson.D{{Key: "$in", Value: []State{StateOpen, StateAnswered}}}
	_, err := s.db.Collection(collection).UpdateMany(ctx, bson.D{{Key: "topic", Value: from}, {Key: "state", Value: states}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "topic", Value: to}, {Key: "words", Value: words}}}})
	return mongodb.Translate("merge topics", err)
}

// openOf are some open wishes of a topic that come after one, by their ids.
func (s store) openOf(ctx context.Context, topic, after string, limit int64) ([]*Wish, error) {
	return mongodb.All[*Wish](ctx, "open wishes of a topic", s.db.Collection(collection),
		bson.D{{Key: "topic", Value: topic}, {Key: "state", Value: StateOpen}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(mongodb.KeysetSort("_id", false)).SetLimit(limit))
}

// setOfCourse changes the state of wishes that a course answered: those of a person, or of everybody if it is empty.
func (s store) setOfCourse(ctx context.Context, of courseWishes, set bson.D) error {
	filter := bson.D{{Key: "courseId", Value: of.CourseID}, {Key: "state", Value: of.State}}
	if of.PersonID != "" {
		filter = append(filter, bson.E{Key: "personId", Value: of.PersonID})
	}
	_, err := s.db.Collection(collection).UpdateMany(ctx, filter, bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("settle wishes", err)
}

// fulfil ends the wishes of a person that a course answered, or has them answered again.
func (s store) fulfil(ctx context.Context, of courseWishes, to State, forgetAt time.Time) error {
	return s.setOfCourse(ctx, of, bson.D{{Key: "state", Value: to}, {Key: "forgetAt", Value: forgetAt}})
}

// openAgain has the wishes that a course answered be open again.
func (s store) openAgain(ctx context.Context, courseID string) error {
	return s.setOfCourse(ctx, courseWishes{CourseID: courseID, State: StateAnswered},
		bson.D{{Key: "state", Value: StateOpen}, {Key: "courseId", Value: ""}, {Key: "forgetAt", Value: nil}})
}

// answeredBy are wishes that a course answered, in the order of their people, who come after the given one. It is
// enough to find each of them once.
func (s store) answeredBy(ctx context.Context, courseID, after string, limit int) ([]*Wish, error) {
	return mongodb.All[*Wish](ctx, "people whose wishes a course answered", s.db.Collection(collection),
		bson.D{{Key: "courseId", Value: courseID}, {Key: "state", Value: StateAnswered}, {Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(mongodb.KeysetSort("personId", false)).SetLimit(int64(limit)))
}

// purge removes wishes whose time has come.
func (s store) purge(ctx context.Context) error {
	return mongodb.RemoveAll(ctx, "purge wishes", s.db.Collection(collection), bson.D{{Key: "forgetAt", Value: bson.D{{Key: "$lt", Value: s.db.Now()}}}})
}

func (s store) insertDecision(ctx context.Context, d *Decision) error {
	_, err := s.db.Collection(decisions).InsertOne(ctx, d)
	return mongodb.Translate("insert decision about wishes", err)
}

func (s store) decision(ctx context.Context, decisionID string) (*Decision, error) {
	return mongodb.Get[Decision](ctx, "get decision about wishes", s.db.Collection(decisions), decisionID)
}

func (s store) decisionsByIDs(ctx context.Context, ids []string) (map[string]*Decision, error) {
	return mongodb.ByIDs(ctx, "find decisions about wishes", s.db.Collection(decisions), ids, func(d *Decision) string { return d.ID })
}

// merged is the latest merge of a topic with others after an instant. Returns NotFound.
func (s store) merged(ctx context.Context, topic string, after time.Time) (*Decision, error) {
	return mongodb.One[Decision]("find merge of a topic", s.db.Collection(decisions).FindOne(ctx,
		bson.D{{Key: "moves.from", Value: topic}, {Key: "at", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.FindOne().SetSort(mongodb.KeysetSort("at", true))))
}
