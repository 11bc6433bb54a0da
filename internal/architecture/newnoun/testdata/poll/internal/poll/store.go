package poll

import (
	"context"

	"faellesskab/internal/mongodb"
)

const collection = "polls"

type store struct{ db *mongodb.DB }

func (s store) insert(ctx context.Context, p *Poll) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, p)
	return mongodb.Translate("insert poll", err)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Poll, error) {
	return mongodb.ByIDs(ctx, "find polls", s.db.Collection(collection), ids, func(p *Poll) string { return p.ID })
}
