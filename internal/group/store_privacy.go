package group

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// erasePage is how many links one call removes a person from.
const erasePage = 500

func (s store) ledBy(ctx context.Context, personID string, except []string, limit int) ([]*Group, error) {
	return mongodb.All[*Group](ctx, "groups of a leader", s.db.Collection(groups), mongodb.Except(bson.D{{Key: "leaderIds", Value: personID}}, except),
		options.Find().SetLimit(int64(limit)).SetProjection(bson.D{{Key: "_id", Value: 1}}))
}

func (s store) walkLed(personID string) mongodb.Walk[Group] {
	return mongodb.Walk[Group]{Op: "walk groups of a leader", Collection: s.db.Collection(groups), Filter: bson.D{{Key: "leaderIds", Value: personID}},
		SortKey: "_id", Position: func(g *Group) (any, string) { return nil, g.ID }}
}

func (s store) membershipsOf(ctx context.Context, personID string, except []string, limit int) ([]*Membership, error) {
	return mongodb.All[*Membership](ctx, "memberships of a person", s.db.Collection(memberships), mongodb.Except(bson.D{{Key: "personId", Value: personID}}, except),
		options.Find().SetLimit(int64(limit)))
}

func (s store) walkMemberships(personID string) mongodb.Walk[Membership] {
	return mongodb.Walk[Membership]{Op: "walk memberships of a person", Collection: s.db.Collection(memberships), Filter: bson.D{{Key: "personId", Value: personID}},
		SortKey: "state", Position: func(m *Membership) (any, string) { return m.State, m.ID }}
}

// forgetCountedOf removes the membership's id, which names the person, from the marks of its group. That it
// was counted stays.
func (s store) forgetCountedOf(ctx context.Context, m *Membership) error {
	g, err := s.get(ctx, m.GroupID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	unname := g.Counted.Unname("counted", m.ID)
	if unname == nil {
		return nil
	}
	_, err = s.db.Collection(groups).UpdateOne(ctx, bson.D{{Key: "_id", Value: g.ID}}, unname)
	return mongodb.Translate("forget whose membership was counted", err)
}

// removeMembership removes a membership. Returns VERSION_CONFLICT if it has changed since it was read, or has
// effects left.
func (s store) removeMembership(ctx context.Context, m *Membership) error {
	res, err := s.memberships().DeleteOne(ctx,
		append(s.memberships().One(m.ID), bson.E{Key: "version", Value: m.Version}, bson.E{Key: "due.0", Value: bson.D{{Key: "$exists", Value: false}}}))
	if err != nil {
		return mongodb.Translate("remove membership", err)
	}
	if res.DeletedCount == 0 {
		return fault.VersionConflict()
	}
	return nil
}

// decidedBy are memberships whose history names a person.
func (s store) decidedBy(ctx context.Context, personID string, except []string, limit int) ([]*Membership, error) {
	return mongodb.All[*Membership](ctx, "memberships that a person decided about", s.db.Collection(memberships),
		mongodb.Except(bson.D{{Key: "history.by", Value: personID}}, except), options.Find().SetLimit(int64(limit)))
}

func (s store) walkDecided(personID string) mongodb.Walk[Membership] {
	return mongodb.Walk[Membership]{Op: "walk decisions of a person", Collection: s.db.Collection(memberships), Filter: bson.D{{Key: "history.by", Value: personID}},
		SortKey: "_id", Position: func(m *Membership) (any, string) { return nil, m.ID }}
}

// forgetDecider removes a person from the history of another person's membership, if it has not changed since
// it was read. The version stays, since nothing has changed that copies have. A write at the same time that
// is based on the old history brings the person back, so an erasure looks again later.
func (s store) forgetDecider(ctx context.Context, m *Membership, personID string) error {
	history := slices.Clone(m.History)
	for i := range history {
		if history[i].By == personID {
			history[i].By = ""
		}
	}
	_, err := s.memberships().UpdateOne(ctx, append(s.memberships().One(m.ID), bson.E{Key: "version", Value: m.Version}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "history", Value: history}}}})
	return mongodb.Translate("forget who decided", err)
}

// removeLinksOf removes the invitation links that a person made, which let nobody in any more.
func (s store) removeLinksOf(ctx context.Context, personID string) (left bool, err error) {
	ids, err := s.linksWhere(ctx, bson.D{{Key: "createdBy", Value: personID}})
	if err != nil || len(ids) == 0 {
		return false, err
	}
	_, err = s.db.Collection(links).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return len(ids) == erasePage, mongodb.Translate("remove a person's invitation links", err)
}

// forgetUse replaces the person by a number in the links by which they have joined.
func (s store) forgetUse(ctx context.Context, personID string) (left bool, err error) {
	used := bson.E{Key: "usedBy", Value: personID}
	ids, err := s.linksWhere(ctx, bson.D{used})
	if err != nil || len(ids) == 0 {
		return false, err
	}
	_, err = s.db.Collection(links).UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, used},
		bson.D{{Key: "$pull", Value: bson.D{used}}, {Key: "$inc", Value: bson.D{{Key: "usedByErased", Value: 1}}}})
	return len(ids) == erasePage, mongodb.Translate("forget who has used links", err)
}

func (s store) linksWhere(ctx context.Context, filter bson.D) ([]string, error) {
	list, err := mongodb.All[Link](ctx, "links of a person", s.db.Collection(links), filter,
		options.Find().SetLimit(erasePage).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	ids := make([]string, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	return ids, err
}

func (s store) walkLinks(personID string) mongodb.Walk[Link] {
	return mongodb.Walk[Link]{Op: "walk links of a person", Collection: s.db.Collection(links), Filter: bson.D{{Key: "createdBy", Value: personID}},
		SortKey: "groupId", Position: func(l *Link) (any, string) { return l.GroupID, l.ID }}
}

func (s store) walkUsedLinks(personID string) mongodb.Walk[Link] {
	return mongodb.Walk[Link]{Op: "walk used links", Collection: s.db.Collection(links), Filter: bson.D{{Key: "usedBy", Value: personID}},
		SortKey: "_id", Position: func(l *Link) (any, string) { return nil, l.ID }}
}
