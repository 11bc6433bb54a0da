package wish

import "context"

// AnswerLate carries out an answer as a process does that comes late.
func (s *Service) AnswerLate(ctx context.Context, decisionID string) error {
	return s.answer(ctx, answerArgs{DecisionID: decisionID})
}
