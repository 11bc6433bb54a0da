package notify

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

const pushSlots = "push_slots"

func summaryIndexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: notices, Keys: bson.D{{Key: "summaryDue", Value: 1}, {Key: "personId", Value: 1}, {Key: "summaryAt", Value: 1}}},
		{Collection: pushSlots, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "day", Value: 1}}},
		{Collection: pushSlots, Keys: bson.D{{Key: "day", Value: 1}}},
	}
}

// pushSlots are the keys of the causes that took pushes of the candidates' days,
// by slot day.
func (s store) pushSlots(ctx context.Context, list []*candidate) (map[string][]string, error) {
	var people, days []string
	seen := map[string]bool{}
	for _, p := range list {
		people = append(people, p.PersonID)
		if !seen[p.day] {
			seen[p.day] = true
			days = append(days, p.day)
		}
	}
	slots, err := mongodb.All[pushSlot](ctx, "find push slots", s.db.Collection(pushSlots),
		bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: people}}}, {Key: "day", Value: bson.D{{Key: "$in", Value: days}}}})
	found := map[string][]string{}
	for _, slot := range slots {
		key := slot.PersonID + ":" + slot.Day
		found[key] = append(found[key], slot.Key)
	}
	return found, err
}

// takePushSlots takes slots and tells whose were taken already.
func (s store) takePushSlots(ctx context.Context, slots []pushSlot) (lost map[string]bool, err error) {
	if len(slots) == 0 {
		return nil, nil
	}
	_, err = s.db.Collection(pushSlots).InsertMany(ctx, slots, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil, nil
	}
	indexes, ok := mongodb.Duplicates(err)
	if !ok {
		return nil, mongodb.Translate("take push slots", err)
	}
	lost = map[string]bool{}
	for _, i := range indexes {
		lost[slots[i].PersonID] = true
	}
	return lost, nil
}

// removePushSlots forgets the days before one.
func (s store) removePushSlots(ctx context.Context, before string) error {
	_, err := s.db.Collection(pushSlots).DeleteMany(ctx, bson.D{{Key: "day", Value: bson.D{{Key: "$lt", Value: before}}}})
	return mongodb.Translate("purge push slots", err)
}

func dueBy(at time.Time) bson.E {
	return bson.E{Key: "summaryAt", Value: bson.D{{Key: "$lte", Value: at}}}
}

// summaryScan is how many due notices are read to find a page of people.
const summaryScan = 4 * pageSize

// summaryPeople are up to limit people, by id, for whom a notice is due.
func (s store) summaryPeople(ctx context.Context, at time.Time, after string, limit int) ([]string, error) {
	var people []string
	for len(people) < limit {
		page, err := mongodb.All[Notice](ctx, "find who is due a summary", s.db.Collection(notices),
			bson.D{{Key: "summaryDue", Value: true}, {Key: "personId", Value: bson.D{{Key: "$gt", Value: after}}}, dueBy(at)},
			options.Find().SetSort(bson.D{{Key: "personId", Value: 1}}).SetLimit(summaryScan).SetProjection(bson.D{{Key: "personId", Value: 1}}))
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if n.PersonID != after && len(people) < limit {
				people, after = append(people, n.PersonID), n.PersonID
			}
		}
		if len(page) < summaryScan {
			break
		}
	}
	return people, nil
}

// summaryItems are the notices due for these people, the oldest first.
func (s store) summaryItems(ctx context.Context, at time.Time, people []string) ([]*Notice, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return mongodb.All[*Notice](ctx, "find what is due in summaries", s.db.Collection(notices),
		bson.D{{Key: "summaryDue", Value: true}, {Key: "personId", Value: bson.D{{Key: "$in", Value: people}}}, dueBy(at)},
		options.Find().SetSort(bson.D{{Key: "personId", Value: 1}, {Key: "summaryAt", Value: 1}}))
}

// saveVerdict writes what has become of a notice after all.
func (s store) saveVerdict(ctx context.Context, n *Notice) error {
	_, err := s.db.Collection(notices).UpdateOne(ctx, bson.D{{Key: "_id", Value: n.ID}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "channel", Value: n.Channel}, {Key: "rule", Value: n.Rule}, {Key: "hidden", Value: n.Hidden},
		{Key: "reasons", Value: n.Reasons}, {Key: "chunk", Value: n.Chunk}, {Key: "holdUntil", Value: n.HoldUntil},
		{Key: "summaryAt", Value: n.SummaryAt}, {Key: "summaryDue", Value: n.SummaryDue}}}})
	return mongodb.Translate("save verdict", err)
}

// settle notes that notices are no longer due in a summary.
func (s store) settle(ctx context.Context, ids []string) error {
	for len(ids) > 0 {
		n := min(len(ids), pageSize)
		_, err := s.db.Collection(notices).UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids[:n]}}}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "summaryDue", Value: false}}}})
		if err != nil {
			return mongodb.Translate("settle summaries", err)
		}
		ids = ids[n:]
	}
	return nil
}
