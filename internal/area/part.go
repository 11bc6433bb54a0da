package area

import (
	"faellesskab/internal/id"
	"faellesskab/internal/part"
)

// Part is what areas bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes:     indexes(),
		Nodes:       []part.Node{part.NodeOf(id.Area, s.ByIDs)},
		Lookups:     []part.Lookup{part.LookupOf(s.Lists)},
		Kinds:       noticeKinds(),
		Subjects:    s.subjects(),
		Collections: s.collections(),
	}
}
