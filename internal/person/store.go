package person

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const (
	collection = "persons"
	signIns    = "sign_ins"
	offices    = "offices"
)

type store struct {
	db   *mongodb.DB
	kept *kept
}

// write is how the document of a person is written: every write to the collection goes through it, so that nobody
// is kept as they were before.
func (s store) write(personID string, do func(people *mongo.Collection) error) error {
	defer s.kept.write(personID)()
	return do(s.db.Collection(collection))
}

func (s store) update(ctx context.Context, personID string, filter, update bson.D) (res *mongo.UpdateResult, err error) {
	err = s.write(personID, func(people *mongo.Collection) error {
		res, err = people.UpdateOne(ctx, filter, update)
		return err
	})
	return res, err
}

func (s store) updateVersion(ctx context.Context, personID string, oldVersion int, update bson.D) error {
	return s.write(personID, func(people *mongo.Collection) error {
		return mongodb.UpdateVersion(ctx, people, personID, oldVersion, update)
	})
}

// indexes are the collections' indexes. On a sharded cluster the shard key of persons and
// sign_ins is {_id: hashed}. The id of a sign-in is derived from the uid, so no other index
// has to be unique. The collection offices has one document.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "homeAreaId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "skillsWanted", Value: 1}, {Key: "_id", Value: 1}}, Having: "skillsWanted"},
		{Collection: collection, Keys: bson.D{{Key: "homeAreaId", Value: 1}, {Key: "skillsWanted", Value: 1}}, Having: "skillsWanted"},
		{Collection: collection, Keys: bson.D{{Key: "nameKey", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "nameTerms", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "contactKeys", Value: 1}, {Key: "_id", Value: 1}}, Having: "contactKeys"},
		// Few people hold an office, and the others cost these indexes nothing.
		{Collection: collection, Keys: bson.D{{Key: "roles", Value: 1}}, Sparse: true},
		{Collection: collection, Keys: bson.D{{Key: "capabilities.capability", Value: 1}}, Sparse: true},
	}
}

func (s store) insert(ctx context.Context, p *Person) error {
	err := s.write(p.ID, func(people *mongo.Collection) error {
		_, err := people.InsertOne(ctx, p)
		return err
	})
	return mongodb.Translate("insert person", err)
}

func (s store) signIn(ctx context.Context, signInID string) (*SignIn, error) {
	return mongodb.Get[SignIn](ctx, "get sign-in", s.db.Collection(signIns), signInID)
}

func (s store) signInsByIDs(ctx context.Context, signInIDs []string) (map[string]*SignIn, error) {
	return mongodb.ByIDs(ctx, "find sign-ins", s.db.Collection(signIns), signInIDs, func(in *SignIn) string { return in.ID })
}

func (s store) insertSignIn(ctx context.Context, in *SignIn) error {
	_, err := s.db.Collection(signIns).InsertOne(ctx, in)
	return mongodb.Translate("insert sign-in", err)
}

// removeSignIn removes a person's sign-in, unless it leads to another person by now.
func (s store) removeSignIn(ctx context.Context, signInID, personID string) error {
	_, err := s.db.Collection(signIns).DeleteOne(ctx, bson.D{{Key: "_id", Value: signInID}, {Key: "personId", Value: personID}})
	return mongodb.Translate("remove sign-in", err)
}

func (s store) get(ctx context.Context, personID string) (*Person, error) {
	return mongodb.Get[Person](ctx, "get person", s.db.Collection(collection), personID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Person, error) {
	return mongodb.ByIDs(ctx, "find people", s.db.Collection(collection), ids, func(p *Person) string { return p.ID })
}

// salvage reads the people with those ids as far as their documents can be read.
func (s store) salvage(ctx context.Context, ids []string) (people map[string]*Person, damaged, err error) {
	return mongodb.SalvageByIDs(ctx, "find people", s.db.Collection(collection), ids, func(p *Person) string { return p.ID })
}

// setProfile writes what people say of themselves. Returns VERSION_CONFLICT if the person has
// changed since that version, or has been erased.
func (s store) setProfile(ctx context.Context, p *Person, oldVersion int, b outbox.Batch) error {
	defer auth.Changed(ctx, p.ID)
	set := bson.D{{Key: "displayName", Value: p.DisplayName}, {Key: "nameKey", Value: p.NameKey},
		{Key: "nameTerms", Value: p.NameTerms}, {Key: "workEmail", Value: p.OwnWorkEmail}, {Key: "workPhone", Value: p.OwnWorkPhone}, {Key: "language", Value: p.OwnLanguage},
		{Key: "homeAreaId", Value: p.OwnHomeAreaID}, {Key: "interests", Value: p.OwnInterests},
		{Key: "skillsWanted", Value: p.OwnSkillsWanted}, {Key: "version", Value: p.Version}}
	return s.updateVersion(ctx, p.ID, oldVersion, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

func (s store) setOffice(ctx context.Context, p *Person, oldVersion int, b outbox.Batch) error {
	defer auth.Changed(ctx, p.ID)
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "roles", Value: p.OwnRoles}, {Key: "capabilities", Value: p.OwnCapabilities},
		{Key: "version", Value: p.Version}}}}
	return s.updateVersion(ctx, p.ID, oldVersion, outbox.Stamp(update, b))
}

