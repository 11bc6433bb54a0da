package course

import (
	"context"
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

// holdChanges is how long news of a change is held. Further changes within this time become
// part of the same message.
const holdChanges = 2 * time.Minute

// Change is what has been changed since people were last told.
type Change struct {
	// Since, Titles and Descriptions are the course's before the first change that
	// people do not know of.
	Since        []Session `bson:"since"`
	Titles       i18n.Text `bson:"titles,omitempty"`
	Descriptions i18n.Text `bson:"descriptions,omitempty"`
	Version      int       `bson:"version"` // the course's version after the last change
}

// sayNewTexts adds to the words whether a course's name and description are new, and reports
// whether any is. Changes noted by older programs have no texts to compare with.
func (t Change) sayNewTexts(c *Course, words map[string]string) bool {
	if t.Titles == nil {
		return false
	}
	if !slices.Equal(t.Titles, c.Titles) {
		words["NewTitle"] = "1"
		return true
	}
	return !slices.Equal(t.Descriptions, c.Descriptions)
}

func (s Session) equal(t Session) bool {
	return s.StartsAt.Equal(t.StartsAt) && s.EndsAt.Equal(t.EndsAt) && s.Place.Equal(t.Place)
}

// maxAlso is how many sessions the news of a change names besides the first.
const maxAlso = 3

// moves are the words for a person who knows one list of sessions and not the other. They
// tell of the first coming session that is new, what is new about it, and the times of
// further ones, as far as the course still has them. Nil: there is nothing to tell.
func (c *Course) moves(before, then []Session, at time.Time) map[string]string {
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

// changeArgs say which version of the course the news of a change tells.
type changeArgs struct{ Version int }

func changedKey(courseID string, version int) string {
	return notify.Key(courseID, "changed", strconv.Itoa(version))
}

type changedArgs struct {
	CourseID string
	Version  int
	Actor    string
}

// changed notes on a published course which change people do not know yet, and sets the
// timer that tells them.
func (s *Service) changed(ctx context.Context, c *Course, before *Course) []outbox.Effect {
	if c.State != StatePublished {
		return nil
	}
	effects := []outbox.Effect{outbox.New(effectRemind, remindersArgs{CourseID: c.ID})}
	since := Change{Since: before.Sessions, Titles: before.Titles, Descriptions: before.Descriptions}
	if slices.EqualFunc(before.Sessions, c.Sessions, Session.equal) && !since.sayNewTexts(c, map[string]string{}) {
		return effects
	}
	if before.Changing != nil {
		since = *before.Changing
	}
	since.Version = c.Version
	c.Changing = &since
	key := changedKey(c.ID, c.Version)
	return append(effects, timer.Effect(timer.New(key, timerChanged, s.now().Add(holdChanges),
		changedArgs{c.ID, c.Version, auth.FromContext(ctx).PersonID})))
}

// tellChanged tells people who enrolled what has changed, unless a later change will be told
// instead, or all of it was taken back.
func (s *Service) tellChanged(ctx context.Context, a changedArgs) error {
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil || c.Changing == nil || c.Changing.Version != a.Version || c.State != StatePublished {
		return err
	}
	kind, words := NoticeMoved, c.moves(c.Changing.Since, c.Sessions, s.now())
	if words == nil {
		kind, words = NoticeChanged, c.words()
	}
	if isNew := c.Changing.sayNewTexts(c, words); isNew || kind == NoticeMoved {
		// This must be recorded before the new cause is queued, so that older news that
		// waits for the morning is found superseded, and the new one is not.
		isLatest, err := s.store.telling(ctx, c.ID, a.Version, c.telling())
		if err != nil || !isLatest {
			return err
		}
		if err := s.Enqueue(ctx, c.changeCause(a, kind, words, s.now())); err != nil {
			return err
		}
	}
	return s.store.told(ctx, c.ID, a.Version)
}

func (c *Course) changeCause(a changedArgs, kind notify.Kind, words map[string]string, now time.Time) notify.Cause {
	return notify.Cause{
		Key: changedKey(c.ID, a.Version), Kind: kind, Args: notify.ArgsOf(changeArgs{a.Version}), Subject: c.ID, Actor: a.Actor,
		Audiences: []notify.AudienceOf{{Kind: AudienceEnrolled, IDs: []string{c.ID}}},
		Data:      words, ExpiresAt: &c.EndsAt, TurnsUpAt: nextStart(slices.Concat(c.Changing.Since, c.Sessions), now),
	}
}

// maxTold is how many pieces of news of changes are remembered, which is more than can wait
// for one morning.
const maxTold = 10

// telling are the changes that have been told, with the one that is about to be told.
func (c *Course) telling() []Change {
	told := slices.DeleteFunc(slices.Clone(c.Told), func(t Change) bool { return t.Version >= c.Changing.Version })
	told = append(told, *c.Changing)
	return told[max(0, len(told)-maxTold):]
}

// stillNew are the words that the news of a change, given by its version, tells now. It
// leaves out what later news tells. Nil: there is nothing left to tell.
func (c *Course) stillNew(version int, at time.Time) map[string]string {
	i := c.toldBy(version)
	if i < 0 {
		return nil
	}
	then := c.Sessions
	if i+1 < len(c.Told) {
		then = c.Told[i+1].Since
	}
	return c.moves(c.Told[i].Since, then, at)
}

// isRetold reports whether news later than that of a version tells the name or the
// description again.
func (c *Course) isRetold(version int) bool {
	return slices.ContainsFunc(c.Told[c.toldBy(version)+1:], func(t Change) bool { return t.sayNewTexts(c, map[string]string{}) })
}

// toldBy is the index in Told of the change that the news of a version tells; -1 if it is
// not remembered.
func (c *Course) toldBy(version int) int {
	return slices.IndexFunc(c.Told, func(t Change) bool { return t.Version == version })
}

// nextStart is the start of the next of these sessions; nil if all have started.
func nextStart(sessions []Session, now time.Time) *time.Time {
	var next *time.Time
	for _, s := range sessions {
		if s.StartsAt.After(now) && (next == nil || s.StartsAt.Before(*next)) {
			next = &s.StartsAt
		}
	}
	return next
}
