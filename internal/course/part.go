package course

import (
	"faellesskab/internal/id"
	"faellesskab/internal/part"
)

// Part is what courses bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Nodes: []part.Node{
			part.NodeOf(id.Course, s.ByIDs),
			part.NodeOf(sessionPrefix, s.SessionsByIDs),
			part.NodeOf(id.Pair(id.Course, id.Person), s.EnrolmentsByIDs),
		},
		Kinds:     noticeKinds(),
		Audiences: s.audiences(),
		Subjects:  s.subjects(),

		Collections: s.collections(),
	}
}
