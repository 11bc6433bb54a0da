package group

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

const (
	// effectOpened follows a write that opens a group's door to everybody.
	effectOpened = "group.opened"
	// timerAdmit is the kind of the timers that go on with letting people in.
	timerAdmit = "group.admit"
	// admitStep is how many people one step lets in.
	admitStep = 20
	// admitAgain is how long after the first walk there is a second one, for requests
	// that were under way when the group opened. No call takes as long as that.
	admitAgain = 2 * time.Minute
)

// admitWalk goes through the people who have asked to join a group that is open now.
type admitWalk struct {
	GroupID string
	By      string // the person who has opened it; empty: the program
	Version int    // the group's version when it was opened
	Again   bool   // whether it is the second walk
	After   string // the last person; empty: none
}

func (w admitWalk) timer(at time.Time) timer.Timer {
	key := strings.Join([]string{"admit", w.GroupID, strconv.Itoa(w.Version), strconv.FormatBool(w.Again), w.After}, ":")
	return timer.New(key, timerAdmit, at, w)
}

// isOpen reports whether everybody may join.
func (g *Group) isOpen() bool { return g.door().name == actJoin.name }

// opened is the effect of a change that has opened the group to everybody; none if it was
// open before, or is not open now.
func (g *Group) opened(wasOpen bool, by string) []outbox.Effect {
	if wasOpen || !g.isOpen() {
		return nil
	}
	return []outbox.Effect{outbox.New(effectOpened, admitWalk{GroupID: g.ID, By: by, Version: g.Version})}
}

// admitAll lets people in who have asked, in steps, and sets the timer of the second walk.
func (s *Service) admitAll(ctx context.Context, w admitWalk) error {
	again := w
	again.Again = true
	if err := s.Timers.Set(ctx, again.timer(s.now().Add(admitAgain))); err != nil {
		return err
	}
	return s.admit(ctx, w)
}

// admitOn goes on where a step has stopped.
func (s *Service) admitOn(ctx context.Context, w admitWalk) error {
	return s.admit(ctx, w)
}

// admit is one step of a walk. It does nothing if the group has been closed since.
func (s *Service) admit(ctx context.Context, w admitWalk) error {
	g, err := s.store.get(ctx, w.GroupID)
	if err != nil || !g.isOpen() {
		return err
	}
	waiting, err := s.store.peopleIn(ctx, g.ID, StateRequested, w.After, admitStep)
	if err != nil {
		return err
	}
	for _, personID := range waiting {
		_, err := s.do(ctx, deed{act: actOpen, group: g, personID: personID, by: w.By})
		if f := (*fault.Error)(nil); err != nil && !(errors.As(err, &f) && f.Key == isFull().Key) {
			return err
		}
	}
	if len(waiting) < admitStep {
		return nil
	}
	w.After = waiting[len(waiting)-1]
	return s.Timers.Set(ctx, w.timer(s.now()))
}
