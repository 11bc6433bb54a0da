package resolvers

import (
	"context"
	"slices"

	"faellesskab/internal/meeting"
	"faellesskab/internal/place"
)

// linkOf is where people meet online, if the viewer may have the link; nil if they may not, or there is none.
func linkOf(ctx context.Context, p *place.Place) (*string, error) {
	admitted, err := lookups[meeting.Admission](ctx, p.LinkOf())
	if err != nil || !slices.Contains(admitted, meeting.Admission(true)) {
		return nil, err
	}
	return &p.OnlineURL, nil
}
