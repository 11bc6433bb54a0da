package herald_test

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/herald"
)

// tour is something that has several dates, which people book one by one.
type tour struct {
	ID      string           `bson:"_id"`
	Version int              `bson:"version"`
	Plan    schedule.Plan    `bson:"plan"`
	Telling schedule.Telling `bson:"telling"`
}

func (r *rig) tour(ctx context.Context) (*tour, error) {
	return mongodb.Get[tour](ctx, "get tour", r.db.Collection("tours"), "tour_1")
}

// save writes what a change writes.
func (r *rig) save(t *testing.T, o *tour) {
	t.Helper()
	set := append(bson.D{{Key: "version", Value: o.Version}, {Key: "plan", Value: o.Plan}}, herald.TellingFields(&o.Telling, o.Version)...)
	_, err := r.db.Collection("tours").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: o.ID}}, bson.D{{Key: "$set", Value: set}},
		options.UpdateOne().SetUpsert(true))
	if err != nil {
		t.Fatal(err)
	}
}
