package meeting

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
)

const (
	// shownTexts is how many texts are shown at most.
	shownTexts = 200
	// shownAnswers is how many answers are counted at most.
	shownAnswers = 5000
)

// Feedback is what those who came have said, as far as it is shown.
type Feedback struct {
	Count   int
	Average float64
	Texts   []string
}

// results are the answers to a date or session that organisers have seen. At least five come to them at once, and none
// goes, so that nobody learns somebody's answer by comparing two views.
type results struct {
	ID      string   `bson:"_id"` // of the date or session
	Answers []string `bson:"answers"`
	Version int      `bson:"version"`
}

// with are the results with all of these answers; the same if too few of them are new.
func (r *results) with(answers []*answer) *results {
	next := &results{ID: r.ID, Answers: slices.Clone(r.Answers), Version: r.Version + 1}
	for _, a := range answers {
		if _, isShown := slices.BinarySearch(r.Answers, a.ID); !isShown {
			next.Answers = append(next.Answers, a.ID)
		}
	}
	if len(next.Answers)-len(r.Answers) < fewestAnswers {
		return r
	}
	slices.Sort(next.Answers) // the order tells nothing of which came when
	return next
}

// sum puts those of the answers together that are shown; nil if they are too few.
func (r *results) sum(answers []*answer) *Feedback {
	f, total := &Feedback{Texts: []string{}}, 0
	for _, a := range answers {
		if _, isShown := slices.BinarySearch(r.Answers, a.ID); !isShown {
			continue
		}
		f.Count, total = f.Count+1, total+a.Rating
		if a.Text != "" && len(f.Texts) < shownTexts {
			f.Texts = append(f.Texts, a.Text)
		}
	}
	if f.Count < fewestAnswers {
		return nil
	}
	f.Average = float64(total) / float64(f.Count)
	return f
}

// FeedbackOf is the feedback to those dates and sessions whose organiser the viewer is, and to which enough people have
// answered. What is shown is written down first, and changes only when at least five more have answered since then.
func (s *Service) FeedbackOf(ctx context.Context, ids []string) (map[string]*Feedback, error) {
	things, err := s.hosted(ctx, ids)
	if err != nil || len(things) == 0 {
		return nil, err
	}
	shown, err := s.store.results(ctx, things)
	if err != nil {
		return nil, err
	}
	found := map[string]*Feedback{}
	for _, of := range things {
		answers, err := s.store.answers(ctx, of)
		if err != nil {
			return nil, err
		}
		was := shown[of]
		if was == nil {
			was = &results{ID: of}
		}
		now, err := s.show(ctx, was, answers)
		if err != nil {
			return nil, err
		}
		if f := now.sum(answers); f != nil {
			found[of] = f
		}
	}
	return found, nil
}

// show writes down what is shown from now on, if enough answers are new. If somebody else looks at the same moment, both
// see what the first has written down.
func (s *Service) show(ctx context.Context, was *results, answers []*answer) (*results, error) {
	next := was.with(answers)
	if next == was {
		return was, nil
	}
	err := s.store.saveResults(ctx, next)
	if !fault.Is(err, fault.KindConflict) {
		return next, err
	}
	first, err := s.store.results(ctx, []string{was.ID})
	if first[was.ID] == nil {
		return was, err
	}
	return first[was.ID], nil
}

// hosted are the ids of those dates and sessions that the viewer organises.
func (s *Service) hosted(ctx context.Context, ids []string) ([]string, error) {
	things, err := s.things(ctx, ids)
	if err != nil || len(things) == 0 {
		return nil, err
	}
	bookables := make([]string, 0, len(things))
	for _, x := range things {
		bookables = append(bookables, x.BookableID)
	}
	hosts, err := s.Hosts(ctx, bookables)
	var hosted []string
	for of, x := range things {
		if hosts[x.BookableID].HasLed(auth.FromContext(ctx), x.ID, s.now()) {
			hosted = append(hosted, of)
		}
	}
	return hosted, err
}

// isHost reports whether the viewer organises it.
func isHost(ctx context.Context, h booking.Host, now time.Time) bool {
	v := auth.FromContext(ctx)
	return h.CanSee != nil && h.CanSee(v, now) && h.MaySpeak(v, now)
}
