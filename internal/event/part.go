package event

import (
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// lookEvery is how long after a date has ended lists may show it, and how late a date may be made.
const lookEvery = 10 * time.Minute

// Part is what events bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs: []job.Job{{Name: "orphaned dates", Every: time.Hour, Run: s.SweepOrphans},
			{Name: "dates of series", Every: lookEvery, Run: s.LookAtSeries}},
		Nodes: []part.Node{
			part.NodeOf(id.Event, s.ByIDs),
			part.NodeOf(id.Occurrence, s.OccurrencesByIDs),
			part.NodeOf(id.Pair(id.Occurrence, id.Person), s.AttendancesByIDs),
		},
		Lookups:   []part.Lookup{part.LookupOf(s.FirstOccurrences)},
		Kinds:     noticeKinds(),
		Audiences: s.audiences(),
		Subjects:  s.subjects(),

		Collections: s.collections(),
	}
}
