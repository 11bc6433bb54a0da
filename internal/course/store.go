package course

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule/herald"
)

const courses = "courses"

type store struct{ db *mongodb.DB }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: courses, Keys: bson.D{{Key: "state", Value: 1}, {Key: "startsAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "endsAt", Value: 1}}},
		{Collection: courses, Keys: bson.D{{Key: "facets", Value: 1}, {Key: "state", Value: 1}, {Key: "startsAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "endsAt", Value: 1}}},
		{Collection: courses, Keys: bson.D{{Key: "teaching", Value: 1}, {Key: "_id", Value: 1}}},
	}
}

func (s store) get(ctx context.Context, courseID string) (*Course, error) {
	c, err := mongodb.Get[Course](ctx, "get course", s.db.Collection(courses), courseID)
	if err == nil {
		c.linkSessions()
	}
	return c, err
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Course, error) {
	found, err := mongodb.ByIDs(ctx, "find courses", s.db.Collection(courses), ids, func(c *Course) string { return c.ID })
	for _, c := range found {
		c.linkSessions()
	}
	return found, err
}

// list are courses in a state that have ended, latest first, or have not, soonest first, or all drafts;
// unpublished says whether to include those that were never published.
func (s store) list(ctx context.Context, f Filter, terms []string, unpublished bool, k page.Keyset) ([]*Course, error) {
	filter := bson.D{{Key: "state", Value: *f.State}}
	switch {
	case f.areOver():
		filter = append(filter, bson.E{Key: "endsAt", Value: bson.D{{Key: "$lte", Value: s.db.Now()}}})
	case f.HasEnded != nil || *f.State != StateDraft: // a draft whose sessions have passed can be given others
		filter = append(filter, bson.E{Key: "endsAt", Value: bson.D{{Key: "$gt", Value: s.db.Now()}}})
	}
	if !unpublished && *f.State == StateCancelled {
		filter = append(filter, bson.E{Key: "publishedAt", Value: bson.D{{Key: "$ne", Value: nil}}})
	}
	facets := terms
	if f.SkillID != nil {
		facets = append(facets, skillFacet(*f.SkillID))
	}
	var facetFilters bson.A
	if len(facets) > 0 {
		facetFilters = append(facetFilters, bson.D{{Key: "facets", Value: bson.D{{Key: "$all", Value: facets}}}})
	}
	if f.AreaID != nil {
		either := bson.A{areaFacet(*f.AreaID), areaFacet(everyArea)}
		facetFilters = append(facetFilters, bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: either}}}})
	}
	if len(facetFilters) > 0 {
		filter = append(filter, bson.E{Key: "$and", Value: facetFilters})
	}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("startsAt", f.areOver(), k.Time(), k.ID)...)
	}
	list, err := mongodb.All[*Course](ctx, "list courses", s.db.Collection(courses), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", f.areOver())).SetLimit(int64(k.Limit)))
	for _, c := range list {
		c.linkSessions()
	}
	return list, err
}

// ofArea are the courses of a span, in the order of their starts.
func (s store) ofArea(ctx context.Context, in span, k page.Keyset) ([]*Course, error) {
	filter := bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: bson.A{areaFacet(in.AreaID), areaFacet(everyArea)}}}},
		{Key: "state", Value: bson.D{{Key: "$in", Value: in.States}}}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: in.From}}}}
	if in.To != nil {
		filter = append(filter, bson.E{Key: "startsAt", Value: bson.D{{Key: "$lt", Value: *in.To}}})
	}
	if !k.IsStart() {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, k.Time(), k.ID)}})
	}
	list, err := mongodb.All[*Course](ctx, "courses of an area", s.db.Collection(courses), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(k.Limit)))
	for _, c := range list {
		c.linkSessions()
	}
	return list, err
}

// meantFor are published courses that have not begun and have one of these facets, soonest first.
func (s store) meantFor(ctx context.Context, facets []string, limit int64) ([]*Course, error) {
	filter := bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: facets}}}, {Key: "state", Value: StatePublished},
		{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: s.db.Now()}}}}
	list, err := mongodb.All[*Course](ctx, "courses that are meant for somebody", s.db.Collection(courses), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(limit))
	for _, c := range list {
		c.linkSessions()
	}
	return list, err
}

func (s store) insert(ctx context.Context, c *Course) error {
	_, err := s.db.Collection(courses).InsertOne(ctx, c)
	return mongodb.Translate("insert course", err)
}

// fields are the rules as they are written.
func (r *Rules) fields() bson.D {
	return bson.D{{Key: "groupKinds", Value: r.GroupKinds}, {Key: "groupRoles", Value: r.GroupRoles}, {Key: "prerequisiteSkillIds", Value: r.PrerequisiteSkillIDs},
		{Key: "materials", Value: r.Links}, {Key: "completion", Value: r.Rule}, {Key: "givesCertificate", Value: r.GivesCertificate},
		{Key: "minimum", Value: r.Minimum}, {Key: "decideBy", Value: r.DecideBy}, {Key: "standing", Value: r.Standing}}
}

// update writes the fields that staff can change, if the stored version is the one before.
// Package booking writes the seats.
func (s store) update(ctx context.Context, c *Course, b outbox.Batch) error {
	set := bson.D{
		{Key: "title", Value: c.Titles}, {Key: "description", Value: c.Descriptions}, {Key: "state", Value: c.State},
		{Key: "skillIds", Value: c.SkillIDs}, {Key: "areaIds", Value: c.AreaIDs}, {Key: "sessions", Value: c.Sessions}, {Key: "sessionSeq", Value: c.SessionSeq},
		{Key: "startsAt", Value: c.StartsAt}, {Key: "endsAt", Value: c.EndsAt}, {Key: "cancelReason", Value: c.CancelReason},
		{Key: "facets", Value: c.Facets}, {Key: "offsets", Value: c.Offsets}, {Key: "version", Value: c.Version},
		{Key: "publishedAt", Value: c.PublishedAt}, {Key: "headStartEndsAt", Value: c.HeadStartEndsAt}, {Key: "firstNews", Value: c.FirstNews}, {Key: "completedIn", Value: c.CompletedIn}, {Key: "undoneReason", Value: c.UndoneReason}, {Key: "asked", Value: c.Asked}, {Key: "startVersion", Value: c.StartVersion}, {Key: "changedAt", Value: c.ChangedAt},
		{Key: "teacherIds", Value: c.TeacherIDs}, {Key: "teaching", Value: c.Teaching},
	}
	set = append(set, c.Rules.fields()...)
	set = append(set, herald.TellingFields(&c.Telling, c.Version)...)
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "version", Value: c.Version - 1}}
	for _, sessionID := range c.unattended { // somebody may have attended it since it was read
		filter = append(filter, bson.E{Key: "rollCalls." + sessionID + ".people", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gt", Value: 0}}}}})
	}
	res, err := s.db.Collection(courses).UpdateOne(ctx, filter, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.VersionConflict()
	}
	return mongodb.Translate("update course", err)
}
