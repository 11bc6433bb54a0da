package mongodb

import "go.mongodb.org/mongo-driver/v2/bson"

// KnownOnly leaves out documents whose field has a value that only a newer version
// knows: they are that version's. Documents without the field are in.
func KnownOnly[T ~string](field string, known []T) bson.E {
	values := bson.A{nil}
	for _, v := range known {
		values = append(values, v)
	}
	return bson.E{Key: field, Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: values}}}}}
}
