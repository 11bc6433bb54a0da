package mongodb_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// A document whose lengths point backwards is refused. The driver reads such a document forever.
func TestADocumentThatPointsBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	raw, err := bson.Marshal(bson.D{{Key: "unknown", Value: "12345678"}})
	if err != nil {
		t.Fatal(err)
	}
	back := -(1 + len("unknown") + 1 + 4) // to the type of the same field
	raw[13], raw[14], raw[15], raw[16] = byte(back), 0xff, 0xff, 0xff
	done := make(chan error, 1)
	go func() {
		var into struct {
			ID string `bson:"_id"`
		}
		done <- mongodb.Decode(raw, &into)
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("it is read")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it is read forever")
	}
}
