package course

import "context"

// SettleLate settles a completion as a process does that comes late.
func (s *Service) SettleLate(ctx context.Context, courseID string, completedIn int) error {
	return s.settle(ctx, settleArgs{CourseID: courseID, CompletedIn: completedIn})
}
