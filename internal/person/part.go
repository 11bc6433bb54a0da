package person

import (
	"faellesskab/internal/id"
	"faellesskab/internal/part"
)

// Part is what people bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes:   indexes(),
		Nodes:     []part.Node{part.NodeOf(id.Person, s.ByIDs)},
		Audiences: s.audiences(),

		Collections: s.collections(),
	}
}
