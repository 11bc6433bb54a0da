package meeting

import (
	"context"

	"faellesskab/internal/event"
)

// CopyAgenda carries out what follows a copy.
func (s *Service) CopyAgenda(ctx context.Context, c event.Copied) error { return s.copyAgenda(ctx, c) }
