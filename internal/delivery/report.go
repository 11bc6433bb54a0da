package delivery

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// stopReason is why the job was stopped. Any reason that the program itself has not given
// means that a person has stopped it.
func (j *job) stopReason() notify.StopReason {
	switch why := notify.StopReason(j.StoppedBecause); {
	case j.State == stateDead:
		return notify.StopFailed
	case j.State != stateStopped:
		return ""
	case why == notify.StopBadMessage || why == notify.StopTooManyBadDevices:
		return why
	}
	return notify.StopByPerson
}

// Report tells how far the cause with that key has come. Returns NotFound if there is
// none, or if it ended more than a week ago.
func (n *Notifier) Report(ctx context.Context, key string) (notify.Report, error) {
	found, err := n.Reports(ctx, []string{key})
	if err != nil {
		return notify.Report{}, err
	}
	if r := found[key]; r != nil {
		return *r, nil
	}
	return notify.Report{}, fault.NotFound("not_found")
}

// Reports tell how far the causes with these keys have come, by key. Causes that there are not, or that
// ended more than a week ago, are missing.
func (n *Notifier) Reports(ctx context.Context, keys []string) (map[string]*notify.Report, error) {
	list, err := n.store.jobsOf(ctx, keys)
	if err != nil || len(list) == 0 {
		return map[string]*notify.Report{}, err
	}
	chunks, err := n.store.chunksOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	did, err := n.keeper.CountReactions(ctx, keys)
	if err != nil {
		return nil, err
	}
	reports := make(map[string]*notify.Report, len(list))
	for key, j := range list {
		r := j.report(chunks[key])
		r.Opened, r.Acted, r.Dismissed = did[key].Opened, did[key].Acted, did[key].Dismissed
		reports[key] = &r
	}
	return reports, nil
}

// report tells how far a job has come that has these chunks.
func (j *job) report(chunks []*chunk) notify.Report {
	r := notify.Report{State: j.State, StoppedBecause: j.stopReason(), Push: j.Counts.Pushed, Summary: j.Counts.Summarised,
		Inbox: j.Counts.Silent, Dropped: j.Counts.Drops, Answer: map[string]int{}}
	for _, c := range chunks {
		r.Sent += c.Sent
		r.Gone += c.Gone
		r.Failed += c.Failed
		for answer, times := range c.Answers {
			r.Answer[answer] += times
		}
		switch {
		case c.State == stateQueued:
			r.Waiting += c.Size
			r.State = stateQueued
		case c.State == stateDead && r.StoppedBecause == "":
			r.StoppedBecause = notify.StopFailed
		}
	}
	return r
}

// Running tells of the causes with these keys whether they are still on their way, as their
// reports say. Causes that have not come here yet, or ended more than a week ago, are missing.
func (n *Notifier) Running(ctx context.Context, keys []string) (map[string]bool, error) {
	list, err := n.store.jobsOf(ctx, keys)
	if err != nil || len(list) == 0 {
		return map[string]bool{}, err
	}
	open, err := n.store.openChunks(ctx, keys)
	running := make(map[string]bool, len(list))
	for key, j := range list {
		running[key] = j.stopReason() == "" && !open[key][stateDead] && (j.State == stateQueued || open[key][stateQueued])
	}
	return running, err
}

// StopJob stops a cause on its way: no more people are told, and no chunk goes beyond
// its checkpoint. Pushes that have gone out stay out. Nothing happens if the cause does
// not exist, is over or is stopped. detail is only for the log, since it may name
// people.
func (n *Notifier) StopJob(ctx context.Context, key string, why notify.StopReason, detail string) error {
	n.Log.WarnContext(ctx, "notifications stopped", "job", key, "because", why, "detail", detail)
	return n.store.stopJob(ctx, key, string(why))
}
