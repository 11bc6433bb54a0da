package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// walkPage is how many documents a walk reads at a time.
const walkPage = 100

// Walk goes through all documents that fit a filter, in the order of a field, and
// reads a page of them at a time.
type Walk[T any] struct {
	Op         string // names the operation in errors
	Collection *mongo.Collection
	Filter     bson.D // says nothing about the field
	SortKey    string // the field, or "_id"
	// Position returns the field's value in a document and the document's id. If the field
	// is _id, the value is not looked at.
	Position func(doc *T) (key any, docID string)
}

// Each hands every document to do. An error that do returns ends the walk.
func (w Walk[T]) Each(ctx context.Context, do func(doc *T) error) error {
	filter := w.Filter
	for {
		page, err := All[*T](ctx, w.Op, w.Collection, filter, options.Find().SetSort(KeysetSort(w.SortKey, false)).SetLimit(walkPage))
		if err != nil {
			return err
		}
		for _, doc := range page {
			if err := do(doc); err != nil {
				return err
			}
		}
		if len(page) < walkPage {
			return nil
		}
		key, docID := w.Position(page[len(page)-1])
		filter = append(append(bson.D{}, w.Filter...), After(w.SortKey, false, key, docID)...)
	}
}
