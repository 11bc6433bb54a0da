package booking

import "faellesskab/internal/part"

// Part is what bookings of all sorts bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes:     indexes(),
		Kinds:       s.noticeKinds(),
		Audiences:   s.audiences(),
		Collections: s.collections(),
	}
}
