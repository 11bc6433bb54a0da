package course

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// timerChanged is the kind of the timers that tell of changes.
const timerChanged = "course.changed"

// holdChanges is how long a change is held: what is corrected within it is one
// message with the last change.
const holdChanges = 2 * time.Minute

// Change is what has been changed since people were last told.
type Change struct {
	Since   []Session `bson:"since"`   // before the first change they do not know of
	Version int       `bson:"version"` // of the course after the last one
}

func (s Session) equal(t Session) bool {
	return s.StartsAt.Equal(t.StartsAt) && s.EndsAt.Equal(t.EndsAt) && s.Place.Equal(t.Place)
}

// firstNew is the first session to come that those who know the former ones do
// not know, with what is new about it; nil words if there is none.
func firstNew(before, now []Session, at time.Time) (Session, map[string]string) {
	for i, session := range now {
		if !session.StartsAt.After(at) || slices.ContainsFunc(before, session.equal) {
			continue
		}
		words := map[string]string{"NewTime": "1"}
		if i < len(before) {
			if before[i].StartsAt.Equal(session.StartsAt) {
				delete(words, "NewTime")
			}
			if !before[i].Place.Equal(session.Place) {
				words["NewPlace"] = "1"
			}
		}
		if len(words) == 0 {
			words["NewEnd"] = "1"
		}
		return session, words
	}
	if len(now) < len(before) && len(now) > 0 {
		return now[len(now)-1], map[string]string{"Fewer": "1"}
	}
	return Session{}, nil
}

type changedArgs struct {
	CourseID string
	Version  int
	Actor    string
}

// changed notes on a published course what people do not know yet, and sets the
// timer that tells them.
func (s *Service) changed(ctx context.Context, c *Course, before *Course) []outbox.Effect {
	if c.State != StatePublished {
		return nil
	}
	effects := []outbox.Effect{outbox.New(effectRemind, remindersArgs{CourseID: c.ID})}
	if slices.EqualFunc(before.Sessions, c.Sessions, Session.equal) {
		return effects
	}
	since := before.Sessions
	if before.Changing != nil {
		since = before.Changing.Since
	}
	c.Changing = &Change{Since: since, Version: c.Version}
	key := notify.Key(c.ID, "changed", strconv.Itoa(c.Version))
	return append(effects, timer.Effect(timer.New(key, timerChanged, s.now().Add(holdChanges),
		changedArgs{c.ID, c.Version, auth.FromContext(ctx).PersonID})))
}

// tellChanged tells those who enrolled what has changed, unless a later change
// will, or all of it was taken back.
func (s *Service) tellChanged(ctx context.Context, raw json.RawMessage) error {
	var a changedArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil || c.Changing == nil || c.Changing.Version != a.Version || c.State != StatePublished {
		return err
	}
	if session, words := firstNew(c.Changing.Since, c.Sessions, s.now()); words != nil {
		for name, word := range c.wordsOf(session) {
			words[name] = word
		}
		words["EndsAt"] = string(session.EndsAtLocal)
		err := s.HandIn(ctx, notify.Cause{
			Key: notify.Key(c.ID, "changed", strconv.Itoa(a.Version)), Kind: notify.KindCourseMoved, Subject: c.ID, Actor: a.Actor,
			Audiences: []notify.Audience{{Kind: notify.AudienceEnrolled, IDs: []string{c.ID}}},
			Data:      words, ExpiresAt: &c.EndsAt, TurnsUpAt: nextStart(slices.Concat(c.Changing.Since, c.Sessions), s.now()),
		})
		if err != nil {
			return err
		}
	}
	return s.store.told(ctx, c.ID, a.Version)
}

// nextStart is when the next of these sessions starts; nil if none is to come.
func nextStart(sessions []Session, now time.Time) *time.Time {
	var next *time.Time
	for _, s := range sessions {
		if s.StartsAt.After(now) && (next == nil || s.StartsAt.Before(*next)) {
			next = &s.StartsAt
		}
	}
	return next
}
