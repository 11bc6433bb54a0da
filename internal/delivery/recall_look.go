package delivery

import (
	"context"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// News that was sent may cease to be so while it stands on screens: an event is cancelled, a seat that was offered is
// taken, a request is answered by another leader. A look now and then asks how it stands, often at first, when people
// change their minds, and less later; and at once when something is written on which the news depends.

const (
	// lookSentMoment is how often a process looks for news whose look is due.
	lookSentMoment = 20 * time.Second
	// looksAtMost is how long after it was told news is looked at.
	looksAtMost = 3 * 24 * time.Hour
	// looksAtOnce is how many pieces of news one look asks about.
	looksAtOnce = 100
	// restOfLook is how long who looks rests after a look: what is in demand is written many times a second.
	restOfLook = 2 * time.Second
)

// lookSteps say how long it is until the next look at news of an age.
var lookSteps = []struct{ age, step time.Duration }{
	{10 * time.Minute, time.Minute}, {2 * time.Hour, 5 * time.Minute}, {24 * time.Hour, 30 * time.Minute}, {looksAtMost, 2 * time.Hour},
}

// nextLook is when a job that has been sent is looked at next, unless something is written before; nil if never more.
// expires is when its news is over, if that is known.
func (j *job) nextLook(now time.Time, expires *time.Time) *time.Time {
	age := now.Sub(j.CreatedAt)
	for _, s := range lookSteps {
		if age >= s.age {
			continue
		}
		at := now.Add(s.step)
		if expires != nil && expires.After(now) && expires.Before(at) {
			at = *expires
		}
		return &at
	}
	return nil
}

// isLookedAt reports whether the news of a job may stand on screens. A summary stands there until its reader has dealt
// with it.
func (j *job) isLookedAt() bool { return j.Counts.Pushed > 0 && j.Kind != notify.KindSummary }

// lookNext looks at news that was sent: what is due, and what depends on documents that were written. worked is false
// if there was none.
func (n *Notifier) lookNext(ctx context.Context) (worked bool, err error) {
	list, err := n.toLookAt(ctx)
	if err != nil || len(list) == 0 {
		return false, err
	}
	now := n.DB.Now()
	next := map[time.Time][]string{} // keys of jobs; under the zero time those that are looked at no more
	var over []*job
	for i, state := range n.statesOfJobs(ctx, list) {
		j := list[i]
		if state == nil || state.Alive && !isOver(now, j.ExpiresAt, state.ExpiresAt) {
			expires := j.ExpiresAt
			if state != nil && state.ExpiresAt != nil {
				expires = state.ExpiresAt
			}
			n.lookAgain(next, j, j.nextLook(now, expires))
			continue
		}
		over = append(over, j)
	}
	open, err := n.recallJobs(ctx, over)
	if err != nil {
		return true, err
	}
	for _, j := range over {
		if j.State == stateQueued || open[j.Key][stateQueued] {
			n.lookAgain(next, j, j.nextLook(now, nil)) // more of it may be under way
		} else {
			n.lookAgain(next, j, nil)
		}
	}
	return true, n.store.setLooks(ctx, next)
}

// lookAndRest is lookNext for a process that goes on. It begins with all that was sent before.
func (n *Notifier) lookAndRest(ctx context.Context) (worked bool, err error) {
	if !n.sent.isComplete() {
		list, err := n.store.allLooks(ctx)
		if err != nil {
			return false, err
		}
		for _, j := range list {
			n.sent.note(j)
		}
		n.sent.complete()
	}
	worked, err = n.lookNext(ctx)
	if worked && err == nil {
		select {
		case <-ctx.Done():
		case <-time.After(restOfLook):
		}
	}
	return worked, err
}

// untilLook is how long who has looked waits before looking again, unless something is written.
func (n *Notifier) untilLook(context.Context, time.Duration) time.Duration { return lookSentMoment }

// FollowWrites has news that was sent looked at when documents of these collections are written on which it depends. It
// is called before the bus runs.
func (n *Notifier) FollowWrites(collections []string) {
	for _, c := range collections {
		n.Bus.Listen(c, n.sent.written)
	}
}

func (n *Notifier) lookAgain(next map[time.Time][]string, j *job, at *time.Time) {
	var when time.Time
	if at != nil {
		when = *at
	}
	next[when] = append(next[when], j.Key)
	j.LookAt = at
	n.sent.note(j)
}

// isOver reports whether news has expired, by what its subject says now or else by what it said.
func isOver(now time.Time, told, current *time.Time) bool {
	if current != nil {
		told = current
	}
	return told != nil && !told.After(now)
}

// toLookAt are the jobs to look at now.
func (n *Notifier) toLookAt(ctx context.Context) (list []*job, err error) {
	now := n.DB.Now()
	if keys := n.sent.take(looksAtOnce); len(keys) > 0 {
		found, err := n.store.jobsOf(ctx, keys)
		if err != nil {
			n.sent.putBack(keys)
			return nil, err
		}
		for _, j := range found {
			if j.LookAt != nil {
				list = append(list, j)
			}
		}
	}
	if able, err := n.DB.Capabilities(ctx); err == nil && able.SoleWriter && n.sent.isComplete() && !n.sent.isDue(now) {
		return list, nil
	}
	due, err := n.store.dueLooks(ctx, now)
	if err != nil {
		return nil, err
	}
	for _, j := range due {
		if !has(list, j.Key) {
			list = append(list, j)
		}
	}
	return list, nil
}

// statesOfJobs are the present states of the news of jobs; nil where one cannot be found out, which keeps no other from
// being looked at: it is asked for again with the next look.
func (n *Notifier) statesOfJobs(ctx context.Context, list []*job) []*notify.SubjectState {
	states := make([]*notify.SubjectState, len(list))
	var known []int
	var news []notify.News
	for i, j := range list {
		if n.understands(&j.Cause) {
			known, news = append(known, i), append(news, notify.News{Kind: j.Kind, Subject: j.Subject, Args: j.Args})
		}
	}
	ask := func(from, to int) error {
		return fault.Catch(func() error {
			found, err := n.States(ctx, news[from:to])
			for k := range found {
				states[known[from+k]] = &found[k]
			}
			return err
		})
	}
	if err := ask(0, len(news)); err == nil || fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil {
		return states
	}
	for k := range news {
		if err := ask(k, k+1); err != nil {
			n.Log.WarnContext(ctx, "how news stands is not known", "subject", news[k].Subject, "kind", news[k].Kind, "error", err, "stack", fault.StackOf(err))
		}
	}
	return states
}

// recallJobs asks that the notices of jobs are taken off the phones of all who were told, and returns in which states
// their chunks are.
func (n *Notifier) recallJobs(ctx context.Context, list []*job) (map[string]map[notify.JobState]bool, error) {
	if len(list) == 0 {
		return nil, nil
	}
	open := make([]string, len(list))
	for i, j := range list {
		open[i] = j.Key
	}
	// Whether chunks are under way is asked first: what is sent afterwards is found by the next look.
	states, err := n.store.openChunks(ctx, open)
	if err != nil {
		return nil, err
	}
	for _, j := range list {
		err := n.store.eachChunkOf(ctx, j.Key, func(people []string) error {
			return n.store.askRecalls(ctx, people, func(personID string) string { return inbox.NoticeID(personID, j.NoticeKey()) })
		})
		if err != nil {
			return nil, err
		}
	}
	wake(n.recall)
	return states, nil
}
