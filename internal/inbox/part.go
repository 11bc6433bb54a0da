package inbox

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what the inbox brings to the community. The id of a notice consists of its
// reader's id and the key of its cause.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs:    []job.Job{{Name: "old notices", Every: time.Hour, Run: s.Purge}},
		Lookups: []part.Lookup{part.LookupOf(s.Readers)},
		Nodes:   []part.Node{part.NodeOf(id.Pair(id.Person, ""), s.ByIDs)},

		Collections: s.collections(),
	}
}
