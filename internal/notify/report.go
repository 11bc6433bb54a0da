package notify

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
)

// Report says how far a cause has come. It has counts only, and no names.
type Report struct {
	State JobState `bson:"state"`
	// StoppedBecause says why it was stopped; empty if it was not.
	StoppedBecause StopReason `bson:"stoppedBecause,omitempty"`

	// These are the decisions, counted in people.
	Push    int `bson:"push"`
	Summary int `bson:"summary"`
	Inbox   int `bson:"inbox"`
	Dropped int `bson:"dropped"`

	// These are the outcomes of the pushes, counted in devices.
	Sent   int            `bson:"sent"`   // Firebase took it
	Gone   int            `bson:"gone"`   // Firebase no longer knows the device
	Failed int            `bson:"failed"` // all tries have failed
	Answer map[string]int `bson:"answer"` // how often Firebase gave which answer other than yes, over all tries
	// Waiting is how many people have a push that is under way or held.
	Waiting int `bson:"waiting"`
	// Opened is how many people opened the notice or answered it by a button, and Acted how many of them
	// answered it. Dismissed is how many swiped its push away and did not open it.
	Opened    int `bson:"opened"`
	Acted     int `bson:"acted"`
	Dismissed int `bson:"dismissed"`
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

// StopReason is why a cause was stopped on its way. It names no person.
type StopReason string

// The reasons.
const (
	StopByPerson          StopReason = "BY_PERSON"
	StopBadMessage        StopReason = "BAD_MESSAGE"
	StopTooManyBadDevices StopReason = "TOO_MANY_BAD_DEVICES"
	StopFailed            StopReason = "FAILED"
)

// Stopped is why the cause was stopped; nil if it was not.
func (r Report) Stopped() *StopReason {
	if r.StoppedBecause == "" {
		return nil
	}
	return &r.StoppedBecause
}

// StoppedText says in the viewer's language why the cause was stopped; nil if it was
// not.
func (r Report) StoppedText(ctx context.Context) *string {
	if r.StoppedBecause == "" {
		return nil
	}
	text := i18n.Translate(auth.LanguageOf(ctx, nil), "why.stopped."+strings.ToLower(string(r.StoppedBecause)), nil)
	return &text
}

// Expanded is the number of people for whom there is a decision.
func (r Report) Expanded() int { return r.Push + r.Summary + r.Inbox + r.Dropped }

// IsRunning reports whether the cause is still on its way.
func (r Report) IsRunning() bool {
	return r.StoppedBecause == "" && (r.State == JobQueued || r.State == "")
}

// Delivered is the number of devices for which Firebase took the push.
func (r Report) Delivered() int { return r.Sent }

// HandedOver is the number of devices whose push is settled: Firebase took it, did not
// know the device, or all tries failed. Devices that will be tried again do not count.
func (r Report) HandedOver() int { return r.Sent + r.Gone + r.Failed }

// Nothing is how many people got nothing.
func (r Report) Nothing() int { return r.Dropped }

// AnswerCount is how often Firebase gave an answer other than yes.
type AnswerCount struct {
	Answer string
	Count  int
}

// maxAnswers is how many of Firebase's answers a report shows.
const maxAnswers = 20

// Failures are Firebase's answers other than yes, the most frequent first, at most 20.
func (r Report) Failures() []AnswerCount {
	list := make([]AnswerCount, 0, len(r.Answer))
	for answer, times := range r.Answer {
		list = append(list, AnswerCount{answer, times})
	}
	slices.SortFunc(list, func(a, b AnswerCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Answer, b.Answer))
	})
	return list[:min(len(list), maxAnswers)]
}
