package inbox

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// standing finds out how notices stand now: for their reader who looks, and for the number on the phones of
// many readers at once.
type standing struct {
	store store
	news  *notify.Registry
	log   *slog.Logger
}

// viewers are the readers of notices as those who look at them, by id.
type viewers func(personID string) auth.Viewer

// only is the viewer of a call, whose notices all of them are.
func only(ctx context.Context) viewers {
	v := auth.FromContext(ctx)
	return func(string) auth.Viewer { return v }
}

// known are the notices whose news this version knows. Others are shown as they were told.
func (s standing) known(list []*Notice) []*Notice {
	return slices.DeleteFunc(slices.Clone(list), func(n *Notice) bool { return !s.news.Knows(n.Kind, n.SubjectID) })
}

// bringUpToDate finds out how notices stand, and returns those that are still so.
func (s standing) bringUpToDate(ctx context.Context, list []*Notice, as viewers) (isSo []*Notice, err error) {
	s.putOff(list)
	list = s.known(list)
	if len(list) == 0 {
		return nil, nil
	}
	states, err := s.states(ctx, list)
	if err != nil {
		return nil, err
	}
	ended, err := s.news.Ended(ctx, toldBy(list))
	if err != nil {
		return nil, err
	}
	for i, n := range list {
		// What cannot be found out is shown as it was told.
		if states[i] != nil && s.follow(as(n.PersonID), n, *states[i], ended[i]) {
			isSo = append(isSo, n)
		}
	}
	return isSo, nil
}

// NowUntrue says of a notice only that it is no longer so.
const NowUntrue = "untrue"

// putOff gives notices that are put off how they are shown: they are not unread until they come back.
func (s standing) putOff(list []*Notice) {
	now := s.store.db.Now()
	for _, n := range list {
		if n.Snoozed == nil {
			continue
		}
		if n.Snoozed.Until.After(now) {
			n.settle(&n.Snoozed.At)
		} else {
			n.Snoozed = nil // it is about to come back
		}
	}
}

// follow gives a notice how it stands now, and reports whether it is still so. ended is what becomes of it if the person
// has no reason any more to be told, nil if they have one.
func (s standing) follow(v auth.Viewer, n *Notice, state notify.SubjectState, ended *notify.Verdict) (isTrue bool) {
	now := s.store.db.Now()
	isOver := n.ExpiresAt != nil && !n.ExpiresAt.After(now)
	if state.ExpiresAt != nil {
		isOver = !state.ExpiresAt.After(now)
	}
	switch {
	case s.hasLeft(v, n) || state.MayKnow != nil && !state.MayKnow(v):
		n.end(nil) // what has become of it is no longer theirs to know
	case ended != nil:
		n.Now = cmp.Or(state.Now, s.news.NowOf(n.told()))
		n.end(state.Until)
	case !state.Alive && isOver && state.Now == "":
		n.end(state.ExpiresAt)
	case !state.Alive:
		n.Now = cmp.Or(state.Now, NowUntrue)
		n.end(state.Until)
	default:
		n.renew(state)
		if isOver {
			n.end(n.ExpiresAt)
		}
		return true
	}
	return false
}

func (n *Notice) told() notify.Told { return notify.Told{PersonID: n.PersonID, Reasons: n.Reasons} }

func toldBy(list []*Notice) []notify.Told {
	told := make([]notify.Told, len(list))
	for i, n := range list {
		told[i] = n.told()
	}
	return told
}

// states are the present states of the news of notices; nil where one cannot be found out. News that many were told
// is asked for once.
func (s standing) states(ctx context.Context, list []*Notice) ([]*notify.SubjectState, error) {
	var news []notify.News
	places, of := map[notify.News]int{}, make([]int, len(list))
	for i, n := range list {
		what := notify.News{Kind: n.Kind, Subject: n.SubjectID, Args: n.Args}
		at, known := places[what]
		if !known {
			at = len(news)
			places[what], news = at, append(news, what)
		}
		of[i] = at
	}
	found, err := s.ask(ctx, news)
	if err != nil {
		return nil, err
	}
	states := make([]*notify.SubjectState, len(list))
	for i, at := range of {
		states[i] = found[at]
	}
	return states, nil
}

// ask finds out the present states of news. What cannot be found out keeps no other from being shown: the news
// is asked for in ever smaller parts, until that one stands alone.
func (s standing) ask(ctx context.Context, news []notify.News) (states []*notify.SubjectState, err error) {
	err = fault.Catch(func() error {
		found, err := s.news.States(ctx, news)
		for i := range found {
			states = append(states, &found[i])
		}
		return err
	})
	switch {
	case err == nil:
		return states, nil
	case fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil:
		return nil, err
	case len(news) == 1:
		s.log.WarnContext(ctx, "a notice is shown as it was told", "subject", news[0].Subject, "kind", news[0].Kind, "error", err, "stack", fault.StackOf(err))
		return []*notify.SubjectState{nil}, nil
	}
	half := len(news) / 2
	if states, err = s.ask(ctx, news[:half]); err != nil {
		return nil, err
	}
	rest, err := s.ask(ctx, news[half:])
	return append(states, rest...), err
}

// hasLeft reports whether the news is of a group to which the viewer no longer belongs.
func (s standing) hasLeft(v auth.Viewer, n *Notice) bool {
	return n.GroupID != "" && (n.MembersOnly || s.news.Kinds.Of(n.Kind).Policy.ByMembership) && !v.InGroup(n.GroupID)
}

// end settles a notice that needs no attention ever again, so that it is not put off either.
func (n *Notice) end(since *time.Time) {
	n.Snoozed = nil
	n.settle(since)
}

// settle makes the notice one that needs no more attention, since an instant if that is known.
func (n *Notice) settle(since *time.Time) {
	if !n.Unread {
		return
	}
	if n.Unread, n.ReadAt = false, since; since == nil || since.Before(n.CreatedAt) {
		n.ReadAt = &n.CreatedAt
	}
}

// renew gives the notice, and the reasons that name its subject, the words of now.
func (n *Notice) renew(state notify.SubjectState) {
	state.Renew(&n.Words, &n.ExpiresAt)
	for i, why := range n.Reasons {
		if why.Subject != n.SubjectID && why.Subject != n.GroupID {
			continue
		}
		words := maps.Clone(why.Words)
		for name := range words {
			if current, ok := state.Words[name]; ok {
				words[name] = current
			}
		}
		n.Reasons[i].Words = words
	}
}
