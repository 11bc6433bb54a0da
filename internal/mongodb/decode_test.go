package mongodb_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// A document whose lengths point backwards is refused, wherever they stand. The driver reads such a document forever.
func TestADocumentThatPointsBackwardsIsRefused(t *testing.T) {
	t.Parallel()
	bad := bson.D{{Key: "unknown", Value: "12345678"}}
	toItsType := -int32(1 + len("unknown") + 1 + 4)
	for place, doc := range map[string]any{
		"the document":            bad,
		"a document in it":        bson.D{{Key: "part", Value: bad}},
		"one of a list":           bson.D{{Key: "parts", Value: bson.A{bad, bad}}},
		"one of a list of lists":  bson.D{{Key: "lists", Value: bson.A{bson.A{bad}}}},
		"what the driver decodes": bson.D{{Key: "left", Value: bson.D{{Key: "part", Value: bad}}}},
	} {
		for _, length := range []int32{toItsType, math.MaxInt32, math.MaxInt32 - 4, math.MinInt32} {
			t.Run(fmt.Sprintf("%s, %d", place, length), func(t *testing.T) {
				t.Parallel()
				raw := stored(t, doc)
				binary.LittleEndian.PutUint32(raw[bytes.LastIndex(raw, []byte("12345678"))-4:], uint32(length)) //nolint:gosec // the bits are those of a signed number
				endsWithAnError(t, "Decode", func() error { return mongodb.Decode(raw, new(nested)) })
				endsWithAnError(t, "Readable", func() error { return mongodb.Readable(raw, new(nested)) })
				endsWithAnError(t, "Record", func() error { _, err := mongodb.Record(raw); return err })
			})
		}
	}
}

// nested is a document with others in it.
type nested struct {
	Part  part     `bson:"part"`
	Parts []part   `bson:"parts"`
	Lists [][]part `bson:"lists"`
	Left  struct {
		Part part           `bson:"part"`
		Rest map[string]any `bson:",inline"`
	} `bson:"left"` // is left to the driver, since it keeps what it does not know
}

func endsWithAnError(t *testing.T, what string, do func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s panics: %v", what, p)
				done <- fmt.Errorf("panic")
			}
		}()
		done <- do()
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Errorf("%s reads it", what)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("%s reads it forever", what)
	}
}
