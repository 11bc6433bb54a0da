package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// maxHeadStart is for how many hours only those who wished for a course know of it, at most.
const maxHeadStart = 336

// Clean checks the input. Returns Problems.
func (in *PublishInput) Clean() error {
	p := checkCourse(in.ClientMutationID, in.CourseID)
	if in.HeadStartHours != nil && (*in.HeadStartHours < 0 || *in.HeadStartHours > maxHeadStart) {
		p.Add(fault.Invalid("input.headStartHours", "course.head_start").With("Max", maxHeadStart))
	}
	return p.Err()
}

// Publish makes a draft visible. It tells those who wished for the course, and at once or after their head start those it
// is for. Only for people with COURSES. Returns Forbidden, Problems, NotFound, Conflict if it is no draft or has started,
// and VERSION_CONFLICT.
func (s *Service) Publish(ctx context.Context, in PublishInput) (*Course, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "publishCourse", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.CourseID, in.ExpectedVersion, func(c *Course) ([]outbox.Effect, error) {
		switch {
		case c.State == StatePublished:
			return nil, fault.Conflict("course.published")
		case c.State != StateDraft:
			return nil, fault.Conflict("course.over")
		case !c.StartsAt.After(s.now()):
			return nil, fault.Conflict("course.started")
		case c.checkDecideBy(s.now()) != nil:
			return nil, fault.Conflict("course.decide.past")
		}
		if err := s.canGive(c); err != nil {
			return nil, err
		}
		now := s.now()
		c.State, c.PublishedAt = StatePublished, &now
		hours := 0
		if in.HeadStartHours != nil {
			hours = *in.HeadStartHours
		}
		effects := append([]outbox.Effect{outbox.New(EffectScheduled, Scheduled{CourseID: c.ID})}, s.announce(ctx, c, hours)...)
		return slices.Concat(effects, s.teachersChanged(ctx, &Course{}, c), s.decideEffect(ctx, &Course{}, c)), nil
	})
}

// announce tells those who wished for a new course, and with them or after so many hours those it is for.
func (s *Service) announce(ctx context.Context, c *Course, hours int) []outbox.Effect {
	wished, others := c.wishers(), c.others()
	if hours == 0 || len(others) == 0 {
		news := s.herald.Cause(ctx, c.thing(), NoticePublished, "published", append(wished, others...)...)
		c.FirstNews = news.Key
		return []outbox.Effect{notify.Effect(news)}
	}
	now := s.now()
	ends := c.latestHeadStart(now, now.Add(time.Duration(hours)*time.Hour))
	first := s.herald.Cause(ctx, c.thing(), NoticePublished, "published", wished...)
	c.HeadStartEndsAt, c.FirstNews = &ends, first.Key
	return []outbox.Effect{notify.Effect(first), c.headStartTimer()}
}

// wishers are those who want one of the skills of the course, and those whose wish was answered by it.
func (c *Course) wishers() []notify.AudienceOf {
	list := []notify.AudienceOf{{Kind: AudienceWished, IDs: []string{c.ID}}}
	if len(c.SkillIDs) > 0 {
		list = slices.Insert(list, 0, notify.AudienceOf{Kind: person.AudienceSkillWanted, IDs: c.SkillIDs})
	}
	return list
}

// others are those the course is for. A course for everyone is not told to everybody.
func (c *Course) others() []notify.AudienceOf {
	switch {
	case c.Audience().isOfGroups():
		return []notify.AudienceOf{{Kind: AudienceMeant, IDs: []string{c.ID}}}
	case len(c.AreaIDs) > 0:
		return []notify.AudienceOf{{Kind: person.AudienceHomeArea, IDs: c.AreaIDs}}
	}
	return nil
}

// latestHeadStart is when a head start ends: then, or after half of the time until sign-up closes if that is earlier, so
// that there is time left for the others.
func (c *Course) latestHeadStart(now, then time.Time) time.Time {
	closes := c.StartsAt
	if t := c.terms(); t != nil && t.ClosesAt != nil && t.ClosesAt.Before(closes) {
		closes = *t.ClosesAt
	}
	if half := now.Add(closes.Sub(now) / 2); half.Before(then) {
		return half
	}
	return then
}

// timerHeadStart is the kind of the timer that tells those a course is for.
const timerHeadStart = "course.head_start"

// headStartArgs name the course, and the news that those who wished for it got.
type headStartArgs struct{ CourseID, First string }

// headStartTimer fires when the head start ends.
func (c *Course) headStartTimer() outbox.Effect {
	key := "course.head_start:" + c.ID + ":" + c.HeadStartEndsAt.UTC().Format(time.RFC3339)
	return timer.Effect(timer.New(key, timerHeadStart, *c.HeadStartEndsAt, headStartArgs{CourseID: c.ID, First: c.FirstNews}))
}

// shortenHeadStart ends a head start earlier, if the course is sooner than it was. The timer that was set before then
// finds that the others have been told.
func (c *Course) shortenHeadStart(now time.Time) []outbox.Effect {
	if c.State != StatePublished || c.HeadStartEndsAt == nil || !c.HeadStartEndsAt.After(now) {
		return nil
	}
	ends := c.latestHeadStart(now, *c.HeadStartEndsAt)
	if !ends.Before(*c.HeadStartEndsAt) {
		return nil
	}
	c.HeadStartEndsAt = &ends
	return []outbox.Effect{c.headStartTimer()}
}

// tellOthers tells those a course is for, when the head start of those who wished for it is over. A course that is not
// published any more, or has begun, is told to nobody. Whoever has been told is not told again.
func (s *Service) tellOthers(ctx context.Context, a headStartArgs) error {
	c, err := s.PublishedNow(ctx, a.CourseID)
	if err != nil || c == nil {
		return err
	}
	cause := s.herald.Cause(ctx, c.thing(), NoticePublished, "published", c.others()...)
	cause.Key, cause.UntoldKey = notify.Key(c.ID, "published", "others"), a.First
	return s.Enqueue(ctx, cause)
}
