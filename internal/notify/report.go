package notify

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
)

// Report is how far a cause has come: counts only, no names.
type Report struct {
	State string // QUEUED, DONE, STOPPED or DEAD
	// StoppedBecause says why it was stopped; empty if it was not.
	StoppedBecause StopReason

	// What was decided, in people.
	Push, Summary, Inbox, Dropped int

	// What became of the pushes, in devices.
	Sent   int            // Firebase took it
	Gone   int            // Firebase no longer knows the device
	Failed int            // given up
	Answer map[string]int // what Firebase answered other than yes, with how often, repeated tries among it
	// Waiting is how many people's pushes are still under way, or held.
	Waiting int
	// Opened is how many people opened the notice.
	Opened int
}

// StopReason is why a cause was stopped on its way, in one word that names nobody.
type StopReason string

// The reasons.
const (
	StopByPerson          StopReason = "BY_PERSON"
	StopBadMessage        StopReason = "BAD_MESSAGE"
	StopTooManyBadDevices StopReason = "TOO_MANY_BAD_DEVICES"
	StopFailed            StopReason = "FAILED"
)

// stopReason is why the job was stopped. An operator who stops it by hand gives no
// reason that we know.
func (j *job) stopReason() StopReason {
	switch why := StopReason(j.StoppedBecause); {
	case j.State == stateDead:
		return StopFailed
	case j.State != stateStopped:
		return ""
	case why == StopBadMessage || why == StopTooManyBadDevices:
		return why
	}
	return StopByPerson
}

// Stopped is why it was stopped; nil if it was not.
func (r Report) Stopped() *StopReason { return orNil(r.StoppedBecause) }

// StoppedText is why it was stopped in words, in the viewer's language; nil if it
// was not.
func (r Report) StoppedText(ctx context.Context) *string {
	if r.StoppedBecause == "" {
		return nil
	}
	text := i18n.Translate(auth.LanguageOf(ctx, nil), "why.stopped."+strings.ToLower(string(r.StoppedBecause)), nil)
	return &text
}

// Expanded is of how many people it has been decided.
func (r Report) Expanded() int { return r.Push + r.Summary + r.Inbox + r.Dropped }

// IsRunning reports whether it is still on its way.
func (r Report) IsRunning() bool {
	return r.StoppedBecause == "" && (r.State == stateQueued || r.State == "")
}

// Delivered is for how many devices Firebase took it.
func (r Report) Delivered() int { return r.Sent }

// HandedOver is for how many devices it is settled: taken, unknown or given up.
// Those that are to be tried again are not among them.
func (r Report) HandedOver() int { return r.Sent + r.Gone + r.Failed }

// Nothing is how many people got nothing.
func (r Report) Nothing() int { return r.Dropped }

// AnswerCount is how often Firebase gave an answer other than yes.
type AnswerCount struct {
	Answer string
	Count  int
}

// Failures are Firebase's answers other than yes, the most frequent first.
func (r Report) Failures() []AnswerCount {
	list := make([]AnswerCount, 0, len(r.Answer))
	for answer, times := range r.Answer {
		list = append(list, AnswerCount{answer, times})
	}
	slices.SortFunc(list, func(a, b AnswerCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Answer, b.Answer))
	})
	return list
}

// Report tells how far the cause with that key has come. Returns NotFound if there
// is none, or it ended more than a week ago.
func (n *Notifier) Report(ctx context.Context, key string) (Report, error) {
	j, err := n.store.job(ctx, key)
	if err != nil {
		return Report{}, err
	}
	r := Report{State: j.State, StoppedBecause: j.stopReason(), Push: j.Counts.Pushed, Summary: j.Counts.Summarised,
		Inbox: j.Counts.Silent, Dropped: j.Counts.Drops, Answer: map[string]int{}}
	chunks, err := n.store.chunksOf(ctx, key)
	if err != nil {
		return Report{}, err
	}
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
			r.StoppedBecause = StopFailed
		}
	}
	r.Opened, err = n.store.countOpened(ctx, key)
	return r, err
}

// StopJob stops a cause while it is on its way: nobody more is told, and no chunk
// goes on beyond its checkpoint. What has been sent is sent. Stopping one that is
// not there, is over or is stopped changes nothing. detail is for the log alone: it
// may name people.
func (n *Notifier) StopJob(ctx context.Context, key string, why StopReason, detail string) error {
	n.Log.WarnContext(ctx, "notifications stopped", "job", key, "because", why, "detail", detail)
	return n.store.stopJob(ctx, key, string(why))
}
