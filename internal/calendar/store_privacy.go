package calendar

import (
	"context"
	"time"

	"faellesskab/internal/mongodb"
)

// record is a feed as its person is given it. The address is left out: whoever gets hold of it reads the calendar.
type record struct {
	GroupID   string    `json:"groupId,omitempty"`
	AreaID    string    `json:"areaId,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
}

func (s store) export(ctx context.Context, personID string, keep func(any) error) error {
	return mongodb.EachUnder(ctx, "read calendar feeds", mongodb.Owned{Collection: s.db.Collection(feeds)}, personID, func(f *Feed) error {
		return keep(record{f.GroupID, f.AreaID, f.CreatedAt.UTC()})
	})
}

func (s store) erase(ctx context.Context, personID string) (left bool, err error) {
	return mongodb.RemoveUnder(ctx, "erase calendar feeds", s.db.Collection(feeds), personID)
}
