package meeting

import (
	"context"

	"faellesskab/internal/event"
)

// CopyAgenda carries out what follows a copy.
func (s *Service) CopyAgenda(ctx context.Context, c event.Copied) error { return s.copyAgenda(ctx, c) }

// LateView is what an organiser sees who has begun to look before anybody had looked.
func (s *Service) LateView(ctx context.Context, of string) (*Feedback, error) {
	answers, err := s.store.answers(ctx, of)
	if err != nil {
		return nil, err
	}
	shown, err := s.show(ctx, &results{ID: of}, answers)
	return shown.sum(answers), err
}
