package device

import "context"

// followLanguage gives a person's devices the language of the profile. It asks once more after
// the write, since a change that came meanwhile may have written before it.
func (s *Service) followLanguage(ctx context.Context, personID string) error {
	l, err := s.Language(ctx, personID)
	for err == nil && l.IsValid() {
		if err = s.store.speak(ctx, personID, l); err != nil {
			return err
		}
		was := l
		if l, err = s.Language(ctx, personID); l == was {
			break
		}
	}
	return err
}
