package booking

import (
	"time"

	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what bookings of all sorts bring to the community.
func (s *Service) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs: []job.Job{{Name: "counts of seats and lines", Every: time.Hour, Run: s.RepairAndTell},
			{Name: "names of guests", Every: 6 * time.Hour, Run: s.ForgetGuests}},
		Lookups:     []part.Lookup{part.LookupOf(s.OwnViews), part.LookupOf(s.Bookables), part.LookupOf(s.Positions), part.LookupOf(s.LineLengths), part.LookupOf(s.Rights)},
		Kinds:       s.noticeKinds(),
		Audiences:   s.audiences(),
		Collections: s.collections(),
	}
}
