package device

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what devices bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs:    []job.Job{{Name: "devices not seen for long", Every: time.Hour, Run: s.Prune}},
		Lookups: []part.Lookup{part.LookupOf(s.Phones)},
		Nodes:   []part.Node{part.NodeOf(id.Device, s.ByIDs)},

		Collections: s.collections(),
	}
}
