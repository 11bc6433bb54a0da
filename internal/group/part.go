package group

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what groups bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs: []job.Job{{Name: "expired invitation links", Every: time.Hour, Run: s.PurgeLinks}, {Name: "expired contact invitations", Every: time.Hour, Run: s.PurgeContacts},
			{Name: "counts of members", Every: time.Hour, Run: s.RepairAndTell}},
		Nodes: []part.Node{
			part.NodeOf(id.Group, s.ByIDs),
			part.NodeOf(id.Pair(id.Group, id.Person), s.MembershipsByIDs),
		},
		Lookups:   []part.Lookup{part.LookupOf(s.OwnByGroup), part.LookupOf(s.RequestsOf)},
		Kinds:     noticeKinds(),
		Audiences: s.audiences(),
		Subjects:  s.subjects(),

		Collections: s.collections(),
	}
}
