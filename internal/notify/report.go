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
	State JobState
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

// JobState is how far a cause has come on its way.
type JobState string

// The states.
const (
	JobQueued  JobState = "QUEUED"
	JobDone    JobState = "DONE"
	JobStopped JobState = "STOPPED"
	JobDead    JobState = "DEAD" // put aside after too many failures
)

// StopReason is why a cause was stopped on its way, in one word that names nobody.
type StopReason string

// The reasons.
const (
	StopByPerson          StopReason = "BY_PERSON"
	StopBadMessage        StopReason = "BAD_MESSAGE"
	StopTooManyBadDevices StopReason = "TOO_MANY_BAD_DEVICES"
	StopFailed            StopReason = "FAILED"
)

// Stopped is why it was stopped; nil if it was not.
func (r Report) Stopped() *StopReason {
	if r.StoppedBecause == "" {
		return nil
	}
	return &r.StoppedBecause
}

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
	return r.StoppedBecause == "" && (r.State == JobQueued || r.State == "")
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
