package area

import (
	"context"
	"slices"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// NoticeHandedOver tells an employee that the work of a colleague is theirs from now on. It is about an area that they
// support, a group in which they organise what the colleague did, or an announcement that is to be sent in their name.
const NoticeHandedOver notify.Kind = "HANDED_OVER"

// reasonTookOver is the reason of people to whom a colleague's work has gone.
const reasonTookOver notify.ReasonKind = "TOOK_OVER"

// noticeKinds are the kinds with their channels and policies. A handover can bring many things at once, so they come
// together in the summary of the evening.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{{Kind: NoticeHandedOver, Default: notify.Summary, Family: notify.FamilyAnnouncements, Args: handedArgs{}}}
}

// handedArgs name the employee to whom work has gone.
type handedArgs struct{ PersonID string }

// HandedOver tells an employee of one thing that has gone to them, which the words name. It does not say from whom.
// Each time that the thing goes over is news of its own.
func HandedOver(subjectID, personID, time string, words map[string]string) notify.Cause {
	return notify.Cause{
		Key: notify.Key(id.Pair(subjectID, personID), "handed_over", time), Kind: NoticeHandedOver, Subject: subjectID,
		Args:      notify.ArgsOf(handedArgs{PersonID: personID}),
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{personID}, Why: &notify.Reason{Kind: reasonTookOver}}},
		Data:      words,
	}
}

// HandedTo is the employee to whom the news says that work has gone.
func HandedTo(n notify.News) (personID string, err error) {
	var args handedArgs
	err = n.Args.Decode(&args)
	return args.PersonID, err
}

func (a *Area) handedTo(personID string) notify.Cause {
	return HandedOver(a.ID, personID, strconv.Itoa(a.Version), map[string]string{"Area": a.Name})
}

// subjects lets news be about areas.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Area, States: notify.AllByIDs(s.ByIDs, (*Area).stateOf),
		State: func(ctx context.Context, n notify.News) (notify.SubjectState, error) {
			a, err := s.store.get(ctx, n.Subject)
			if err != nil {
				return notify.SubjectState{}, fault.UnlessNotFound(err)
			}
			return a.stateOf(n)
		}}}
}

// stateOf is the present state of news about the area. That it has gone to somebody holds as long as they support it.
func (a *Area) stateOf(n notify.News) (notify.SubjectState, error) {
	now := notify.SubjectState{Alive: true, Words: map[string]string{"Area": a.Name}}
	if n.Kind != NoticeHandedOver {
		return now, nil
	}
	personID, err := HandedTo(n)
	now.Alive = slices.Contains(a.CommunityBuilderIDs, personID)
	return now, err
}
