package testkit

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// NeedsReplicaSet skips a test, and says so, where the database is no replica set.
func NeedsReplicaSet(t testing.TB, db *mongodb.DB) {
	t.Helper()
	able, err := db.Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !able.ChangeStreams {
		t.Skipf("testkit: elections need a replica set, and this is %s: set MONGODB_URI or MONGOD", able.Server)
	}
}

// StepDown lets the primary step down, for so many seconds if it is the only
// member of its set.
func StepDown(t testing.TB, db *mongodb.DB, seconds int) {
	t.Helper()
	admin := db.Collection("any").Database().Client().Database("admin")
	command := bson.D{{Key: "replSetStepDown", Value: seconds}, {Key: "secondaryCatchUpPeriodSecs", Value: 0}, {Key: "force", Value: true}}
	if err := admin.RunCommand(t.Context(), command).Err(); err != nil {
		t.Fatalf("testkit: step down: %v", err)
	}
}
