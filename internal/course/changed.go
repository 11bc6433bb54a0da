package course

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
	"faellesskab/internal/timer"
)

// timerChanged is the kind of the timers that tell of changes.
const timerChanged = "course.changed"

// plan are the sessions of a course as dates.
func (c *Course) plan() schedule.Plan {
	plan := make(schedule.Plan, len(c.Sessions))
	for i, session := range c.Sessions {
		plan[i] = schedule.Entry{ID: session.ID, Date: session.Date, Place: session.Place}
	}
	return plan
}

// snapshot is what people may know of a course.
func (c *Course) snapshot() schedule.Snapshot {
	return schedule.Snapshot{Plan: c.plan(), Title: c.Titles, Description: c.Descriptions}
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
	tellAt, ok := c.Telling.Note(before.snapshot(), c.snapshot(), c.Version, s.now())
	if !ok {
		return effects
	}
	return append(effects, timer.Effect(timer.New(changedKey(c.ID, c.Version), timerChanged, tellAt,
		changedArgs{c.ID, c.Version, auth.FromContext(ctx).PersonID})))
}

// tellChanged tells people who enrolled what has changed, unless a later change will be told
// instead, or all of it was taken back.
func (s *Service) tellChanged(ctx context.Context, a changedArgs) error {
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil || c.State != StatePublished {
		return err
	}
	if told, ok := c.Telling.Tell(c.snapshot(), a.Version, s.now()); ok {
		if ok, err := s.store.tell(ctx, c.ID, told); err != nil || !ok {
			return err
		}
		c.Telling = told
	}
	news := c.Telling.News(c.snapshot(), a.Version, s.now())
	kind := NoticeChanged
	switch {
	case news.IsMove():
		kind = NoticeMoved
	case !news.IsText():
		return nil
	}
	return s.Enqueue(ctx, notify.Cause{
		Key: changedKey(c.ID, a.Version), Kind: kind, Args: notify.ArgsOf(changeArgs{a.Version}), Subject: c.ID, Actor: a.Actor,
		Audiences: []notify.AudienceOf{{Kind: AudienceEnrolled, IDs: []string{c.ID}}},
		Data:      c.wordsOfNews(news), ExpiresAt: &c.EndsAt, TurnsUpAt: news.TurnsUpAt,
	})
}

// maxAlso is how many sessions the news of a change names besides the first.
const maxAlso = 3

// wordsOfNews are the words that a text may mention about news of the course: of the first
// session that is new, and the times of further ones.
func (c *Course) wordsOfNews(news schedule.News) map[string]string {
	told := *c
	told.Titles = news.Title
	date, _ := news.First()
	words := told.wordsOf(Session{Date: date.Date, Place: date.Place})
	maps.Copy(words, news.Words())
	also := news.Also()
	for _, l := range i18n.Languages {
		var times []string
		for _, further := range also[:min(maxAlso, len(also))] {
			times = append(times, i18n.FormatLocal(l, string(further.StartsAtLocal)))
		}
		if len(also) > maxAlso {
			times = append(times, "…")
		}
		words["Also_"+string(l)] = strings.Join(times, ", ")
	}
	return words
}
