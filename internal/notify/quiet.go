package notify

import (
	"slices"
	"time"

	"faellesskab/internal/clock"
)

// passesQuietWithin is how soon something must start for the news that it is cancelled
// or moved to pass through quiet hours.
const passesQuietWithin = 12 * time.Hour

// lateSummary is how long after its time a summary still counts as on time.
const lateSummary = time.Hour

// zone is the person's zone. A zone that this program does not know counts as none, as
// does every other setting that cannot be used.
func (s Settings) zone() clock.Zone { return s.Zone.Or(clock.Copenhagen) }

// Quiet are the quiet hours of every day that has none of its own, by the clock on the wall; ok is false if
// there are none.
func (s Settings) Quiet() (from, until clock.Daily, ok bool) {
	from, until = s.QuietFrom.Or(defaultQuiet), s.QuietUntil.Or(defaultQuietEnd)
	return from, until, from != until
}

// quietEnd is when the present quiet hours end; nil if now lies outside them.
func (s Settings) quietEnd(now time.Time) *time.Time {
	end, ok := s.Week().End(now)
	if !ok {
		return nil
	}
	return &end
}

// PushesADay is how many pushes a day are welcome.
func (s Settings) PushesADay() int {
	if s.Pushes == nil {
		return defaultPushes
	}
	return *s.Pushes
}

// Day is the date at an instant on the person's calendar.
func (s Settings) Day(at time.Time) string { return clock.Day(at, s.zone()) }

// summaryLead is how long before a summary its notices must have been decided, so that
// the summary does not overtake a worker that is about to write one.
const summaryLead = 30 * time.Second

// SummaryAt is the time of day at which the summary comes, such as "18:00".
func (s Settings) SummaryAt() clock.Daily { return s.SummaryTime.Or(defaultSummary) }

// NextSummary is the instant of the summary that will hold a notice decided now.
func (s Settings) NextSummary(now time.Time) time.Time {
	return clock.NextAt(now.Add(summaryLead), s.zone(), s.SummaryAt())
}

// wantsOffset reports whether the person is reminded on an offset. isOptional says
// that it is not one of the organiser's.
func (s Settings) wantsOffset(r ReminderOffset, isOptional bool) bool {
	if s.Offsets == nil {
		return !isOptional
	}
	return slices.Contains(*s.Offsets, r)
}