// touch writes effects, and nothing else but the version.
func (s store) touch(ctx context.Context, p *Person, oldVersion int, b outbox.Batch) error {
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: p.Version}}}}
	return s.updateVersion(ctx, p.ID, oldVersion, outbox.Stamp(update, b))
}

// admins reads who the admins are: nobody, in version 0, before there is a first one.
func (s store) admins(ctx context.Context) (*admins, error) {
	list, err := mongodb.Get[admins](ctx, "get admins", s.db.Collection(offices), adminsID)
	if fault.Is(err, fault.KindNotFound) {
		return &admins{ID: adminsID}, nil
	}
	return list, err
}

// putAdmins writes who the admins are. Returns VERSION_CONFLICT if another call was quicker.
func (s store) putAdmins(ctx context.Context, list *admins, oldVersion int, b outbox.Batch) error {
	if oldVersion > 0 {
		update := bson.D{{Key: "$set", Value: bson.D{{Key: "personIds", Value: list.PersonIDs}, {Key: "version", Value: list.Version}}}}
		return mongodb.UpdateVersion(ctx, s.db.Collection(offices), list.ID, oldVersion, outbox.Stamp(update, b))
	}
	list.Pending = b.Pending()
	_, err := s.db.Collection(offices).InsertOne(ctx, list)
	if mongodb.IsDuplicate(err) {
		return fault.VersionConflict()
	}
	return mongodb.Translate("put admins", err)
}

func (s store) copyAdmin(ctx context.Context, personID string, c AdminCopy) error {
	defer auth.Changed(ctx, personID)
	_, err := s.update(ctx, personID,
		append(alive(personID), bson.E{Key: "admin.version", Value: olderThan(c.Version)}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "admin", Value: c}}}})
	return mongodb.Translate("copy admin", err)
}

// olderThan is the condition that a version is below the given one or missing.
func olderThan(version int) bson.D {
	return bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: version}}}}
}

// copyMembership writes a copy and returns the person with it. Returns NotFound if there is a
// newer copy, or no such person.
func (s store) copyMembership(ctx context.Context, personID, groupID string, c GroupCopy) (p *Person, err error) {
	defer auth.Changed(ctx, personID)
	path := "groups." + groupID
	err = s.write(personID, func(people *mongo.Collection) error {
		p, err = mongodb.One[Person]("copy membership", people.FindOneAndUpdate(ctx,
			append(alive(personID), bson.E{Key: path + ".version", Value: olderThan(c.Version)}),
			bson.D{{Key: "$set", Value: bson.D{{Key: path, Value: c}}}}, options.FindOneAndUpdate().SetReturnDocument(options.After)))
		return err
	})
	return p, err
}

// forgetCopies removes copies that have the given versions.
func (s store) forgetCopies(ctx context.Context, personID string, versions map[string]int) error {
	defer auth.Changed(ctx, personID)
	filter, gone := bson.D{{Key: "_id", Value: personID}}, bson.D{}
	for groupID, version := range versions {
		filter = append(filter, bson.E{Key: "groups." + groupID + ".version", Value: version})
		gone = append(gone, bson.E{Key: "groups." + groupID, Value: ""})
	}
	_, err := s.update(ctx, personID, filter, bson.D{{Key: "$unset", Value: gone}})
	return mongodb.Translate("forget copies of memberships", err)
}

func (s store) everybody(ctx context.Context, after string, limit int) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "find everybody", s.db.Collection(collection),
		bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
}

// withRoles are the people with one of these roles, which ADMIN is not among.
func (s store) withRoles(ctx context.Context, roles []auth.Role) ([]*Person, error) {
	if len(roles) == 0 {
		return nil, nil
	}
	return mongodb.All[*Person](ctx, "find who holds a role", s.db.Collection(collection),
		bson.D{{Key: "roles", Value: bson.D{{Key: "$in", Value: roles}}}})
}

// withCapability are the people to whom a capability was granted by itself, also those whose grant has ended.
func (s store) withCapability(ctx context.Context, c auth.Capability) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "find who has a capability", s.db.Collection(collection), bson.D{{Key: "capabilities.capability", Value: c}})
}

func (s store) audience(ctx context.Context, field string, values []string, after string, limit int) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "find audience", s.db.Collection(collection),
		bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values}}}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
}
