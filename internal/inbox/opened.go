package inbox

import "context"

// OpenedBy says what somebody has done with a notice, or with its push.
type OpenedBy string

// What they can have done.
const (
	ByOpening   OpenedBy = "OPENED"
	ByAction    OpenedBy = "ACTION"    // they have answered it by a button of its push
	ByDismissal OpenedBy = "DISMISSED" // they have swiped its push away, which neither opens nor reads it
)

// IsValid reports whether it is one of them.
func (b OpenedBy) IsValid() bool {
	return b == ByOpening || b == ByAction || b == ByDismissal
}

// IsZero reports whether it is what a call means that says nothing of it: such calls have the fingerprint that they had
// before there was anything to say.
func (b OpenedBy) IsZero() bool { return b == ByOpening }

// Reactions count the people who have done something with the notice of a cause.
type Reactions struct {
	Opened    int // who have opened it, or answered it by a button
	Acted     int // those of them who have answered it by a button
	Dismissed int // who have swiped its push away and not opened it
}

// react notes what a person has done with a notice. What they have read goes from their other phones; what they
// have only swiped away stays there.
func (s *Service) react(ctx context.Context, personID string, in OpenedInput) error {
	if in.By != ByDismissal {
		if err := s.recallByID(ctx, personID, in.NoticeID); err != nil {
			return err
		}
	}
	return s.store.markAs(ctx, personID, in.NoticeID, in.By)
}
