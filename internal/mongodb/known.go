package mongodb

import "go.mongodb.org/mongo-driver/v2/bson"

// KnownOnly is a condition that leaves out documents whose field has a value that only
// a newer version knows, since they are left to that version. It keeps documents
// without the field.
func KnownOnly[T ~string](field string, known []T) bson.E {
	values := bson.A{nil}
	for _, v := range known {
		values = append(values, v)
	}
	return bson.E{Key: field, Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: values}}}}}
}
