package course

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
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

// maxAlso is how many sessions news of a change names besides the first.
const maxAlso = 3

// news is what a person who knows one list of sessions is told of another, as far
// as it still is so: of the sessions to come the first that is new, with what is
// new about it, and the times of the others. Nil: nothing.
func (c *Course) news(before, then []Session, at time.Time) map[string]string {
	var fresh []int
	for i, session := range c.Sessions {
		isNew := slices.ContainsFunc(then, session.equal) && !slices.ContainsFunc(before, session.equal)
		if isNew && session.StartsAt.After(at) {
			fresh = append(fresh, i)
		}
	}
	if len(fresh) == 0 {
		if len(then) < len(before) && len(c.Sessions) == len(then) && len(then) > 0 {
			words := c.wordsOf(c.Sessions[len(c.Sessions)-1])
			words["Fewer"] = "1"
			return words
		}
		return nil
	}
	words := c.wordsOf(c.Sessions[fresh[0]])
	c.sayWhatIsNew(words, before, fresh[0])
	also := fresh[1:]
	for _, l := range i18n.Languages {
		var times []string
		for _, i := range also[:min(maxAlso, len(also))] {
			times = append(times, i18n.FormatLocal(l, string(c.Sessions[i].StartsAtLocal)))
		}
		if len(also) > maxAlso {
			times = append(times, "…")
		}
		words["Also_"+string(l)] = strings.Join(times, ", ")
	}
	return words
}

// sayWhatIsNew adds to the words of a session what is new about it.
func (c *Course) sayWhatIsNew(words map[string]string, before []Session, i int) {
	session := c.Sessions[i]
	isKnown := i < len(before)
	switch {
	case isKnown && !before[i].Place.Equal(session.Place):
		words["NewPlace"] = "1"
		if !before[i].StartsAt.Equal(session.StartsAt) {
			words["NewTime"] = "1"
		}
	case isKnown && before[i].StartsAt.Equal(session.StartsAt):
		words["NewEnd"] = "1"
	default:
		words["NewTime"] = "1"
	}
}

func changedKey(courseID, version string) string { return notify.Key(courseID, "changed", version) }

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
	key := changedKey(c.ID, strconv.Itoa(c.Version))
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
	if words := c.news(c.Changing.Since, c.Sessions, s.now()); words != nil {
		// Older news that waits for the morning must be found superseded before this
		// one is there, and this one must not be.
		isLatest, err := s.store.telling(ctx, c.ID, a.Version, c.telling())
		if err != nil || !isLatest {
			return err
		}
		err = s.HandIn(ctx, notify.Cause{
			Key: changedKey(c.ID, strconv.Itoa(a.Version)), Kind: notify.KindCourseMoved, Subject: c.ID, Actor: a.Actor,
			Audiences: []notify.Audience{{Kind: notify.AudienceEnrolled, IDs: []string{c.ID}}},
			Data:      words, ExpiresAt: &c.EndsAt, TurnsUpAt: nextStart(slices.Concat(c.Changing.Since, c.Sessions), s.now()),
		})
		if err != nil {
			return err
		}
	}
	return s.store.told(ctx, c.ID, a.Version)
}

// maxTold is how many pieces of news of changes are remembered: more than can wait
// for a morning.
const maxTold = 10

// telling is what has been told of the course, with the change that is about to
// be.
func (c *Course) telling() []Change {
	told := slices.DeleteFunc(slices.Clone(c.Told), func(t Change) bool { return t.Version >= c.Changing.Version })
	told = append(told, *c.Changing)
	return told[max(0, len(told)-maxTold):]
}

// stillNew is what news of a change, by its key, tells now: what a later one tells
// anew it leaves out. Nil: nothing is left.
func (c *Course) stillNew(key string, at time.Time) map[string]string {
	version, err := strconv.Atoi(strings.TrimPrefix(key, changedKey(c.ID, "")))
	if err != nil {
		return nil
	}
	i := slices.IndexFunc(c.Told, func(t Change) bool { return t.Version == version })
	if i < 0 {
		return nil
	}
	then := c.Sessions
	if i+1 < len(c.Told) {
		then = c.Told[i+1].Since
	}
	return c.news(c.Told[i].Since, then, at)
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
