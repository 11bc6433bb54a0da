package person

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// keptFields are the fields that stay in the document of an erased person. The uid is removed last, since
// the sign-in is found by it. Effects of earlier writes stay until they have run.
var keptFields = []string{"_id", "createdAt", "erasedAt", "version", "uid", "effects", "due"}

// personalFields are the fields of this version of the program that are removed, whether or not a document
// has them now.
var personalFields = []string{"displayName", "nameKey", "nameTerms", "workEmail", "workPhone", "language", "homeAreaId", "roles", "interests", "skillsWanted", "admin", "capabilities", "groups",
	"skills", "saidSkills", "skillsTaught", "skillsVisibleTo", "skillsVersion", "bannedAt", "disabledAt", "contactKeys", "contactsAsOf"}

// alive is a filter for a person who has not been erased, so that late writes write nothing.
func alive(personID string) bson.D {
	return bson.D{{Key: "_id", Value: personID}, {Key: "erasedAt", Value: bson.D{{Key: "$exists", Value: false}}}}
}

func (s store) raw(ctx context.Context, personID string) (bson.Raw, error) {
	raw, err := s.db.Collection(collection).FindOne(ctx, bson.D{{Key: "_id", Value: personID}}).Raw()
	return raw, mongodb.Translate("get person", err)
}

// fields are the names of the fields to remove: those that this version knows, and those that a newer one
// has added.
func (s store) fields(ctx context.Context, personID string) ([]string, error) {
	raw, err := s.raw(ctx, personID)
	if err != nil {
		return nil, err
	}
	names, err := mongodb.Fields(raw, keptFields...)
	names = append(names, personalFields...)
	slices.Sort(names)
	return slices.Compact(names), err
}

// record is the document of a person in their export.
func (s store) record(ctx context.Context, personID string) (map[string]any, error) {
	raw, err := s.raw(ctx, personID)
	if err != nil {
		return nil, err
	}
	return mongodb.Record(raw, "effects", "due")
}

func without(fields []string) bson.D {
	gone := make(bson.D, len(fields))
	for i, field := range fields {
		gone[i] = bson.E{Key: field, Value: ""}
	}
	return gone
}

// empty erases the person. Returns NotFound if they have been erased already.
func (s store) empty(ctx context.Context, personID string, fields []string, b outbox.Batch) error {
	defer auth.Changed(ctx, personID)
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "erasedAt", Value: s.db.Now()}}},
		{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}, {Key: "$unset", Value: without(fields)}}
	res, err := s.update(ctx, personID, alive(personID), outbox.Stamp(update, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("person.not_found")
	}
	return mongodb.Translate("empty person", err)
}

// sweepOut removes fields that an older version of the program may have written into the document of an
// erased person.
func (s store) sweepOut(ctx context.Context, personID string) error {
	raw, err := s.raw(ctx, personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	fields, err := mongodb.Fields(raw, keptFields...)
	if err != nil || len(fields) == 0 {
		return err
	}
	_, err = s.update(ctx, personID,
		bson.D{{Key: "_id", Value: personID}, {Key: "erasedAt", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "$unset", Value: without(fields)}})
	return mongodb.Translate("empty person", err)
}

func (s store) forgetUID(ctx context.Context, personID string) error {
	_, err := s.update(ctx, personID,
		bson.D{{Key: "_id", Value: personID}, {Key: "erasedAt", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "uid", Value: ""}}}})
	return mongodb.Translate("forget uid", err)
}
