package timer_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// failures is how often a timer has failed.
func (r *rig) failures(t *testing.T, key string) int {
	t.Helper()
	var doc struct{ Failures int }
	if err := r.db.Collection("timers").FindOne(t.Context(), bson.D{{Key: "_id", Value: key}}).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc.Failures
}
