package inbox

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// Unread notices are read for so many people at a time, and come in batches of so many. MongoDB goes through an index
// in the order of time for up to 200 people at once, and sorts all that they have for more.
const (
	unreadPeople = 200
	unreadBatch  = 5000
)

// unread are people's unread notices, the newest of each first, up to that many of each.
func (s store) unread(ctx context.Context, people []string, each int) ([]*Notice, error) {
	return s.unreadBut(ctx, people, each, "")
}

// unreadBut is unread without the notices of a cause; empty: with all.
func (s store) unreadBut(ctx context.Context, people []string, each int, but string) ([]*Notice, error) {
	var list []*Notice
	for some := range slices.Chunk(people, unreadPeople) {
		found, err := s.newestUnread(ctx, some, each, but)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// newestUnread walks back in time, for fewer and fewer people: whoever has that many is done. It asks for as many as all of
// them together can need, so that it asks again only if some have more than that. Each question may cost the database a
// sort of all that they have.
func (s store) newestUnread(ctx context.Context, people []string, each int, but string) (list []*Notice, err error) {
	has := map[string]int{}
	var before bson.D
	for len(people) > 0 {
		size := each * len(people)
		whose := bson.E{Key: "personId", Value: bson.D{{Key: "$in", Value: people}}}
		if len(people) == 1 {
			whose.Value = people[0]
		}
		fits := append(bson.D{whose, {Key: "hidden", Value: false}, {Key: "unread", Value: true}, s.knownKinds()}, before...)
		if but != "" {
			fits = append(fits, bson.E{Key: "cause", Value: bson.D{{Key: "$ne", Value: but}}})
		}
		page, err := mongodb.All[*Notice](ctx, "find unread notices", s.db.Collection(notices), fits,
			options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(size)).SetBatchSize(unreadBatch).
				SetProjection(bson.D{{Key: "data", Value: 0}})) // a number shows no words
		if err != nil {
			return nil, err
		}
		for _, n := range page {
			if has[n.PersonID]++; has[n.PersonID] <= each {
				list = append(list, n)
			}
		}
		if len(page) < size {
			break
		}
		last := page[len(page)-1]
		before = mongodb.After("createdAt", true, last.CreatedAt, last.ID)
		people = slices.DeleteFunc(slices.Clone(people), func(personID string) bool { return has[personID] >= each })
	}
	return list, nil
}
