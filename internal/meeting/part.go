package meeting

import (
	"time"

	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what meetings bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs: []job.Job{{Name: "old marks of feedback", Every: time.Hour, Run: s.Purge},
			{Name: "what follows a date", Every: followEvery, Run: s.FollowUp}},
		Nodes: []part.Node{part.NodeOf(itemPrefix, s.ItemsByIDs)},
		Lookups: []part.Lookup{part.LookupOf(s.Agendas), part.LookupOf(s.MinutesOf), part.LookupOf(s.CameTo), part.LookupOf(s.MayAnswer),
			part.LookupOf(s.FeedbackOf), part.LookupOf(s.Admissions)},
		Kinds:     s.noticeKinds(),
		Audiences: s.audiences(),

		Collections: s.collections(),
	}
}
