package mongodb

import "go.mongodb.org/mongo-driver/v2/bson"

// After is the filter for the documents behind one in a list ordered by
// (sortKey, _id): {k: {$gte: v}, $or: [{k: {$gt: v}}, {k: v, _id: {$gt: id}}]},
// with $lte and $lt if descending. The bound on k repeats what the $or says, so that
// the database begins to read an index there and not at its front. For a list ordered
// by _id alone it is {_id: {$gt: id}}. Together with another condition on the sort key
// it must stand in an $and.
func After(sortKey string, descending bool, lastKey any, lastID string) bson.D {
	beyond := "$gt"
	if descending {
		beyond = "$lt"
	}
	afterID := bson.E{Key: "_id", Value: bson.D{{Key: beyond, Value: lastID}}}
	if sortKey == "_id" {
		return bson.D{afterID}
	}
	return bson.D{
		{Key: sortKey, Value: bson.D{{Key: beyond + "e", Value: lastKey}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: sortKey, Value: bson.D{{Key: beyond, Value: lastKey}}}},
			bson.D{{Key: sortKey, Value: lastKey}, afterID},
		}},
	}
}

// KeysetSort is the order that After goes with: by sortKey, then by _id, both
// in the same direction.
func KeysetSort(sortKey string, descending bool) bson.D {
	direction := 1
	if descending {
		direction = -1
	}
	if sortKey == "_id" {
		return bson.D{{Key: "_id", Value: direction}}
	}
	return bson.D{{Key: sortKey, Value: direction}, {Key: "_id", Value: direction}}
}
