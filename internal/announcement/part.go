package announcement

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what announcements bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes:   indexes(),
		Jobs:      []job.Job{{Name: "old announcements", Every: time.Hour, Run: s.Purge}},
		Nodes:     []part.Node{part.NodeOf(id.Announcement, s.ByIDs)},
		Lookups:   []part.Lookup{part.LookupOf(s.Notifier.Reports)},
		Kinds:     noticeKinds(),
		Audiences: s.audiences(),
		Subjects:  s.subjects(),

		Collections: s.collections(),
	}
}
