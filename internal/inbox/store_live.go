package inbox

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// eachNoticeSince hands out a person's notices since an instant, the oldest first.
func (s store) eachNoticeSince(ctx context.Context, personID string, since time.Time, do func(*Notice) error) error {
	return s.eachSince(ctx, shown(personID), since, do)
}

// eachSince hands out the notices since an instant that fit, the oldest first.
func (s store) eachSince(ctx context.Context, fits bson.D, since time.Time, do func(*Notice) error) error {
	filter := append(fits, s.knownKinds())
	from := bson.E{Key: "createdAt", Value: bson.D{{Key: "$gte", Value: since}}}
	page := append(bson.D{}, append(filter, from)...)
	for {
		list, err := mongodb.All[*Notice](ctx, "read notices", s.db.Collection(notices), page,
			options.Find().SetSort(mongodb.KeysetSort("createdAt", false)).SetLimit(livePage))
		if err != nil {
			return err
		}
		for _, n := range list {
			if err := do(n); err != nil {
				return err
			}
		}
		if len(list) < livePage {
			return nil
		}
		last := list[len(list)-1]
		page = append(append(bson.D{}, filter...), mongodb.After("createdAt", false, last.CreatedAt, last.ID)...)
	}
}

// noticesOfAll are the notices of these people since an instant, the oldest first, but not more than limit.
func (s store) noticesOfAll(ctx context.Context, personIDs []string, since time.Time, limit int64) ([]*Notice, error) {
	list, err := mongodb.All[*Notice](ctx, "read new notices", s.db.Collection(notices),
		append(shown(bson.D{{Key: "$in", Value: personIDs}}), s.knownKinds(), bson.E{Key: "createdAt", Value: bson.D{{Key: "$gte", Value: since}}}),
		options.Find().SetLimit(limit))
	slices.SortFunc(list, func(a, b *Notice) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// withNoticesSince are the ids of the notices that any of these people got since an
// instant.
func (s store) withNoticesSince(ctx context.Context, personIDs []string, since time.Time) ([]string, error) {
	list, err := mongodb.All[Notice](ctx, "look for new notices", s.db.Collection(notices),
		append(shown(bson.D{{Key: "$in", Value: personIDs}}), bson.E{Key: "createdAt", Value: bson.D{{Key: "$gte", Value: since}}}),
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	return ids, err
}
