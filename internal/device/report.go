package device

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/notify"
)

// Report is what a phone knows of itself, beside what every phone must say. A phone that has said nothing lets
// everything through.
type Report struct {
	OSVersion string     `bson:"osVersion,omitempty"`
	Zone      clock.Zone `bson:"timeZone,omitempty"`
	// Refuses are the families that the phone does not show, and everything if it shows nothing at all.
	Refuses []notify.Family `bson:"refuses,omitempty"`
}

// everything stands for all families, also for those that are to come.
const everything notify.Family = "*"

// report is what the phone says of itself in this call.
func (in *RegisterInput) report() Report {
	r := Report{Refuses: in.FamiliesOff}
	if in.PushAllowed != nil && !*in.PushAllowed {
		r.Refuses = append([]notify.Family{everything}, in.FamiliesOff...)
	}
	if in.OSVersion != nil {
		r.OSVersion = *in.OSVersion
	}
	if in.TimeZone != nil {
		r.Zone = *in.TimeZone
	}
	return r
}

// PushAllowed reports whether the system of the phone lets the app show anything.
func (r Report) PushAllowed() bool { return !slices.Contains(r.Refuses, everything) }

// TimeZone is the time zone of the phone; Copenhagen's if it has said none, or one that this version does not know.
func (r Report) TimeZone() clock.Zone { return r.Zone.Or(clock.Copenhagen) }

// FamiliesOff are the families that are off on the phone, without those that only a newer version knows.
func (r Report) FamiliesOff() []notify.Family {
	return slices.DeleteFunc(slices.Clone(r.Refuses), func(f notify.Family) bool { return !f.IsValid() })
}

// Phone is what the phone lets through.
func (r Report) Phone() notify.Phone {
	return notify.Phone{ShowsNothing: !r.PushAllowed(), Off: r.FamiliesOff()}
}

// Phones are the viewer's phones that a push can reach, under their id. Those of others are nobody's business.
func (s *Service) Phones(ctx context.Context, personIDs []string) (map[string]notify.Phones, error) {
	own := auth.FromContext(ctx).PersonID
	if own == "" || !slices.Contains(personIDs, own) {
		return nil, nil //nolint:nilnil // there are none
	}
	return s.phonesOf(ctx, []string{own})
}

// AllRefuse finds those of these people who have phones, and none that shows pushes of a family. Only of those who have
// one that does not show them, it reads all phones.
func (s *Service) AllRefuse(ctx context.Context, f notify.Family, personIDs []string) (map[string]bool, error) {
	some, err := s.store.refusers(ctx, f, personIDs)
	if err != nil || len(some) == 0 {
		return nil, err
	}
	phones, err := s.phonesOf(ctx, some)
	all := map[string]bool{}
	for personID, theirs := range phones {
		all[personID] = theirs.AllRefuse(f)
	}
	return all, err
}

// phonesOf are the phones of people that a push can reach: neither those that rest, since Firebase calls them bad, nor
// those that only a newer version knows.
func (s *Service) phonesOf(ctx context.Context, personIDs []string) (map[string]notify.Phones, error) {
	list, damaged, err := s.store.of(ctx, personIDs)
	if damaged != nil {
		s.Log.WarnContext(ctx, "devices could not be read whole", "error", damaged)
	}
	now := s.store.db.Now()
	phones := map[string]notify.Phones{}
	for _, d := range withoutReplaced(list) {
		if d.isKnown() && !d.Rests(now) {
			phones[d.PersonID] = append(phones[d.PersonID], d.Phone())
		}
	}
	return phones, err
}
