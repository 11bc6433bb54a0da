package notify

import (
	"slices"
	"time"

	"faellesskab/internal/clock"
)

// Weekday is a day of the week.
type Weekday string

// Weekdays are all days of the week, from Monday on.
var Weekdays = []Weekday{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}

// IsValid reports whether it is one of the days.
func (d Weekday) IsValid() bool { return slices.Contains(Weekdays, d) }

// QuietHours are quiet hours by the clock on the wall. If From and Until are equal,
// there are none. If From is later, they last over midnight.
type QuietHours struct {
	From  clock.Daily `bson:"from"`
	Until clock.Daily `bson:"until"`
}

// WeekdayQuietHours are the quiet hours that begin on a day of the week; nil: none do.
type WeekdayQuietHours struct {
	Weekday Weekday
	Hours   *QuietHours
}

// Week are the quiet hours of a week in a zone: those that begin on each day, from Monday on.
type Week struct {
	Zone clock.Zone
	Days [7]QuietHours
}

// Week are the person's quiet hours in force.
func (s Settings) Week() Week {
	w := Week{Zone: s.zone()}
	from, until, _ := s.Quiet()
	for i, day := range Weekdays {
		w.Days[i] = QuietHours{From: from, Until: until}
		if own, ok := s.QuietDays[day]; ok && own.From.Or("") != "" && own.Until.Or("") != "" {
			w.Days[i] = own
		}
	}
	return w
}

// in are the hours in which an instant lies, and the date on which they begin.
func (w Week) in(t time.Time) (h QuietHours, date string, ok bool) {
	at, today := clock.TimeOfDay(t, w.Zone), (int(w.Zone.At(t).Weekday())+6)%7
	if h = w.Days[(today+6)%7]; h.From > h.Until && at < h.Until {
		return h, clock.DayBefore(t, w.Zone, 1), true
	}
	h = w.Days[today]
	return h, clock.Day(t, w.Zone), h.From <= at && (at < h.Until || h.From > h.Until)
}

// End is when the quiet hours end in which an instant lies; ok is false if it lies in none. Hours that follow
// each other without a gap are one.
func (w Week) End(t time.Time) (end time.Time, ok bool) {
	for range 2 * len(w.Days) {
		h, _, isIn := w.in(t)
		if !isIn {
			break
		}
		end, ok = clock.NextAt(t, w.Zone, h.Until), true
		if again, twice := clock.Again(clock.Day(t, w.Zone), w.Zone, h.Until); twice && again.After(t) && again.Before(end) {
			end = again // the second end, on the night on which that hour comes twice
		}
		t = end
	}
	return end, ok
}

// Begin is when the quiet hours began in which an instant lies; the instant itself if it lies in none.
func (w Week) Begin(t time.Time) time.Time {
	begin := t
	for range 2 * len(w.Days) {
		h, date, isIn := w.in(t)
		if !isIn {
			break
		}
		if at := clock.On(date, w.Zone, h.From); at.Before(begin) {
			begin = at
		}
		t = begin.Add(-time.Millisecond)
	}
	return begin
}

// starts are the beginnings of the quiet hours of two weeks without a change of the clock.
func (w Week) starts() []time.Time {
	var list []time.Time
	for i := range 2 * len(w.Days) {
		if h := w.Days[i%len(w.Days)]; h.From != h.Until {
			list = append(list, clock.On(clock.DayBefore(someSunday, clock.Copenhagen, 13-i), clock.Copenhagen, h.From))
		}
	}
	return list
}

// someSunday ends two weeks of 24 hours a day.
var someSunday = time.Date(2026, 1, 18, 12, 0, 0, 0, time.UTC)

// Longest is how long quiet hours last at most.
func (w Week) Longest() (longest time.Duration) {
	w.Zone = clock.Copenhagen
	for _, start := range w.starts() {
		if end, ok := w.End(start); ok {
			longest = max(longest, end.Sub(start))
		}
	}
	return longest
}

// Gap is the shortest time between quiet hours and the next ones, at most a day.
func (w Week) Gap() time.Duration {
	w.Zone = clock.Copenhagen
	gap, starts := 24*time.Hour, w.starts()
	for _, start := range starts[:len(starts)/2] {
		end, _ := w.End(start)
		for _, next := range starts {
			if !next.Before(end) {
				gap = min(gap, next.Sub(end))
			}
		}
	}
	return gap
}

// maxQuiet is how long quiet hours may last, those that follow each other together, since news waits for
// their end.
const maxQuiet = 24 * time.Hour

// IsTooQuiet reports whether the quiet hours last longer than they may.
func (s Settings) IsTooQuiet() bool { return s.Week().Longest() > maxQuiet }

// QuietHoursByWeekday are the days with quiet hours of their own, from Monday on.
func (s *Settings) QuietHoursByWeekday() []WeekdayQuietHours {
	list := []WeekdayQuietHours{}
	for i, day := range Weekdays {
		if _, ok := s.QuietDays[day]; !ok {
			continue
		}
		own := WeekdayQuietHours{Weekday: day}
		if h := s.Week().Days[i]; h.From != h.Until {
			own.Hours = &h
		}
		list = append(list, own)
	}
	return list
}

// SetQuietDays gives days of the week quiet hours of their own, in place of those that they had.
func (s *Settings) SetQuietDays(list []WeekdayQuietHours) {
	s.QuietDays = nil
	for _, day := range list {
		if s.QuietDays == nil {
			s.QuietDays = map[Weekday]QuietHours{}
		}
		s.QuietDays[day.Weekday] = QuietHours{From: "00:00", Until: "00:00"} // alike: none
		if day.Hours != nil {
			s.QuietDays[day.Weekday] = *day.Hours
		}
	}
}
