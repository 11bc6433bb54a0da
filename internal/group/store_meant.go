package group

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// meantGroups are the cards of the open groups whose members can be meant, by id. They are few beside their members.
func (s store) meantGroups(ctx context.Context, m Meant) (map[string]Card, error) {
	var facets []string
	for _, areaID := range m.AreaIDs { // an area has fewer groups than a kind
		facets = append(facets, areaFacet(areaID))
	}
	for _, k := range m.kinds() {
		if len(m.AreaIDs) == 0 {
			facets = append(facets, kindFacet(k))
		}
	}
	list, err := mongodb.All[*Group](ctx, "groups that are meant", s.db.Collection(groups), bson.D{{Key: "facets", Value: bson.D{{Key: "$in", Value: facets}}}},
		options.Find().SetProjection(bson.D{{Key: "name", Value: 1}, {Key: "renamed", Value: 1}, {Key: "kind", Value: 1}, {Key: "archivedAt", Value: 1}}))
	cards := make(map[string]Card, len(list))
	for _, g := range list {
		if !g.isArchived() && slices.Contains(m.kinds(), g.Kind) {
			cards[g.ID] = g.Card()
		}
	}
	return cards, err
}

// membersOf are active members of these groups, in the order of the people's ids, up to limit that come after a given one;
// with keys only those who hold one of these roles.
func (s store) membersOf(ctx context.Context, groupIDs, keys []string, after string, limit int) ([]*Membership, error) {
	filter := bson.D{{Key: "groupId", Value: bson.D{{Key: "$in", Value: groupIDs}}}, {Key: "state", Value: StateActive}}
	if keys != nil {
		filter = append(filter, bson.E{Key: "roles.key", Value: bson.D{{Key: "$in", Value: keys}}})
	}
	filter = append(filter, bson.E{Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}})
	return s.expireAll(mongodb.All[*Membership](ctx, "walk members of groups", s.db.Collection(memberships), filter,
		options.Find().SetSort(mongodb.KeysetSort("personId", false)).SetLimit(int64(limit)).
			SetProjection(bson.D{{Key: "groupId", Value: 1}, {Key: "personId", Value: 1}, {Key: "state", Value: 1}, {Key: "roles", Value: 1}})))
}
