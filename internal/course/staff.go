package course

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/notify"
)

// AudienceStaff are the people who run courses; its ids are courses.
const AudienceStaff notify.AudienceKind = "COURSE_STAFF"

// audienceOfStaff finds the people with COURSES, who are few.
func (s *Service) audienceOfStaff() notify.Audience {
	return notify.Audience{Kind: AudienceStaff, Reason: notify.ReasonStaff, Now: "not_yours",
		Walk: notify.Each(notify.ReasonStaff, func(ctx context.Context, _, after string, limit int) ([]string, error) {
			staff, err := s.staff(ctx)
			var people []string
			for _, personID := range staff {
				if personID > after && len(people) < limit {
					people = append(people, personID)
				}
			}
			return people, err
		}),
		Still: func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
			staff, err := s.staff(ctx)
			may := map[string]bool{}
			for _, personID := range staff {
				may[personID] = true
			}
			still := make(map[notify.Concern]bool, len(asked))
			for _, c := range asked {
				still[c] = may[c.PersonID]
			}
			return still, err
		}}
}

// staff are the ids of people with COURSES, in order.
func (s *Service) staff(ctx context.Context) ([]string, error) {
	officers, err := s.People.Officers(ctx, auth.CapabilityCourses)
	ids := make([]string, len(officers))
	for i, p := range officers {
		ids[i] = p.ID
	}
	return ids, err
}

// organisers are those who decide who comes to a course.
func (s *Service) organisers(_ context.Context, courseID string) ([]notify.AudienceOf, error) {
	return []notify.AudienceOf{{Kind: AudienceStaff, IDs: []string{courseID}}}, nil
}

// rights say what the viewer may do with others' bookings of these courses.
func (s *Service) rights(ctx context.Context, ids []string) (map[string]booking.Rights, error) {
	found, err := s.ByIDs(ctx, ids)
	v := auth.FromContext(ctx)
	may := make(map[string]booking.Rights, len(found))
	for courseID, c := range found {
		may[courseID] = booking.Rights{Runs: v.Can(auth.CapabilityCourses, s.now()), ChecksIn: c.isRunBy(v, s.now()), Parts: c.ledBy(v, s.now())}
	}
	return may, err
}
