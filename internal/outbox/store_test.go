package outbox_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/outbox"
)

func (b *box) insert(t *testing.T, collection, docID string, batch outbox.Batch) {
	t.Helper()
	doc := struct {
		ID             string `bson:"_id"`
		outbox.Pending `bson:",inline"`
	}{docID, batch.Pending()}
	if _, err := b.db.Collection(collection).InsertOne(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
}

func (b *box) stamp(t *testing.T, collection, docID string, batch outbox.Batch) {
	t.Helper()
	update := outbox.Stamp(bson.D{{Key: "$set", Value: bson.D{{Key: "n", Value: 1}}}}, batch)
	if _, err := b.db.Collection(collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: docID}}, update); err != nil {
		t.Fatal(err)
	}
}

func (b *box) setClaim(t *testing.T, docID, claim string) {
	t.Helper()
	_, err := b.db.Collection("things").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: docID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "claim", Value: claim}}}})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *box) claim(t *testing.T, docID string) string {
	t.Helper()
	var d struct{ Claim string }
	if err := b.db.Collection("things").FindOne(t.Context(), bson.D{{Key: "_id", Value: docID}}).Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d.Claim
}

// pending is the remaining effects of a document.
func (b *box) pending(t *testing.T, collection, docID string) outbox.Pending {
	t.Helper()
	var p outbox.Pending
	if err := b.db.Collection(collection).FindOne(t.Context(), bson.D{{Key: "_id", Value: docID}}).Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

// clean fails the test if effects are left in the document.
func (b *box) clean(t *testing.T, collection, docID string) {
	t.Helper()
	if p := b.pending(t, collection, docID); len(p.Effects) > 0 || len(p.Due) > 0 {
		t.Errorf("%s %s still has %+v", collection, docID, p)
	}
}

func (b *box) remove(t *testing.T, collection, docID string) {
	t.Helper()
	if _, err := b.db.Collection(collection).DeleteOne(t.Context(), bson.D{{Key: "_id", Value: docID}}); err != nil {
		t.Fatal(err)
	}
}

// set writes a field as a newer version of the program would.
func (b *box) set(t *testing.T, collection, docID, path string, value any) {
	t.Helper()
	_, err := b.db.Collection(collection).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: docID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: path, Value: value}}}})
	if err != nil {
		t.Fatal(err)
	}
}

// get reads a field.
func (b *box) get(t *testing.T, collection, docID string, path ...string) any {
	t.Helper()
	raw, err := b.db.Collection(collection).FindOne(t.Context(), bson.D{{Key: "_id", Value: docID}}).Raw()
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := raw.Lookup(path...).Unmarshal(&v); err != nil {
		return nil
	}
	return v
}
