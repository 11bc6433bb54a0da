package notify

import (
	"time"

	"faellesskab/internal/clock"
)

// Rung is how long before a start a reminder comes.
type Rung string

// The rungs.
const (
	RungWeekBefore  Rung = "WEEK_BEFORE"      // the same hour a week before
	RungDayBefore   Rung = "DAY_BEFORE"       // at 18:00 the day before
	RungTwoHours    Rung = "TWO_HOURS_BEFORE" // two hours before
	RungHalfAnHour  Rung = "HALF_AN_HOUR_BEFORE"
	defaultPushes        = 3
	defaultQuiet         = "21:00"
	defaultQuietEnd      = "08:00"
	defaultSummary       = "18:00"
	maxPushesADay        = 50
	maxMutedThreads      = 500
	maxStopped           = 200
)

// Rungs are all of them, the earliest first; DefaultRungs those of an organiser
// who says nothing.
var (
	Rungs        = []Rung{RungWeekBefore, RungDayBefore, RungTwoHours, RungHalfAnHour}
	DefaultRungs = []Rung{RungDayBefore, RungTwoHours}
)

// Level is how much a member wants to hear of a group.
type Level string

// The levels. The empty one is LevelAll.
const (
	LevelAll     Level = "ALL"     // as the person's settings say
	LevelSummary Level = "SUMMARY" // never a push, at most a line in the evening's summary
	LevelInbox   Level = "INBOX"   // neither push nor summary: the group is muted
)

// Settings are what a person wants to be told, and when. The zero value is what
// everybody has who never touched them; so most people have no document.
type Settings struct {
	PersonID string `bson:"_id"`
	// PushOff stops pushes and the evening's summary; notices still come to the
	// inbox.
	PushOff bool `bson:"pushOff,omitempty"`
	// Kinds are the channels the person chose for kinds of news, in the stead of
	// the kinds' defaults: PUSH, SUMMARY or INBOX.
	Kinds map[Kind]Channel `bson:"kinds,omitempty"`
	// Zone is where the clock of quiet hours and summaries hangs; empty:
	// Copenhagen.
	Zone clock.Zone `bson:"zone,omitempty"`
	// QuietFrom and QuietUntil are times on that clock ("21:00"); empty: the
	// defaults. Alike: no quiet hours.
	QuietFrom  string `bson:"quietFrom,omitempty"`
	QuietUntil string `bson:"quietUntil,omitempty"`
	// Pushes is how many pushes a day are welcome; nil: 3.
	Pushes *int `bson:"pushes,omitempty"`
	// SummaryTime is when the summary comes ("18:00"); empty: the default.
	SummaryTime string `bson:"summaryTime,omitempty"`
	// Rungs are when the person wants to be reminded; nil: as the organiser says.
	Rungs *[]Rung `bson:"rungs,omitempty"`
	// MutedThreads are the subjects (events, courses) of which the person wants no
	// push, by when they were muted.
	MutedThreads map[string]time.Time `bson:"mutedThreads,omitempty"`
	// Stopped are reasons that no longer count, as Reason.Key says them, by when
	// they were stopped.
	Stopped map[string]time.Time `bson:"stopped,omitempty"`
	Version int                  `bson:"version"`
}

// Key names a reason among those of a person: two with the same key are stopped
// together.
func (r Reason) Key() string { return string(r.Kind) + "/" + r.Subject }
