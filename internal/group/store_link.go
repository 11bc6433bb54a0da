package group

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const links = "group_invitations"

func linkIndexes() []mongodb.Index {
	expire := time.Duration(0)
	return []mongodb.Index{
		{Collection: links, Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "createdAt", Value: 1}}},
		{Collection: links, Keys: bson.D{{Key: "createdBy", Value: 1}, {Key: "groupId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: links, Keys: bson.D{{Key: "createdBy", Value: 1}, {Key: "groupId", Value: 1}, {Key: "createdAt", Value: 1}}},
		{Collection: links, Keys: bson.D{{Key: "usedBy", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: links, Keys: bson.D{{Key: "expiresAt", Value: 1}}, ExpireAfter: &expire},
	}
}

func (s store) link(ctx context.Context, linkID string) (*Link, error) {
	return mongodb.Get[Link](ctx, "get invitation link", s.db.Collection(links), linkID)
}

func (s store) insertLink(ctx context.Context, l *Link) error {
	_, err := s.db.Collection(links).InsertOne(ctx, l)
	return mongodb.Translate("insert invitation link", err)
}

// useLink notes that a person has joined by a link. If the link is gone, nothing happens.
func (s store) useLink(ctx context.Context, linkID, personID string) error {
	_, err := s.db.Collection(links).UpdateOne(ctx, bson.D{{Key: "_id", Value: linkID}},
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: "usedBy", Value: personID}}}})
	return mongodb.Translate("use invitation link", err)
}

func revokingPath(batch string) string { return "revoking." + batch }

// revoke notes on a group that a link, or all links, are revoked.
func (s store) revoke(ctx context.Context, a revokeArgs, b outbox.Batch) error {
	res, err := s.db.Collection(groups).UpdateOne(ctx, bson.D{{Key: "_id", Value: a.GroupID}}, outbox.Stamp(bson.D{
		{Key: "$set", Value: bson.D{{Key: revokingPath(b.ID), Value: revocation{LinkID: a.LinkID, At: a.At}}}}}, b))
	if err == nil && res.MatchedCount == 0 {
		return fault.NotFound("group.not_found")
	}
	return mongodb.Translate("revoke on group", err)
}

// unrevoking takes away what a write has revoked, since the links say so now.
func (s store) unrevoking(ctx context.Context, groupID, batch string) error {
	_, err := s.db.Collection(groups).UpdateOne(ctx, bson.D{{Key: "_id", Value: groupID}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: revokingPath(batch), Value: ""}}}})
	return mongodb.Translate("links are revoked", err)
}

func (s store) revokeLink(ctx context.Context, linkID string) error {
	_, err := s.db.Collection(links).UpdateOne(ctx, bson.D{{Key: "_id", Value: linkID}}, s.revoked())
	return mongodb.Translate("revoke invitation link", err)
}

// revokeLinks ends the links that a group had at an instant.
func (s store) revokeLinks(ctx context.Context, groupID string, at time.Time) error {
	_, err := s.db.Collection(links).UpdateMany(ctx,
		bson.D{{Key: "groupId", Value: groupID}, {Key: "createdAt", Value: bson.D{{Key: "$lte", Value: at}}}}, s.revoked())
	return mongodb.Translate("revoke invitation links", err)
}

// revokeLinksOf ends the links that a person made.
func (s store) revokeLinksOf(ctx context.Context, groupID, personID string) error {
	_, err := s.db.Collection(links).UpdateMany(ctx, bson.D{{Key: "groupId", Value: groupID}, {Key: "createdBy", Value: personID}}, s.revoked())
	return mongodb.Translate("revoke a person's invitation links", err)
}

// revokeLinksUntil ends the links that a person made before their roles ended.
func (s store) revokeLinksUntil(ctx context.Context, a lapsedArgs) error {
	_, err := s.db.Collection(links).UpdateMany(ctx, bson.D{{Key: "groupId", Value: a.GroupID}, {Key: "createdBy", Value: a.PersonID},
		{Key: "createdAt", Value: bson.D{{Key: "$lte", Value: a.At}}}}, s.revoked())
	return mongodb.Translate("revoke the invitation links of a role", err)
}

// revoked ends a link now, unless it has ended before.
func (s store) revoked() bson.D {
	return bson.D{{Key: "$min", Value: bson.D{{Key: "revokedAt", Value: s.db.Now()}}}}
}

func (s store) purgeLinks(ctx context.Context) error {
	_, err := s.db.Collection(links).DeleteMany(ctx,
		bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: s.db.Now()}}}})
	return mongodb.Translate("purge invitation links", err)
}
