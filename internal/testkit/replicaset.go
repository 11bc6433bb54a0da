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
		t.Skipf("testkit: this test needs a replica set, and this is %s: set MONGODB_URI or MONGOD", able.Server)
	}
}

// StepDown makes the primary step down: for another member that has caught up, or for a second if it
// is the only member.
func StepDown(t testing.TB, db *mongodb.DB) {
	t.Helper()
	admin := db.Collection("any").Database().Client().Database("admin")
	var hello struct {
		Hosts []string `bson:"hosts"`
	}
	if err := admin.RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		t.Fatalf("testkit: ask for the members: %v", err)
	}
	// A primary that is forced hands nothing over, and the others first have to miss it.
	command := bson.D{{Key: "replSetStepDown", Value: 10}, {Key: "secondaryCatchUpPeriodSecs", Value: 5}}
	if len(hello.Hosts) == 1 {
		command = bson.D{{Key: "replSetStepDown", Value: 1}, {Key: "secondaryCatchUpPeriodSecs", Value: 0}, {Key: "force", Value: true}}
	}
	if err := admin.RunCommand(t.Context(), command).Err(); err != nil {
		t.Fatalf("testkit: step down: %v", err)
	}
}
