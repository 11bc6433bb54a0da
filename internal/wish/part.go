package wish

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what wishes bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{Indexes: indexes(), Nodes: []part.Node{part.NodeOf(id.Wish, s.ByIDs)}, Jobs: []job.Job{{Name: "ended wishes", Every: time.Hour, Run: s.Purge}},
		Kinds: noticeKinds(), Audiences: s.audiences(), Subjects: s.subjects(), Collections: s.collections()}
}
