package poll

import "faellesskab/internal/part"

// Part is what polls bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes:  indexes(),
		Nodes:    []part.Node{part.NodeOf(Prefix, s.ByIDs)},
		Kinds:    noticeKinds(),
		Subjects: s.subjects(),

		Collections: s.collections(),
	}
}
