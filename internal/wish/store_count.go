package wish

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// topicCount is how many people are behind a topic in some words.
type topicCount struct {
	Of struct {
		Topic  string `bson:"topic"`
		Words  string `bson:"words"`
		AreaID string `bson:"areaId"`
	} `bson:"_id"`
	N int `bson:"n"`
}

// counts are how many people are behind topics, the most first: those of an area, or of all if areaID is nil.
func (s store) counts(ctx context.Context, areaID *string, least, limit int) ([]topicCount, error) {
	match := bson.D{{Key: "state", Value: StateOpen}}
	if areaID != nil {
		match = append(match, bson.E{Key: "areaId", Value: *areaID})
	}
	return s.count(ctx, match, bson.D{{Key: "$match", Value: bson.D{{Key: "n", Value: bson.D{{Key: "$gte", Value: least}}}}}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: "n", Value: -1}, {Key: "_id", Value: 1}}}}, bson.D{{Key: "$limit", Value: limit}})
}

// countsOf are how many people are behind these topics.
func (s store) countsOf(ctx context.Context, topics []string) ([]topicCount, error) {
	return s.count(ctx, bson.D{{Key: "topic", Value: bson.D{{Key: "$in", Value: topics}}}, {Key: "state", Value: StateOpen}})
}

// count counts each person once in a topic, however many of their wishes are in it.
func (s store) count(ctx context.Context, match bson.D, rest ...any) ([]topicCount, error) {
	of := bson.D{{Key: "topic", Value: "$topic"}, {Key: "words", Value: "$words"}, {Key: "areaId", Value: "$areaId"}, {Key: "personId", Value: "$personId"}}
	once := bson.D{{Key: "topic", Value: "$_id.topic"}, {Key: "words", Value: "$_id.words"}, {Key: "areaId", Value: "$_id.areaId"}}
	pipeline := bson.A{
		bson.D{{Key: "$match", Value: match}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: of}}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: once}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	}
	return mongodb.Sums[topicCount](ctx, "count wishes", s.db.Collection(collection), append(pipeline, rest...))
}
