package certificate

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

const (
	collection = "certificates"
	names      = "certificate_names"
)

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "code", Value: 1}}, Unique: true},
		{Collection: collection, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "issuedAt", Value: -1}, {Key: "_id", Value: -1}}},
		{Collection: collection, Keys: bson.D{{Key: "courseId", Value: 1}, {Key: "issuedAt", Value: -1}, {Key: "_id", Value: -1}}},
	}
}

func (s store) get(ctx context.Context, certificateID string) (*Certificate, error) {
	return mongodb.Get[Certificate](ctx, "get certificate", s.db.Collection(collection), certificateID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Certificate, error) {
	return mongodb.ByIDs(ctx, "find certificates", s.db.Collection(collection), ids, func(c *Certificate) string { return c.ID })
}

// byCode is the certificate with a code; NotFound if there is none.
func (s store) byCode(ctx context.Context, code string) (*Certificate, error) {
	return mongodb.One[Certificate]("find certificate by code", s.db.Collection(collection).FindOne(ctx, bson.D{{Key: "code", Value: code}}))
}

// ofPerson are the newest certificates of a person, the newest first.
func (s store) ofPerson(ctx context.Context, personID string, limit int) ([]*Certificate, error) {
	return mongodb.All[*Certificate](ctx, "certificates of a person", s.db.Collection(collection), bson.D{{Key: "personId", Value: personID}},
		options.Find().SetSort(mongodb.KeysetSort("issuedAt", true)).SetLimit(int64(limit)))
}

// ofCourse are certificates of a course, the newest first.
func (s store) ofCourse(ctx context.Context, courseID string, k page.Keyset) ([]*Certificate, error) {
	filter := bson.D{{Key: "courseId", Value: courseID}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("issuedAt", true, k.Time(), k.ID)...)
	}
	return mongodb.All[*Certificate](ctx, "certificates of a course", s.db.Collection(collection), filter,
		options.Find().SetSort(mongodb.KeysetSort("issuedAt", true)).SetLimit(int64(k.Limit)))
}

// walkCourse goes through the certificates of a course.
func (s store) walkCourse(courseID string) mongodb.Walk[Certificate] {
	return mongodb.Walk[Certificate]{Op: "walk certificates of a course", Collection: s.db.Collection(collection), Filter: bson.D{{Key: "courseId", Value: courseID}},
		SortKey: "issuedAt", Position: func(c *Certificate) (any, string) { return c.IssuedAt, c.ID }}
}

// insert writes a certificate. Returns Conflict if it is there already.
func (s store) insert(ctx context.Context, c *Certificate) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, c)
	return mongodb.Translate("insert certificate", err)
}

// end writes that a certificate is revoked or replaced, if the stored version is the one before.
func (s store) end(ctx context.Context, c *Certificate, b outbox.Batch) error {
	set := bson.D{{Key: "revokedAt", Value: c.RevokedAt}, {Key: "revokedReason", Value: c.RevokedReason}, {Key: "replacedBy", Value: c.ReplacedByID},
		{Key: "newCode", Value: c.NewCode}, {Key: "version", Value: c.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), c.ID, c.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// wanted is the name that a person wants on certificates; the zero value if they never said.
func (s store) wanted(ctx context.Context, personID string) (*Wanted, error) {
	w, err := mongodb.Get[Wanted](ctx, "get name on certificates", s.db.Collection(names), personID)
	if fault.Is(err, fault.KindNotFound) {
		return &Wanted{PersonID: personID}, nil
	}
	return w, err
}

// want writes the name that a person wants on certificates. Returns VERSION_CONFLICT if they have said another meanwhile.
func (s store) want(ctx context.Context, w *Wanted, b outbox.Batch) error {
	if w.Version > 1 {
		set := bson.D{{Key: "name", Value: w.Name}, {Key: "version", Value: w.Version}}
		return mongodb.UpdateVersion(ctx, s.db.Collection(names), w.PersonID, w.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
	}
	w.Pending = b.Pending()
	_, err := s.db.Collection(names).InsertOne(ctx, w)
	if mongodb.IsDuplicate(err) {
		return fault.VersionConflict()
	}
	return mongodb.Translate("insert name on certificates", err)
}
