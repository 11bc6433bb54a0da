package inbox

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// markAs notes what a person has done with a notice of theirs. It says more than before or the same: a notice
// that was opened is never called dismissed.
func (s store) markAs(ctx context.Context, personID, noticeID string, by OpenedBy) error {
	switch by {
	case ByDismissal:
		return s.markDismissed(ctx, personID, noticeID)
	case ByAction:
		if err := s.markOpened(ctx, personID, noticeID); err != nil {
			return err
		}
		_, err := s.db.Collection(notices).UpdateOne(ctx, append(readable(personID, noticeID), pushed()),
			bson.D{{Key: "$set", Value: bson.D{{Key: "acted", Value: causeOf(noticeID)}}}})
		return mongodb.Translate("mark notice answered", err)
	}
	return s.markOpened(ctx, personID, noticeID)
}

func (s store) markOpened(ctx context.Context, personID, noticeID string) error {
	if err := s.markRead(ctx, personID, []string{noticeID}); err != nil {
		return err
	}
	_, err := s.db.Collection(notices).UpdateOne(ctx, append(readable(personID, noticeID), unopened()), bson.D{
		{Key: "$set", Value: bson.D{{Key: "openedAt", Value: s.db.Now()}, {Key: "opened", Value: causeOf(noticeID)}}},
		{Key: "$unset", Value: bson.D{{Key: "dismissed", Value: ""}}},
	})
	return mongodb.Translate("mark notice opened", err)
}

func (s store) markDismissed(ctx context.Context, personID, noticeID string) error {
	_, err := s.db.Collection(notices).UpdateOne(ctx, append(readable(personID, noticeID), unopened(), pushed()),
		bson.D{{Key: "$set", Value: bson.D{{Key: "dismissed", Value: causeOf(noticeID)}}}})
	return mongodb.Translate("mark notice dismissed", err)
}

// readable fits a notice of a person that was not dropped. People can tell the id of a notice that they do not have,
// and a report counts nobody who was told nothing.
func readable(personID, noticeID string) bson.D {
	return bson.D{{Key: "_id", Value: noticeID}, {Key: "personId", Value: personID}, {Key: "hidden", Value: false}}
}

// unopened fits notices that their readers have not opened.
func unopened() bson.E { return bson.E{Key: "openedAt", Value: nil} }

// pushed fits notices that were pushed when they came, or when they came back: others have no push to tap or to swipe away.
func pushed() bson.E {
	return bson.E{Key: "$or", Value: bson.A{bson.D{{Key: "channel", Value: notify.Push}}, bson.D{{Key: "firstChannel", Value: notify.Push}}}}
}

// CountReactions counts what people have done with the notices of causes, by cause. Causes with whose notice
// nobody has done anything have none.
func (s store) CountReactions(ctx context.Context, keys []string) (map[string]Reactions, error) {
	opened, err := s.tally(ctx, "opened", keys)
	if err != nil {
		return nil, err
	}
	acted, err := s.tally(ctx, "acted", keys)
	if err != nil {
		return nil, err
	}
	dismissed, err := s.tally(ctx, "dismissed", keys)
	counts := make(map[string]Reactions, len(keys))
	for _, key := range keys {
		counts[key] = Reactions{Opened: opened[key], Acted: acted[key], Dismissed: dismissed[key]}
	}
	return counts, err
}

// tally counts the notices that have one of these keys of causes in a field, by key.
func (s store) tally(ctx context.Context, field string, keys []string) (map[string]int, error) {
	causes, err := mongodb.Sums[struct {
		Key string `bson:"_id"`
		N   int    `bson:"n"`
	}](ctx, "count what became of notices", s.db.Collection(notices), bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: keys}}}}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$" + field}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	})
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int, len(causes))
	for _, c := range causes {
		counts[c.Key] = c.N
	}
	return counts, nil
}
