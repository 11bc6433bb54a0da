package certificate

import (
	"faellesskab/internal/id"
	"faellesskab/internal/part"
)

// Part is what certificates bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{Indexes: indexes(), Nodes: []part.Node{part.NodeOf(id.Certificate, s.ByIDs)}, Kinds: noticeKinds(), Subjects: s.subjects(),
		Collections: s.collections()}
}
