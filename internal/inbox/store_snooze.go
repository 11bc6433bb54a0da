package inbox

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// snooze stores until when a notice is put off, which is unread from then on.
func (s store) snooze(ctx context.Context, n *Notice, b outbox.Batch) error {
	set, unset := bson.D{{Key: "unread", Value: true}}, bson.D{{Key: "readAt", Value: ""}}
	if n.Snoozed != nil {
		set = append(set, bson.E{Key: "snoozed", Value: n.Snoozed})
	} else {
		unset = append(unset, bson.E{Key: "snoozed", Value: ""})
	}
	_, err := s.notices().UpdateOne(ctx, append(s.notices().One(n.ID), bson.E{Key: "hidden", Value: false}),
		outbox.Stamp(bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}}, b))
	return mongodb.Translate("snooze notice", err)
}

// markAllRead marks the notices of a person as read that came up to an instant. Those that are put off come back all the same.
func (s store) markAllRead(ctx context.Context, personID string, until time.Time) error {
	_, err := s.db.Collection(notices).UpdateMany(ctx,
		bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, {Key: "unread", Value: true},
			{Key: "createdAt", Value: bson.D{{Key: "$lte", Value: until}}}, {Key: "snoozed", Value: bson.D{{Key: "$exists", Value: false}}}, s.knownKinds()}, s.read())
	return mongodb.Translate("mark all notices read", err)
}

// bringBack stores what becomes of a notice that was put off until an instant, which is unread now and the newest of
// the inbox. One that was put off until another instant meanwhile, or has come back, stays as it is.
func (s store) bringBack(ctx context.Context, n *Notice, until time.Time) error {
	_, err := s.notices().UpdateOne(ctx, append(s.notices().One(n.ID), bson.E{Key: "snoozed.until", Value: until}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "unread", Value: true}, {Key: "createdAt", Value: n.CreatedAt}, {Key: "chunk", Value: n.Chunk},
			{Key: "channel", Value: n.Channel}, {Key: "rule", Value: n.Rule}, {Key: "holdUntil", Value: n.HoldUntil}}},
			{Key: "$unset", Value: bson.D{{Key: "snoozed", Value: ""}, {Key: "readAt", Value: ""}}}})
	return mongodb.Translate("bring notice back", err)
}
