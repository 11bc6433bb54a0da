package wish

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// NoticeAnswered tells people that their wish is answered.
const NoticeAnswered notify.Kind = "WISH_ANSWERED"

// reasonWished is the reason of people who wished for a course in their own words. Its subject is the wish.
const reasonWished notify.ReasonKind = "WISHED"

func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{{Kind: NoticeAnswered, Default: notify.Push, Family: notify.FamilyCourses}}
}

// answered tells its person that the wish is answered: by a course, or by the text if that is nil.
func (w *Wish) answered(d *Decision, c *course.Course) notify.Cause {
	why := w.reason()
	n := notify.Cause{Key: notify.Key(w.ID, "answered", d.ID), Kind: NoticeAnswered, Subject: w.ID, Data: map[string]string{"Wish": w.Text}}
	if c != nil {
		n = c.About()
		n.Key, n.Kind, n.Data["Wish"] = notify.Key(c.ID, "answered", w.ID+":"+d.ID), NoticeAnswered, w.Text
		if c.PublishedAt != nil && !d.At.After(*c.PublishedAt) { // that may have told them of it already
			n.UntoldKey = c.FirstNews
		}
	} else {
		n.Data["Reply"] = *w.Reply
	}
	n.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{w.PersonID}, Why: &why}}
	return n
}

func (w *Wish) reason() notify.Reason {
	return notify.Reason{Kind: reasonWished, Subject: w.ID, Words: map[string]string{"Wish": w.Text}}
}

// audiences are the people whose wishes were answered by a course; its ids are courses.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{{Kind: course.AudienceWished, Reason: reasonWished, Now: "not_yours",
		Walk: notify.EachFor(func(ctx context.Context, courseID, after string, limit int) ([]notify.Found, error) {
			return s.walkAnswered(ctx, courseID, after, limit)
		}),
		Still: s.stillWish}}
}

// walkAnswered are the next people whose wishes a course answered, each once. Fewer than limit are the last ones.
func (s *Service) walkAnswered(ctx context.Context, courseID, after string, limit int) ([]notify.Found, error) {
	found := make([]notify.Found, 0, limit)
	for {
		list, err := s.store.answeredBy(ctx, courseID, after, limit)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			if w.PersonID == after {
				continue // another wish of the same person
			}
			if len(found) == limit {
				return found, nil
			}
			after = w.PersonID
			found = append(found, notify.Found{PersonID: w.PersonID, Reasons: []notify.Reason{w.reason()}})
		}
		if len(list) < limit {
			return found, nil
		}
	}
}

// stillWish tells which of these people still have the wish that is the subject of their reason.
func (s *Service) stillWish(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	ids := make([]string, len(asked))
	for i, c := range asked {
		ids[i] = c.Subject
	}
	found, err := s.store.byIDs(ctx, ids)
	still := make(map[notify.Concern]bool, len(asked))
	for _, c := range asked {
		w := found[c.Subject]
		still[c] = w != nil && w.PersonID == c.PersonID && w.IsStanding()
	}
	return still, err
}

// subjects lets news be about wishes.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Wish, State: s.subjectState, States: notify.AllByIDs(s.store.byIDs, stateOf),
		Visible: func(ctx context.Context, wishID string) error {
			w, err := s.store.get(ctx, wishID)
			if err == nil && !w.isOf(auth.FromContext(ctx)) {
				err = notFound()
			}
			return err
		}}}
}

func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	w, err := s.store.get(ctx, n.Subject)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return stateOf(w, n)
}

// stateOf is the present state of news of a wish, which is true while the answer is.
func stateOf(w *Wish, _ notify.News) (notify.SubjectState, error) {
	if w.State != StateAnswered || w.Reply == nil {
		return notify.SubjectState{}, nil
	}
	return notify.SubjectState{Alive: true, Words: map[string]string{"Reply": *w.Reply}}, nil
}
