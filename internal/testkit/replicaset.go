package testkit

import (
	"context"
	"testing"
	"time"

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

// A member that has stepped down cannot be elected for stayDown. If the other members are all such,
// as when one after the other has stepped down, the primary waits for one of them, and for the
// writes that it lacks, for catchUp at most. stepDownTime leaves it that time, for which the
// client's own limit is too short.
const (
	stayDown     = 10 * time.Second
	catchUp      = 9 * time.Second // the server demands that it is shorter than stayDown
	stepDownTime = 3 * catchUp
)

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
	ctx, cancel := context.WithTimeout(t.Context(), stepDownTime) // takes the place of the client's limit
	defer cancel()
	if err := admin.RunCommand(ctx, stepDown(len(hello.Hosts))).Err(); err != nil {
		t.Fatalf("testkit: step down: %v", err)
	}
}

// stepDown is the command for a set of that many members. A primary that is forced hands nothing
// over, and the others first have to miss it, so only one that is alone is forced.
func stepDown(members int) bson.D {
	if members == 1 {
		return bson.D{{Key: "replSetStepDown", Value: 1}, {Key: "secondaryCatchUpPeriodSecs", Value: 0}, {Key: "force", Value: true}}
	}
	return bson.D{{Key: "replSetStepDown", Value: int(stayDown.Seconds())}, {Key: "secondaryCatchUpPeriodSecs", Value: int(catchUp.Seconds())}}
}
