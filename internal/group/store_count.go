package group

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// counts are the groups after an id, with their numbers of members.
func (s store) counts(ctx context.Context, after string) ([]*Group, error) {
	return mongodb.All[*Group](ctx, "find counts of groups", s.db.Collection(groups), bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(repairPage).SetProjection(bson.D{{Key: "memberCount", Value: 1}, {Key: "leaderIds", Value: 1}}))
}

// countState is how many memberships of a group are in a state.
func (s store) countState(ctx context.Context, groupID string, state MembershipState) (int, error) {
	n, err := s.db.Collection(memberships).CountDocuments(ctx, append(bson.D{{Key: "groupId", Value: groupID}, {Key: "state", Value: state}}, seenByAll))
	return int(n), mongodb.Translate("count memberships of group", err)
}

// countMembers counts the active members of groups. The numbers are no picture of one moment.
func (s store) countMembers(ctx context.Context, list []*Group) (map[string]int, error) {
	ids := make([]string, len(list))
	for i, g := range list {
		ids[i] = g.ID
	}
	sums, err := mongodb.Sums[struct {
		ID string `bson:"_id"`
		N  int    `bson:"n"`
	}](ctx, "count members", s.db.Collection(memberships), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "groupId", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: StateActive}}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$groupId"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, err
	}
	found := make(map[string]int, len(sums))
	for _, sum := range sums {
		found[sum.ID] = sum.N
	}
	return found, nil
}

// recount counts the active members of a group. It walks the memberships by their ids, which
// never change, so that it sees each of them once.
func (s store) recount(ctx context.Context, groupID string) (n int, underWay bool, err error) {
	for after := groupID + ":"; ; {
		list, err := mongodb.All[*Membership](ctx, "recount members", s.db.Collection(memberships),
			bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}, {Key: "$lt", Value: groupID + ";"}}}, {Key: "groupId", Value: groupID}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(repairPage).SetProjection(bson.D{{Key: "state", Value: 1}, {Key: "due", Value: 1}}))
		if err != nil {
			return 0, false, err
		}
		for _, m := range list {
			underWay = underWay || len(m.Due) > 0
			if m.State == StateActive {
				n++
			}
		}
		if len(list) < repairPage {
			return n, underWay, nil
		}
		after = list[len(list)-1].ID
	}
}

// mendCount sets the number of members. ok is false if it has changed since the group was read.
func (s store) mendCount(ctx context.Context, g *Group, n int) (ok bool, err error) {
	res, err := s.db.Collection(groups).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: g.ID}, mongodb.AtVersion("countVersion", g.CountVersion), {Key: "due.0", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "memberCount", Value: n}}}, {Key: "$inc", Value: bson.D{{Key: "countVersion", Value: 1}}}})
	if err != nil {
		return false, mongodb.Translate("mend count", err)
	}
	return res.MatchedCount == 1, nil
}

// leading are the people whose memberships say that they lead, by group.
func (s store) leading(ctx context.Context, list []*Group) (map[string][]string, error) {
	ids := make([]string, len(list))
	for i, g := range list {
		ids[i] = g.ID
	}
	found, err := mongodb.All[*Membership](ctx, "find who leads", s.memberships().Collection,
		bson.D{{Key: "groupId", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "state", Value: StateActive}, {Key: "roles.key", Value: RoleLeader}},
		options.Find().SetProjection(bson.D{{Key: "groupId", Value: 1}, {Key: "personId", Value: 1}}))
	people := map[string][]string{}
	for _, m := range found {
		people[m.GroupID] = append(people[m.GroupID], m.PersonID)
	}
	return people, err
}
