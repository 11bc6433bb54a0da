package group

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

const (
	groups      = "groups"
	memberships = "group_memberships"
)

// byGroup is the field of memberships with the group they lie with. Their ids begin with it.
const byGroup = "groupId"

type store struct{ db *mongodb.DB }

func (s store) memberships() mongodb.Owned { return s.db.Owned(memberships, byGroup) }

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	return append(append(linkIndexes(), contactIndexes()...), []mongodb.Index{
		{Collection: groups, Keys: bson.D{{Key: "listing", Value: 1}, {Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: groups, Keys: bson.D{{Key: "facets", Value: 1}, {Key: "listing", Value: 1}, {Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: groups, Keys: bson.D{{Key: "nameKey", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: groups, Keys: bson.D{{Key: "leaderIds", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: memberships, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "state", Value: 1}, {Key: "since", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: memberships, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "state", Value: 1}, {Key: "personId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: memberships, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "state", Value: 1}, {Key: "roles.key", Value: 1}, {Key: "personId", Value: 1}, {Key: "_id", Value: 1}}, Having: "roles.key"},
		{Collection: memberships, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "skills", Value: 1}, {Key: "state", Value: 1}, {Key: "since", Value: 1}, {Key: "_id", Value: 1}}, Having: "skills"},
		{Collection: memberships, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "state", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: memberships, Keys: bson.D{{Key: "history.by", Value: 1}, {Key: "_id", Value: 1}}},
	}...)
}

func (s store) get(ctx context.Context, groupID string) (*Group, error) {
	return mongodb.Get[Group](ctx, "get group", s.db.Collection(groups), groupID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Group, error) {
	return mongodb.ByIDs(ctx, "find groups", s.db.Collection(groups), ids, func(g *Group) string { return g.ID })
}

func (s store) list(ctx context.Context, facets, listings []string, k page.Keyset) ([]*Group, error) {
	filter := bson.D{{Key: "listing", Value: bson.D{{Key: "$in", Value: listings}}}}
	if len(facets) > 0 {
		filter = append(filter, bson.E{Key: "facets", Value: bson.D{{Key: "$all", Value: facets}}})
	}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("sortName", false, k.Key, k.ID)...)
	}
	return mongodb.All[*Group](ctx, "list groups", s.db.Collection(groups), filter,
		options.Find().SetSort(mongodb.KeysetSort("sortName", false)).SetLimit(int64(k.Limit)))
}

// hidden are the ids of the hidden groups of a kind.
func (s store) hidden(ctx context.Context, k Kind) ([]string, error) {
	list, err := mongodb.All[Group](ctx, "find hidden groups", s.db.Collection(groups),
		bson.D{{Key: "facets", Value: kindFacet(k)}, {Key: "listing", Value: bson.D{{Key: "$gt", Value: Everyone}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	ids := make([]string, len(list))
	for i, g := range list {
		ids[i] = g.ID
	}
	return ids, err
}

func (s store) insert(ctx context.Context, g *Group) error {
	_, err := s.db.Collection(groups).InsertOne(ctx, g)
	return mongodb.Translate("insert group", err)
}

// update writes the fields that can be edited, if the stored version is the one before.
func (s store) update(ctx context.Context, g *Group, b outbox.Batch) error {
	set := bson.D{
		{Key: "name", Value: g.Name}, {Key: "sortName", Value: g.SortName}, {Key: "nameKey", Value: g.NameKey}, {Key: "renamed", Value: g.Renamed}, {Key: "description", Value: g.Description},
		{Key: "areaId", Value: g.AreaID}, {Key: "visibility", Value: g.Visibility}, {Key: "joinPolicy", Value: g.JoinPolicy}, {Key: "listing", Value: g.Listing},
		{Key: "facets", Value: g.Facets}, {Key: "version", Value: g.Version},
		{Key: "archivedAt", Value: g.ArchivedAt}, {Key: "deletesAt", Value: g.DeletesAt},
	}
	return mongodb.UpdateVersion(ctx, s.db.Collection(groups), g.ID, g.Version-1,
		outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// countedKept is how long the mark of a counted change is kept at least.
const countedKept = 10 * time.Minute

// count adds to a group's member count, once per effect.
func (s *Service) count(ctx context.Context, call outbox.Call, a countArgs) error {
	c := outbox.Counter{Doc: outbox.Ref{Collection: groups, ID: a.GroupID}, Marks: "counted", Kept: countedKept}
	return s.Outbox.CountOnce(ctx, call, c, bson.D{{Key: "memberCount", Value: a.Delta}, {Key: "countVersion", Value: 1}})
}

// writeRole writes a role of the group's own, or removes it if r is nil. Returns
// VERSION_CONFLICT if the roles are no longer those that were read.
func (s store) writeRole(ctx context.Context, g *Group, key string, r *OwnRole, b outbox.Batch) error {
	change := bson.E{Key: "$unset", Value: bson.D{{Key: "roles." + key, Value: ""}}}
	if r != nil {
		change = bson.E{Key: "$set", Value: bson.D{{Key: "roles." + key, Value: r}}}
	}
	res, err := s.db.Collection(groups).UpdateOne(ctx, bson.D{{Key: "_id", Value: g.ID}, {Key: "rolesVersion", Value: g.RolesVersion}},
		outbox.Stamp(bson.D{change, {Key: "$max", Value: bson.D{{Key: "inviteLostAsOf", Value: g.InviteLostAsOf}}},
			{Key: "$inc", Value: bson.D{{Key: "rolesVersion", Value: 1}}}}, b))
	if err != nil {
		return mongodb.Translate("write role", err)
	}
	if res.MatchedCount == 0 {
		return fault.VersionConflict()
	}
	return nil
}

// membership reads a membership, without the roles that have ended.
func (s store) membership(ctx context.Context, groupID, personID string) (*Membership, error) {
	m, err := s.stored(ctx, groupID, personID)
	if err != nil {
		return nil, err
	}
	return s.expire(m), nil
}

// stored reads a membership as it was written, with roles that have ended since.
func (s store) stored(ctx context.Context, groupID, personID string) (*Membership, error) {
	return mongodb.GetOwned[Membership](ctx, "get membership", s.memberships(), id.Pair(groupID, personID))
}

// expire drops the roles whose time has passed.
func (s store) expire(m *Membership) *Membership {
	now := s.db.Now()
	m.lapse(now, func(h Holding) bool { return h.isOver(now) })
	return m
}

func (s store) expireAll(list []*Membership, err error) ([]*Membership, error) {
	for _, m := range list {
		s.expire(m)
	}
	return list, err
}

func (s store) insertMembership(ctx context.Context, m *Membership) error {
	_, err := s.db.Collection(memberships).InsertOne(ctx, m)
	return mongodb.Translate("insert membership", err)
}

// updateMembership writes a membership if the stored version is the one before.
func (s store) updateMembership(ctx context.Context, m *Membership, b outbox.Batch) error {
	set := bson.D{
		{Key: "state", Value: m.State}, {Key: "roles", Value: m.Holds}, {Key: "rolesAsOf", Value: m.RolesAsOf}, {Key: "level", Value: m.Level},
		{Key: "since", Value: m.Since}, {Key: "history", Value: m.History}, {Key: "keptOutAt", Value: m.KeptOutAt},
		{Key: "byContact", Value: m.ByContact}, {Key: "told", Value: m.Told}, {Key: "version", Value: m.Version},
	}
	update := bson.D{{Key: "$set", Value: set}}
	if m.State != StateActive { // nobody finds who is not a member; a member's skills are copied by themselves
		update = append(update, bson.E{Key: "$unset", Value: bson.D{{Key: "skills", Value: ""}, {Key: "skillsAsOf", Value: ""}}})
	}
	return s.memberships().UpdateVersion(ctx, m.ID, m.Version-1, outbox.Stamp(update, b))
}

// seenByAll leaves out who was invited by a contact and has not joined, of whom only they know.
var seenByAll = bson.E{Key: "byContact", Value: bson.D{{Key: "$ne", Value: true}}}

func (s store) byGroup(ctx context.Context, groupID string, state MembershipState, k page.Keyset) ([]*Membership, error) {
	filter := append(bson.D{{Key: "groupId", Value: groupID}, {Key: "state", Value: state}}, seenByAll)
	if !k.IsStart() {
		filter = append(filter, mongodb.After("since", false, k.Time(), k.ID)...)
	}
	return s.expireAll(mongodb.All[*Membership](ctx, "list memberships of group", s.db.Collection(memberships), filter,
		options.Find().SetSort(mongodb.KeysetSort("since", false)).SetLimit(int64(k.Limit))))
}

func (s store) byPerson(ctx context.Context, personID string, k page.Keyset) ([]*Membership, error) {
	filter := bson.D{{Key: "personId", Value: personID},
		{Key: "state", Value: bson.D{{Key: "$in", Value: []MembershipState{StateActive, StateRequested, StateInvited}}}}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("_id", false, nil, k.ID)...)
	}
	return s.expireAll(mongodb.All[*Membership](ctx, "list memberships of person", s.db.Collection(memberships), filter,
		options.Find().SetSort(mongodb.KeysetSort("_id", false)).SetLimit(int64(k.Limit))))
}

// ofState are up to limit memberships of a person that are in one of these states, with their history.
func (s store) ofState(ctx context.Context, personID string, limit int, states ...MembershipState) ([]*Membership, error) {
	return mongodb.All[*Membership](ctx, "memberships of a person by state", s.db.Collection(memberships),
		bson.D{{Key: "personId", Value: personID}, {Key: "state", Value: bson.D{{Key: "$in", Value: states}}}},
		options.Find().SetLimit(int64(limit)).SetProjection(bson.D{{Key: "history", Value: 1}, {Key: "byContact", Value: 1}}))
}

func (s store) ofPerson(ctx context.Context, personID string, groupIDs []string) (map[string]*Membership, error) {
	ids := make([]string, len(groupIDs))
	for i, groupID := range groupIDs {
		ids[i] = id.Pair(groupID, personID)
	}
	byID, err := s.membershipsByIDs(ctx, ids)
	found := make(map[string]*Membership, len(byID))
	for _, m := range byID {
		found[m.GroupID] = m
	}
	return found, err
}

func (s store) membershipsByIDs(ctx context.Context, ids []string) (map[string]*Membership, error) {
	found, err := mongodb.OwnedByIDs(ctx, "find memberships", s.memberships(), ids, func(m *Membership) string { return m.ID })
	for _, m := range found {
		s.expire(m)
	}
	return found, err
}

// peopleIn are the ids of the people whose memberships of a group are in a state,
// after a given id.
func (s store) peopleIn(ctx context.Context, groupID string, state MembershipState, after string, limit int) ([]string, error) {
	return s.people(ctx, bson.D{{Key: "groupId", Value: groupID}, {Key: "state", Value: state}}, after, limit)
}

// memberIDs are the ids of a group's active members after a given id; with keys only the
// members who hold one of these roles.
func (s store) memberIDs(ctx context.Context, groupID string, keys []string, after string, limit int) ([]string, error) {
	filter := bson.D{{Key: "groupId", Value: groupID}, {Key: "state", Value: StateActive}}
	if keys != nil {
		filter = append(filter, bson.E{Key: "roles.key", Value: bson.D{{Key: "$in", Value: keys}}})
	}
	return s.people(ctx, filter, after, limit)
}

// membersAmong are those of these people who are active members of one of these groups.
func (s store) membersAmong(ctx context.Context, groupIDs, people []string) (map[string]bool, error) {
	ids := make([]string, 0, len(groupIDs)*len(people))
	for _, groupID := range groupIDs {
		for _, personID := range people {
			ids = append(ids, id.Pair(groupID, personID))
		}
	}
	list, err := mongodb.All[Membership](ctx, "members among people", s.db.Collection(memberships),
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "groupId", Value: bson.D{{Key: "$in", Value: groupIDs}}}, {Key: "state", Value: StateActive}},
		options.Find().SetProjection(bson.D{{Key: "personId", Value: 1}}))
	are := map[string]bool{}
	for _, m := range list {
		are[m.PersonID] = true
	}
	return are, err
}

func (s store) people(ctx context.Context, filter bson.D, after string, limit int) ([]string, error) {
	filter = append(filter, bson.E{Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}})
	list, err := mongodb.All[Membership](ctx, "walk members", s.db.Collection(memberships), filter,
		options.Find().SetSort(bson.D{{Key: "personId", Value: 1}}).SetLimit(int64(limit)).
			SetProjection(bson.D{{Key: "personId", Value: 1}}))
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.PersonID
	}
	return ids, err
}
