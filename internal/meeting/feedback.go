package meeting

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

const (
	// feedbackFor is how long after the end feedback can be given.
	feedbackFor = 30 * 24 * time.Hour
	// fewestAnswers is how many answers there must be before somebody sees them, and before they see more.
	fewestAnswers = 5
	// bestRating is the highest rating; 1 is the lowest.
	bestRating = 5
)

// answerName is the prefix of the ids of answers.
const answerName = "ans"

// answer is one person's feedback. Nothing in it says whose, nor when on that day it was given.
type answer struct {
	ID     string `bson:"_id"` // the date or session, and an id from chance
	Of     string `bson:"of"`  // the date, or the session
	Day    string `bson:"day"`
	Rating int    `bson:"rating"`
	Text   string `bson:"text"`
}

// mark says that somebody has given feedback, and not which.
type mark struct {
	ID       string    `bson:"_id"` // see markOf
	Of       string    `bson:"of"`
	PersonID string    `bson:"personId"`
	Until    time.Time `bson:"until"` // nobody can answer after that

	outbox.Pending `bson:",inline"`
}

// markOf is the id of the mark of somebody who answers.
func markOf(of, personID string) string { return id.Derive("mrk", of, personID) }

// GiveFeedbackInput is how a date of an event, or a session of a course, was.
type GiveFeedbackInput struct {
	ClientMutationID *string
	OccurrenceID     *string
	SessionID        *string
	Rating           int
	Text             *string
}

// Given is that the viewer has answered.
type Given struct {
	OccurrenceID string
	SessionID    string
}

// of is the date or the session.
func (in *GiveFeedbackInput) of() string {
	if in.OccurrenceID != nil {
		return *in.OccurrenceID
	}
	return *in.SessionID
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *GiveFeedbackInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	switch {
	case (in.OccurrenceID == nil) == (in.SessionID == nil):
		p.Add(fault.Invalid("input", "meeting.one_of"))
	case in.OccurrenceID != nil:
		p.Add(id.Check("input.occurrenceId", id.Occurrence, *in.OccurrenceID))
	default:
		p.Add(id.Check("input.sessionId", id.Pair(id.Session, id.Course), *in.SessionID))
	}
	if in.Rating < 1 || in.Rating > bestRating {
		p.Add(fault.Invalid("input.rating", "meeting.rating"))
	}
	if in.Text != nil {
		said := text.Clean(&p, "input.text", *in.Text, text.Limits{Max: 2000, Lines: true})
		in.Text = &said
	}
	return p.Err()
}

// asked is what the record of a call may know of it: which date or session, and nothing of the answer.
type asked struct{ Of string }

// GiveFeedback keeps how a date or a session was, by somebody who came. Returns Problems, NotFound for one that the
// viewer may not see, Forbidden unless they came, and Conflict before it is over, 30 days later and for a second answer.
func (s *Service) GiveFeedback(ctx context.Context, in GiveFeedbackInput) (*Given, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	of := in.of()
	ref := outbox.Ref{Collection: feedbackMarks, ID: markOf(of, v.PersonID)}
	call := idempotency.Call{Operation: "giveFeedback", Key: in.ClientMutationID, Input: asked{of}, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Given, error) {
		endsAt, err := s.mayAnswer(ctx, of)
		if err != nil {
			return nil, err
		}
		given := &Given{}
		if in.OccurrenceID != nil {
			given.OccurrenceID = of
		} else {
			given.SessionID = of
		}
		a := &answer{ID: id.Pair(of, id.Random(answerName)), Of: of, Day: clock.Day(s.now(), clock.Copenhagen), Rating: in.Rating}
		if in.Text != nil {
			a.Text = *in.Text
		}
		return given, s.answer(ctx, ref, a, &mark{ID: ref.ID, Of: of, PersonID: v.PersonID, Until: endsAt.Add(feedbackFor)}, t.Outcome(given))
	})
}

// answer writes an answer and then its mark. If somebody has another mark already, such as by a call at the same moment,
// the answer does not stay.
func (s *Service) answer(ctx context.Context, ref outbox.Ref, a *answer, m *mark, effects []outbox.Effect) error {
	if err := s.store.insertAnswer(ctx, a); err != nil {
		return err
	}
	err := s.Outbox.Commit(ctx, ref, effects, func(b outbox.Batch) error {
		m.Pending = b.Pending()
		return s.store.insertMark(ctx, m)
	})
	if fault.Is(err, fault.KindConflict) {
		return errors.Join(err, s.store.removeAnswer(ctx, a))
	}
	return err
}

// mayAnswer is when the date or session ended, if the viewer may answer now.
func (s *Service) mayAnswer(ctx context.Context, of string) (endsAt time.Time, err error) {
	things, err := s.things(ctx, []string{of})
	if err != nil {
		return endsAt, err
	}
	x, ok := things[of]
	if !ok {
		return endsAt, fault.NotFound("not_found")
	}
	if err := x.isAnswerable(s.now()); err != nil {
		return endsAt, err
	}
	came, err := s.viewerCame(ctx, []thing{x})
	if err != nil {
		return endsAt, err
	}
	if !came[of] {
		return endsAt, fault.Forbidden("meeting.not_there")
	}
	marks, err := s.store.marks(ctx, []string{markOf(of, auth.FromContext(ctx).PersonID)})
	if err != nil {
		return endsAt, err
	}
	if len(marks) > 0 {
		return endsAt, fault.Conflict("meeting.answered")
	}
	return x.EndsAt, nil
}

// MayAnswer is that the viewer may give feedback now.
type MayAnswer bool

// MayAnswer finds those of the dates and sessions to which the viewer may give feedback now.
func (s *Service) MayAnswer(ctx context.Context, ids []string) (map[string]MayAnswer, error) {
	v := auth.FromContext(ctx)
	if v.IsAnonymous() {
		return nil, nil
	}
	things, err := s.things(ctx, ids)
	if err != nil {
		return nil, err
	}
	var open []thing
	var markIDs []string
	for _, x := range things {
		if x.isAnswerable(s.now()) == nil {
			open, markIDs = append(open, x), append(markIDs, markOf(x.ID, v.PersonID))
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	came, err := s.viewerCame(ctx, open)
	if err != nil {
		return nil, err
	}
	marks, err := s.store.marks(ctx, markIDs)
	may := map[string]MayAnswer{}
	for of := range came {
		may[of] = MayAnswer(came[of] && marks[markOf(of, v.PersonID)] == nil)
	}
	return may, err
}
