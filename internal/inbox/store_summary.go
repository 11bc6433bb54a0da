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

func dueBy(at time.Time) bson.E {
	return bson.E{Key: "summaryAt", Value: bson.D{{Key: "$lte", Value: at}}}
}

// summaryScan is how many notices are read to find a page of people.
const summaryScan = 2000

// SummaryPeople are up to limit people, by id, who have a notice that is due for the
// summary with that key, or in it already.
func (s store) SummaryPeople(ctx context.Context, key string, at time.Time, after string, limit int) ([]string, error) {
	due, err := s.peopleWith(ctx, after, limit, SummaryDue, dueBy(at))
	if err != nil {
		return nil, err
	}
	taken, err := s.peopleWith(ctx, after, limit, key)
	if err != nil {
		return nil, err
	}
	people := append(due, taken...)
	slices.Sort(people)
	people = slices.Compact(people)
	return people[:min(len(people), limit)], nil
}

// peopleWith are up to limit people, by id, who have a notice in a summary that fits.
func (s store) peopleWith(ctx context.Context, after string, limit int, in string, fits ...bson.E) ([]string, error) {
	var people []string
	for len(people) < limit {
		page, err := mongodb.All[Notice](ctx, "find who is due a summary", s.db.Collection(notices),
			append(bson.D{{Key: "summaryIn", Value: in}, {Key: "summaryFor", Value: bson.D{{Key: "$gt", Value: after}}}, s.knownKinds()}, fits...),
			options.Find().SetSort(bson.D{{Key: "summaryFor", Value: 1}}).SetLimit(summaryScan).SetProjection(bson.D{{Key: "personId", Value: 1}}))
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

// TakeItems takes the notices due for these people into the summary with that key.
func (s store) TakeItems(ctx context.Context, key string, at time.Time, people []string) error {
	if len(people) == 0 {
		return nil
	}
	_, err := s.db.Collection(notices).UpdateMany(ctx,
		bson.D{{Key: "summaryIn", Value: SummaryDue}, {Key: "summaryFor", Value: bson.D{{Key: "$in", Value: people}}}, dueBy(at), s.knownKinds()},
		bson.D{{Key: "$set", Value: bson.D{{Key: "summaryIn", Value: key}}}})
	return mongodb.Translate("take notices into a summary", err)
}

// SummaryItems are the notices that the summary with that key holds for these people,
// the oldest first.
func (s store) SummaryItems(ctx context.Context, key string, people []string) ([]*Notice, error) {
	if len(people) == 0 {
		return nil, nil
	}
	list, err := mongodb.All[*Notice](ctx, "find what a summary holds", s.db.Collection(notices),
		bson.D{{Key: "summaryIn", Value: key}, {Key: "summaryFor", Value: bson.D{{Key: "$in", Value: people}}}, s.knownKinds()})
	slices.SortFunc(list, oldestFirst)
	return list, err
}

// oldestFirst is the order of the notices of a summary. Those that came at the same time are in the
// order of their ids, so that it is the same each time.
func oldestFirst(a, b *Notice) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// PostponeItems makes notices due at another summary.
func (s store) PostponeItems(ctx context.Context, ids []string, at time.Time) error {
	_, err := s.notices().UpdateMany(ctx, s.notices().Any(ids),
		bson.D{{Key: "$set", Value: bson.D{{Key: "summaryIn", Value: SummaryDue}, {Key: "summaryAt", Value: at}}}})
	return mongodb.Translate("postpone notices to another summary", err)
}

// SaveVerdict stores a new verdict on a notice, which had the given SummaryIn when it was read. If
// that has changed since, because a summary has taken the notice or given it back, it stays as it is.
func (s store) SaveVerdict(ctx context.Context, n *Notice, summaryIn string) error {
	verdict := bson.D{
		{Key: "channel", Value: n.Channel}, {Key: "rule", Value: n.Rule}, {Key: "hidden", Value: n.Hidden}, {Key: "createdAt", Value: n.CreatedAt},
		{Key: "reasons", Value: n.Reasons}, {Key: "chunk", Value: n.Chunk}, {Key: "holdUntil", Value: n.HoldUntil}}
	update, set := bson.D{}, slices.Clone(verdict)
	if n.SummaryIn != "" {
		set = append(set, bson.E{Key: "summaryIn", Value: n.SummaryIn}, bson.E{Key: "summaryFor", Value: n.SummaryFor}, bson.E{Key: "summaryAt", Value: n.SummaryAt})
	} else { // the fields must go, since even an empty one is in the index
		update = bson.D{{Key: "$unset", Value: bson.D{{Key: "summaryIn", Value: ""}, {Key: "summaryFor", Value: ""}, {Key: "summaryAt", Value: ""}}}}
	}
	was := bson.E{Key: "summaryIn", Value: summaryIn}
	if summaryIn == "" {
		was.Value = bson.D{{Key: "$exists", Value: false}}
	}
	res, err := s.notices().UpdateOne(ctx, append(s.notices().One(n.ID), was), append(update, bson.E{Key: "$set", Value: set}))
	if err == nil && res.MatchedCount == 0 {
		_, err = s.notices().UpdateOne(ctx, s.notices().One(n.ID), bson.D{{Key: "$set", Value: verdict}})
	}
	return mongodb.Translate("save verdict", err)
}
