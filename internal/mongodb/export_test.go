package mongodb

import "go.mongodb.org/mongo-driver/v2/bson"

// Decode is decode.
func Decode[T any](raw bson.Raw, into *T) error { return decode(raw, into) }
