package group

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const contacts = "group_contact_invitations"

// maxWaiting is how many invitations one sign-in meets at most.
const maxWaiting = 50

func contactIndexes() []mongodb.Index {
	expire := time.Duration(0)
	return []mongodb.Index{
		{Collection: contacts, Keys: bson.D{{Key: "key", Value: 1}, {Key: "isWithdrawn", Value: 1}, {Key: "expiresAt", Value: 1}}},
		{Collection: contacts, Keys: bson.D{{Key: "createdBy", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: contacts, Keys: bson.D{{Key: "expiresAt", Value: 1}}, ExpireAfter: &expire},
	}
}

func (s store) contact(ctx context.Context, contactID string) (*ContactInvitation, error) {
	return mongodb.Get[ContactInvitation](ctx, "get contact invitation", s.db.Collection(contacts), contactID)
}

// putContact makes an invitation, or writes anew the one for the same contact, if the stored version is the one before.
// Returns VERSION_CONFLICT.
func (s store) putContact(ctx context.Context, i *ContactInvitation, b outbox.Batch) error {
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "groupId", Value: i.GroupID}, {Key: "key", Value: i.Key}, {Key: "createdBy", Value: i.CreatedBy},
		{Key: "createdAt", Value: i.CreatedAt}, {Key: "expiresAt", Value: i.ExpiresAt}, {Key: "isWithdrawn", Value: i.IsWithdrawn}, {Key: "version", Value: i.Version}}}}
	_, err := s.db.Collection(contacts).UpdateOne(ctx, bson.D{{Key: "_id", Value: i.ID}, {Key: "version", Value: i.Version - 1}},
		outbox.Stamp(update, b), options.UpdateOne().SetUpsert(true))
	if err = mongodb.Translate("put contact invitation", err); fault.Is(err, fault.KindConflict) {
		return fault.VersionConflict().Because(err)
	}
	return err
}

// contactsSince are how many contacts a person has invited after an instant, counted up to a limit, and when the
// first of these was.
func (s store) contactsSince(ctx context.Context, personID string, since time.Time, limit int) (first time.Time, n int, err error) {
	list, err := mongodb.All[ContactInvitation](ctx, "contacts invited today", s.db.Collection(contacts),
		bson.D{{Key: "createdBy", Value: personID}, {Key: "createdAt", Value: bson.D{{Key: "$gt", Value: since}}}},
		options.Find().SetSort(bson.D{{Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "createdAt", Value: 1}}))
	if err != nil || len(list) == 0 {
		return time.Time{}, 0, err
	}
	return list[0].CreatedAt, len(list), nil
}

// contactsOf are the invitations that wait for one of these contacts.
func (s store) contactsOf(ctx context.Context, keys []string, now time.Time) ([]*ContactInvitation, error) {
	return mongodb.All[*ContactInvitation](ctx, "invitations of a contact", s.db.Collection(contacts),
		bson.D{{Key: "key", Value: bson.D{{Key: "$in", Value: keys}}}, {Key: "expiresAt", Value: bson.D{{Key: "$gt", Value: now}}},
			{Key: "isWithdrawn", Value: false}},
		options.Find().SetLimit(maxWaiting))
}

func (s store) purgeContacts(ctx context.Context) error {
	_, err := s.db.Collection(contacts).DeleteMany(ctx, bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: s.db.Now()}}}})
	return mongodb.Translate("purge contact invitations", err)
}

// removeContactsOf removes the invitations that a person has made.
func (s store) removeContactsOf(ctx context.Context, personID string) (left bool, err error) {
	list, err := mongodb.All[ContactInvitation](ctx, "contacts that a person invited", s.db.Collection(contacts), bson.D{{Key: "createdBy", Value: personID}},
		options.Find().SetLimit(erasePage).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil || len(list) == 0 {
		return false, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	_, err = s.db.Collection(contacts).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return len(ids) == erasePage, mongodb.Translate("remove contacts that a person invited", err)
}

func (s store) walkContacts(personID string) mongodb.Walk[ContactInvitation] {
	return mongodb.Walk[ContactInvitation]{Op: "walk contacts of a person", Collection: s.db.Collection(contacts), Filter: bson.D{{Key: "createdBy", Value: personID}},
		SortKey: "createdAt", Position: func(i *ContactInvitation) (any, string) { return i.CreatedAt, i.ID }}
}
