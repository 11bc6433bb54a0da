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
	// admitAgain is when everything is looked at once more: a request that was under
	// way may have been left behind a door that was closed when it was read. None
	// takes as long as that.
	admitAgain = 2 * time.Minute
)

// admitWalk goes through the people who have asked to join a group that is open now.
type admitWalk struct {
	GroupID string
	By      string // who has opened it; empty: the program
	Version int    // of the group when it was opened
	Again   bool   // it is the second time
	After   string // the last person; empty: none
}

func (w admitWalk) timer(at time.Time) timer.Timer {
	key := strings.Join([]string{"admit", w.GroupID, strconv.Itoa(w.Version), strconv.FormatBool(w.Again), w.After}, ":")
	return timer.New(key, timerAdmit, at, w)
}

// isOpen reports whether whoever wants to is in.
func (g *Group) isOpen() bool { return g.door().name == actJoin.name }

// opened is the effect of a change by which the door has opened; none if it was open
// before, or is not.
func (g *Group) opened(wasOpen bool, by string) []outbox.Effect {
	if wasOpen || !g.isOpen() {
		return nil
	}
	return []outbox.Effect{outbox.New(effectOpened, admitWalk{GroupID: g.ID, By: by, Version: g.Version})}
}

// admitAll lets in, in steps, whoever has asked, and looks again later.
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

// admit is one step. A door that has been closed since stays so.
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
