package wish

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Decision is what staff have decided about topics: to put them together, or to answer them. It names nobody.
type Decision struct {
	ID string `bson:"_id"`
	// Moves say which topic becomes which by a merge.
	Moves []Move `bson:"moves,omitempty"`
	// Topics are those that are answered by CourseID, or by Text if it is empty.
	Topics   []string  `bson:"topics,omitempty"`
	CourseID string    `bson:"courseId,omitempty"`
	Text     string    `bson:"text,omitempty"` // of a merge: the words
	People   int       `bson:"people"`         // who were behind the topics when they were answered
	At       time.Time `bson:"at"`
	Version  int       `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// Move is a topic that becomes another one, in the same area.
type Move struct {
	From string `bson:"from"`
	To   string `bson:"to"`
}

// decisionPrefix is that of the ids of decisions, which nobody sees.
const decisionPrefix = "wsd"

// Merge puts topics together under other words, in each of their areas. One alone only gets the words. Only for people
// with COURSES. Returns Forbidden, Problems, NotFound for a wish that is gone, and Conflict for one that is open no more.
func (s *Service) Merge(ctx context.Context, in MergeInput) (*Decision, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	d := &Decision{ID: s.Keys.NewID(ctx, in.ClientMutationID, decisionPrefix), Text: in.Text}
	call := idempotency.Call{Operation: "mergeWishes", Key: in.ClientMutationID, Input: in, On: decisionRefs(d.ID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Decision, error) {
		rows, err := s.openTopics(ctx, in.WishIDs)
		if err != nil {
			return nil, err
		}
		details := map[string]string{"words": in.Text}
		for _, row := range rows {
			d.Moves = append(d.Moves, Move{From: row.Topic, To: topicOf(row.AreaID, in.Text)})
		}
		details["topics"] = strconv.Itoa(len(rows))
		return d, s.decide(ctx, d, t, outbox.New(effectMerge, decisionArgs{d.ID}), s.Audit.Effect(ctx, call.Operation, d.ID, details))
	})
}

// Answer answers topics by a course or a text, and tells the people behind them. Those whose wishes are answered by a
// draft are told when it is published. Only for people with COURSES. Returns Forbidden, Problems, NotFound for a wish or
// a course that is not there, and Conflict for a wish that is open no more and for a course that is over.
func (s *Service) Answer(ctx context.Context, in AnswerInput) (*Decision, error) {
	if _, err := auth.RequireCapability(ctx, s.now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	d := &Decision{ID: s.Keys.NewID(ctx, in.ClientMutationID, decisionPrefix)}
	call := idempotency.Call{Operation: "answerWish", Key: in.ClientMutationID, Input: in, On: decisionRefs(d.ID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Decision, error) {
		details := map[string]string{}
		if in.CourseID == nil {
			d.Text = *in.Text
			details["text"] = d.Text
		} else if err := s.checkCourse(ctx, *in.CourseID); err != nil {
			return nil, err
		} else {
			d.CourseID = *in.CourseID
			details["course"] = d.CourseID
		}
		rows, err := s.openTopics(ctx, in.WishIDs)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			d.Topics, d.People = append(d.Topics, row.Topic), d.People+row.Count
		}
		details["people"] = strconv.Itoa(d.People)
		return d, s.decide(ctx, d, t, outbox.New(effectAnswer, answerArgs{DecisionID: d.ID}), s.Audit.Effect(ctx, call.Operation, d.ID, details))
	})
}

// checkCourse refuses a course that cannot answer a wish any more.
func (s *Service) checkCourse(ctx context.Context, courseID string) error {
	c, err := s.Courses.Get(ctx, courseID)
	if err != nil {
		return fault.MissingAt(err, "input.courseId")
	}
	if c.State != course.StateDraft && !c.IsOpen(s.now()) {
		return fault.Conflict("wish.course_over")
	}
	return nil
}

// decide writes a decision with what follows.
func (s *Service) decide(ctx context.Context, d *Decision, t idempotency.Token, effects ...outbox.Effect) error {
	d.At, d.Version = s.now(), 1
	return s.Outbox.Commit(ctx, decisionRefs(d.ID)[0], append(effects, t.Outcome(d)...), func(b outbox.Batch) error {
		d.Pending = b.Pending()
		return s.store.insertDecision(ctx, d)
	})
}

func decisionRefs(decisionID string) []outbox.Ref {
	return []outbox.Ref{{Collection: decisions, ID: decisionID}}
}

// openTopics are the topics of these ids with how many people are behind them. The id of a wish stands for its topic.
// Returns NotFound for a wish that is not there, and Conflict for a topic behind which is nobody any more.
func (s *Service) openTopics(ctx context.Context, ids []string) ([]*Count, error) {
	wishes, err := s.store.byIDs(ctx, slices.DeleteFunc(slices.Clone(ids), isTopic))
	if err != nil {
		return nil, err
	}
	var topics []string
	for _, wishID := range ids {
		switch w := wishes[wishID]; {
		case isTopic(wishID):
			topics = append(topics, wishID)
		case w == nil:
			return nil, fault.MissingAt(notFound(), "input.wishIds")
		case w.State != StateOpen:
			return nil, fault.Conflict("wish.not_open")
		default:
			topics = append(topics, w.Topic)
		}
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	counts, err := s.store.countsOf(ctx, topics)
	if err != nil {
		return nil, err
	}
	rows := rowsOf(counts)
	if len(rows) < len(topics) {
		return nil, fault.Conflict("wish.not_open")
	}
	return rows, nil
}

// isTopic reports whether an id is that of a topic.
func isTopic(wishID string) bool { return id.Prefix(wishID) == id.Topic }

// Rows are the topics of a decision as they are now: those that a merge has made, or those that were answered. Only for
// people with COURSES, who alone decide.
func (s *Service) Rows(ctx context.Context, d *Decision) ([]*Count, error) {
	topics := slices.Clone(d.Topics)
	for _, m := range d.Moves {
		topics = append(topics, m.To)
	}
	slices.Sort(topics)
	counts, err := s.store.countsOf(ctx, slices.Compact(topics))
	return rowsOf(counts), err
}
