package notify

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/outbox"
)

// ReminderOffset is how long before a start a reminder comes.
type ReminderOffset string

// The offsets.
const (
	OffsetWeekBefore ReminderOffset = "WEEK_BEFORE"      // the same hour a week before
	OffsetDayBefore  ReminderOffset = "DAY_BEFORE"       // at 18:00 the day before
	OffsetTwoHours   ReminderOffset = "TWO_HOURS_BEFORE" // two hours before
	OffsetHalfAnHour ReminderOffset = "HALF_AN_HOUR_BEFORE"
	defaultPushes                   = 3
	defaultQuiet                    = "21:00"
	defaultQuietEnd                 = "08:00"
	defaultSummary                  = "18:00"
	MaxPushesADay                   = 50
	maxMutedThreads                 = 200
	maxStopped                      = 200
)

// IsValid reports whether it is one of the offsets.
func (r ReminderOffset) IsValid() bool {
	switch r {
	case OffsetWeekBefore, OffsetDayBefore, OffsetTwoHours, OffsetHalfAnHour:
		return true
	}
	return false
}

// ReminderOffsets are all offsets, the earliest first. DefaultOffsets are those of an
// event whose organiser has chosen none.
var (
	ReminderOffsets = []ReminderOffset{OffsetWeekBefore, OffsetDayBefore, OffsetTwoHours, OffsetHalfAnHour}
	DefaultOffsets  = []ReminderOffset{OffsetDayBefore, OffsetTwoHours}
)

// Level is how much a member wants to hear of a group.
type Level string

// The levels. The empty one is LevelAll.
const (
	LevelAll     Level = "ALL"     // as the person's settings say
	LevelSummary Level = "SUMMARY" // never a push, at most a line in the evening's summary
	LevelInbox   Level = "INBOX"   // neither push nor summary: the group is muted
)

// IsValid reports whether it is one of the levels, or empty, which is no choice.
func (l Level) IsValid() bool {
	switch l {
	case LevelAll, LevelSummary, LevelInbox:
		return true
	}
	return l == ""
}

// Settings say what a person wants to be told, and when. The zero value holds for
// people who have never changed them, so most people have no document.
type Settings struct {
	PersonID string `bson:"_id"`
	// PushOff stops pushes and the evening's summary; notices still come to the
	// inbox.
	PushOff bool `bson:"pushOff,omitempty"`
	// Kinds are the channels (PUSH, SUMMARY or INBOX) that the person has chosen for
	// kinds of news; they replace the kinds' defaults.
	Kinds map[Kind]Channel `bson:"kinds,omitempty"`
	// Zone is the time zone of quiet hours and summaries, and of the times in texts; empty:
	// Copenhagen.
	Zone clock.Zone `bson:"zone,omitempty"`
	// QuietFrom and QuietUntil are times of day in that zone ("21:00"); empty: the
	// defaults. If they are equal, there are no quiet hours.
	QuietFrom  clock.Daily `bson:"quietFrom,omitempty"`
	QuietUntil clock.Daily `bson:"quietUntil,omitempty"`
	// QuietDays are the quiet hours that begin on days of the week on which they differ.
	QuietDays map[Weekday]QuietHours `bson:"quietDays,omitempty"`
	// Pushes is how many pushes a day the person wants at most; nil: 3.
	Pushes *int `bson:"pushes,omitempty"`
	// SummaryTime is when the summary comes ("18:00"); empty: the default.
	SummaryTime clock.Daily `bson:"summaryTime,omitempty"`
	// Offsets are when the person wants to be reminded; nil: as the organiser says.
	Offsets *[]ReminderOffset `bson:"offsets,omitempty"`
	// MutedThreads are the subjects (events, courses) about which the person wants no
	// push, with the instant at which they were muted.
	MutedThreads map[string]time.Time `bson:"mutedThreads,omitempty"`
	// Stopped are reasons that the person has stopped, by Reason.Key.
	Stopped map[string]StoppedReason `bson:"stopped,omitempty"`
	Version int                      `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// Key names a reason among those of a person: two with the same key are stopped
// together.
func (r Reason) Key() string { return string(r.Kind) + "/" + r.Subject }

// longPast is how long after being muted an event or course is certainly over.
const longPast = 2 * 366 * 24 * time.Hour

// Mute mutes a thread. If there are too many mutes, it drops those whose subject is
// long past. Returns settings.many if there is still no room, since no other mute may
// be undone.
func (s *Settings) Mute(subjectID string, now time.Time) error {
	if !s.MutedThreads[subjectID].IsZero() {
		return nil
	}
	maps.DeleteFunc(s.MutedThreads, func(_ string, at time.Time) bool { return now.Sub(at) > longPast })
	if len(s.MutedThreads) >= maxMutedThreads {
		return fault.Conflict("settings.many")
	}
	if s.MutedThreads == nil {
		s.MutedThreads = map[string]time.Time{}
	}
	s.MutedThreads[subjectID] = now
	return nil
}

// KindSetting is a kind of news and its channel for a person.
type KindSetting struct {
	PersonID       string
	Kind           Kind
	Family         Family
	Channel        Channel
	DefaultChannel Channel
}

// chosen is the channel that the person has chosen for a kind of news; empty if they
// have chosen none, or one that only a newer version knows.
func (s *Settings) chosen(kind Kind) Channel {
	if c := s.Kinds[kind]; c == Push || c == Summary || c == Inbox {
		return c
	}
	return ""
}

// KindSettings are all kinds of news and their channels for the person.
func (s *Settings) KindSettings(kinds *Kinds) []*KindSetting {
	list := make([]*KindSetting, len(kinds.list))
	for i, spec := range kinds.list {
		list[i] = &KindSetting{PersonID: s.PersonID, Kind: spec.Kind, Family: spec.Family, Channel: cmp.Or(s.chosen(spec.Kind), spec.Default),
			DefaultChannel: spec.Default}
	}
	return list
}

// PushEnabled reports whether the person wants pushes at all.
func (s *Settings) PushEnabled() bool { return !s.PushOff }

// QuietHours are the quiet hours of every day that has none of its own; nil if there are none.
func (s *Settings) QuietHours() *QuietHours {
	from, until, ok := s.Quiet()
	if !ok {
		return nil
	}
	return &QuietHours{From: from, Until: until}
}

// TimeZone is the time zone of quiet hours and summaries, and of the times in texts.
func (s *Settings) TimeZone() clock.Zone { return s.zone() }

// Reader is the person as the reader of a text.
func (s *Settings) Reader(l i18n.Language, now time.Time) i18n.Reader {
	return i18n.Reader{Language: l, Zone: s.zone(), Now: now}
}

// Reminders are the offsets the person wants; nil: as the organisers say.
func (s *Settings) Reminders() []ReminderOffset {
	if s.Offsets == nil {
		return nil
	}
	return TidyOffsets(*s.Offsets) // drops those that only a newer version knows
}

// ThreadIDs are the muted events and courses, the newest mute first.
func (s *Settings) ThreadIDs() []string {
	return newestFirst(s.MutedThreads, func(at time.Time) time.Time { return at })
}

func newestFirst[V any](m map[string]V, at func(V) time.Time) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(at(m[b]).Compare(at(m[a])), strings.Compare(a, b))
	})
	return keys
}
