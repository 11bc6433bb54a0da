package skill

import (
	"faellesskab/internal/id"
	"faellesskab/internal/part"
)

// Part is what skills bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{Indexes: indexes(), Nodes: []part.Node{part.NodeOf(id.Skill, s.ByIDs)}, Collections: collections()}
}
