package wish

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// The kinds of effects of this package, and of its timer.
const (
	effectJoin   = "wish.join"   // a new wish joins others of the same words
	effectMerge  = "wish.merge"  // the wishes follow a merge
	effectAnswer = "wish.answer" // the wishes follow an answer
	effectTell   = "wish.tell"   // somebody whose wish a course answers is told
	timerAnswer  = "wish.answer_more"
)

type wishArgs struct{ WishID string }

type decisionArgs struct{ DecisionID string }

// answerArgs say which decision is carried out, and the topic and the wish up to which that is done.
type answerArgs struct{ DecisionID, Topic, After string }

// tellArgs name a wish, and the decision that answered it.
type tellArgs struct{ WishID, DecisionID string }

// courseWishes are wishes that a course answered.
type courseWishes struct {
	CourseID, PersonID string // no person: everybody's
	State              State
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, effectJoin, "wish.topics", func(ctx context.Context, _ outbox.Call, a wishArgs) error { return s.join(ctx, a.WishID) })
	outbox.On(s.Outbox, effectMerge, "wish.topics", func(ctx context.Context, _ outbox.Call, a decisionArgs) error {
		d, err := s.store.decision(ctx, a.DecisionID)
		if err != nil {
			return err
		}
		for _, m := range d.Moves {
			if err := s.store.move(ctx, m.From, m.To, d.Text); err != nil {
				return err
			}
			if err := s.store.move(ctx, m.To, m.To, d.Text); err != nil {
				return err
			}
		}
		return nil
	})
	outbox.On(s.Outbox, effectAnswer, "wish.answers", func(ctx context.Context, _ outbox.Call, a answerArgs) error { return s.answer(ctx, a) })
	timer.On(s.Timers, timerAnswer, s.answer)
	outbox.On(s.Outbox, effectTell, "wish.tell", func(ctx context.Context, _ outbox.Call, a tellArgs) error { return s.tell(ctx, a) })
	outbox.On(s.Outbox, course.EffectCancelled, "wish.courses", func(ctx context.Context, _ outbox.Call, c course.Cancelled) error {
		return s.store.openAgain(ctx, c.CourseID)
	})
}

// longestChain is through how many merges a topic is followed.
const longestChain = 10

// join has a wish join the wishes of the same words: those into which staff have merged its topic, or those that are there.
func (s *Service) join(ctx context.Context, wishID string) error {
	w, err := s.store.get(ctx, wishID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	topic, words, since := w.Topic, w.Words, time.Time{}
	for range longestChain {
		d, err := s.store.merged(ctx, topic, since)
		if fault.Is(err, fault.KindNotFound) {
			break
		}
		if err != nil {
			return err
		}
		i := slices.IndexFunc(d.Moves, func(m Move) bool { return m.From == topic })
		topic, words, since = d.Moves[i].To, d.Text, d.At
	}
	if since.IsZero() {
		other, err := s.store.other(ctx, w)
		if err != nil {
			return fault.UnlessNotFound(err)
		}
		words = other.Words
	}
	if topic == w.Topic && words == w.Words {
		return nil
	}
	return s.store.join(ctx, w, topic, words)
}

// answerAtOnce is how many wishes are answered in one step.
const answerAtOnce = 100

// answer carries an answer out, a step at a time. Wishes that came later stay open.
func (s *Service) answer(ctx context.Context, a answerArgs) error {
	d, err := s.store.decision(ctx, a.DecisionID)
	if err != nil {
		return err
	}
	for _, topic := range d.Topics {
		if topic < a.Topic { // they are in order
			continue
		}
		after := ""
		if topic == a.Topic {
			after = a.After
		}
		list, err := s.store.openOf(ctx, topic, after, answerAtOnce)
		if err != nil {
			return err
		}
		for _, w := range list {
			if err := s.answerOne(ctx, w.ID, d); err != nil {
				return err
			}
		}
		if len(list) == answerAtOnce {
			next := answerArgs{DecisionID: d.ID, Topic: topic, After: list[len(list)-1].ID}
			return s.Timers.Set(ctx, timer.New("wish.answer:"+d.ID+":"+next.After, timerAnswer, s.now(), next))
		}
	}
	return nil
}

// answerOne answers one wish, unless it is open no more or was made after the answer.
func (s *Service) answerOne(ctx context.Context, wishID string, d *Decision) error {
	_, err := fault.Again(func() (*Wish, error) {
		w, err := s.store.get(ctx, wishID)
		if err != nil || w.State != StateOpen || w.WishedAt.After(d.At) || !slices.Contains(d.Topics, w.Topic) {
			return w, fault.UnlessNotFound(err)
		}
		w.end(StateAnswered, d.At, keepsAnswered)
		if w.CourseID = d.CourseID; d.CourseID == "" {
			w.Reply = &d.Text
		}
		tells := outbox.New(effectTell, tellArgs{WishID: w.ID, DecisionID: d.ID})
		if w.Reply != nil {
			tells = notify.Effect(w.answered(d, nil))
		}
		return w, s.write(ctx, w, []outbox.Effect{tells})
	})
	return err
}

// tell tells somebody of the course that answered their wish; of a draft they are told when it is published. It looks at the
// course after the wish is written, so that one of the two finds the other when the course is published or cancelled at
// the same moment.
func (s *Service) tell(ctx context.Context, a tellArgs) error {
	w, err := s.store.get(ctx, a.WishID)
	if err != nil || w.State != StateAnswered || w.CourseID == "" {
		return fault.UnlessNotFound(err)
	}
	c, err := s.Courses.PublishedNow(ctx, w.CourseID)
	if err != nil {
		return err
	}
	if c == nil {
		return s.openIfCancelled(ctx, w.CourseID)
	}
	d, err := s.store.decision(ctx, a.DecisionID)
	if err != nil {
		return err
	}
	return s.Enqueue(ctx, w.answered(d, c))
}

// openIfCancelled has the wishes that a course answered be open again if it is cancelled.
func (s *Service) openIfCancelled(ctx context.Context, courseID string) error {
	isCancelled, err := s.Courses.IsCancelled(ctx, courseID)
	if err != nil || !isCancelled {
		return err
	}
	return s.store.openAgain(ctx, courseID)
}

// Fulfilled ends the wishes of a person that a course answered, since they have completed it.
func (s *Service) Fulfilled(ctx context.Context, courseID, personID string) error {
	return s.store.fulfil(ctx, courseWishes{courseID, personID, StateAnswered}, StateFulfilled, s.now().Add(keepsEnded))
}

// Unfulfilled has those wishes be answered again, since the completion was undone, or open if the course is cancelled by now.
func (s *Service) Unfulfilled(ctx context.Context, courseID, personID string) error {
	if err := s.store.fulfil(ctx, courseWishes{courseID, personID, StateFulfilled}, StateAnswered, s.now().Add(keepsAnswered)); err != nil {
		return err
	}
	return s.openIfCancelled(ctx, courseID)
}

// Purge removes wishes whose time has come.
func (s *Service) Purge(ctx context.Context) error { return s.store.purge(ctx) }
