package i18n

import (
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/clock"
)

// Reader is who reads a text: in which language, by the clock of which zone, and when.
type Reader struct {
	Language Language
	Zone     clock.Zone
	Now      time.Time
}

var (
	danishDays   = [...]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}
	danishMonths = [...]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
		"oktober", "november", "december"}
)

// When says when something is, as people say it: "tirsdag den 1. december kl. 18.00", or in English
// "Tuesday 1 December at 18:00", with the year if that is not within twelve months. If the
// reader's clock shows something else than the clock where it is, it says both: "mandag den 1. juni
// kl. 12.00 i New York (kl. 18.00 dansk tid)". What belongs to no place goes by the reader's clock.
// A clock is named unless all of them show what the municipality's shows. Of a whole day, it says the day where it is.
func (r Reader) When(m clock.Moment) string { return r.say(m, r.date) }

// Soon is When that says "i dag" and "i morgen" of the days that the reader calls so. Tomorrow has
// its date too, since it may be read after midnight.
func (r Reader) Soon(m clock.Moment) string {
	today, here := r.Zone.At(r.Now), day(r.Zone.At(m.At))
	if m.IsDay {
		here = day(m.Zone.At(m.At))
	} else if m.Zone != "" && day(m.Zone.At(m.At)) != here {
		return r.When(m) // another day where it is
	}
	return r.say(m, func(t time.Time) string {
		switch here {
		case day(today):
			return r.word("i dag", "today")
		case day(today.AddDate(0, 0, 1)):
			return r.word("i morgen, ", "tomorrow, ") + r.date(t)
		}
		return r.date(t)
	})
}

// Hour says what the clock shows at a moment, for people who know the day: "kl. 8.00", or in English
// "08:00". It names clocks as When does.
func (r Reader) Hour(m clock.Moment) string {
	return r.say(m, func(time.Time) string { return "" })
}

// All says when several things are, and of those that were moved since when: "fra … til …".
func (r Reader) All(list []clock.Move) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = r.When(m.To)
		if !m.From.At.IsZero() {
			texts[i] = r.word("fra ", "from ") + r.When(m.From) + r.word(" til ", " to ") + texts[i]
		}
	}
	return strings.Join(texts, ", ")
}

// clock is what the clock shows: "kl. 8.00", or in English "08:00".
func (r Reader) clock(t time.Time) string {
	return r.word("kl. "+strconv.Itoa(t.Hour())+t.Format(".04"), t.Format("15:04"))
}

func (r Reader) say(m clock.Moment, date func(time.Time) string) string {
	zone := m.Zone
	if zone == "" {
		zone = r.Zone
	}
	there, here := zone.At(m.At), r.Zone.At(m.At)
	if m.IsDay {
		return date(there)
	}
	text := r.join(date(there), r.clock(there))
	if zone.Agrees(r.Zone, m.At) {
		if zone.Agrees(clock.Copenhagen, m.At) {
			return text
		}
		return text + " " + r.place(zone)
	}
	other := r.clock(here)
	if day(here) != day(there) {
		other = r.join(r.date(here), other)
	}
	return text + " " + r.place(zone) + " (" + other + " " + r.place(r.Zone) + ")"
}

// join joins a day, if one is said, and what the clock shows.
func (r Reader) join(day, clock string) string {
	if day == "" {
		return clock
	}
	return day + r.word(" ", " at ") + clock
}

// date is the day with its date, and with the year if it is not within twelve months of now.
func (r Reader) date(t time.Time) string {
	year := ""
	if now := r.Zone.At(r.Now); day(t) <= day(now.AddDate(-1, 0, 0)) || day(t) >= day(now.AddDate(1, 0, 0)) {
		year = t.Format(" 2006")
	}
	return r.word(danishDays[t.Weekday()]+" den "+strconv.Itoa(t.Day())+". "+danishMonths[t.Month()-1], t.Format("Monday 2 January")) + year
}

// Date is the date of a time as documents say it: "1. marts 2030", or in English "1 March 2030".
func Date(l Language, t time.Time) string {
	return Reader{Language: l}.word(strconv.Itoa(t.Day())+". "+danishMonths[t.Month()-1]+t.Format(" 2006"), t.Format("2 January 2006"))
}

// Dates are the first and the last day of something as documents say them: "1. marts 2030 til 5. april 2030".
func Dates(l Language, first, last time.Time) string {
	if day(first) == day(last) {
		return Date(l, first)
	}
	return Date(l, first) + Reader{Language: l}.word(" til ", " to ") + Date(l, last)
}

// day is the date of a time, which sorts as a string.
func day(t time.Time) string { return t.Format(time.DateOnly) }

func (r Reader) word(danish, english string) string {
	if r.Language == English {
		return english
	}
	return danish
}

// Span says from when to when something is. Of whole days, which end at a midnight, it says the first and the last.
func (r Reader) Span(start, end clock.Moment, isAllDay bool) string {
	if isAllDay {
		first, last := r.date(start.Zone.At(start.At)), r.date(end.Zone.At(end.At.Add(-1)))
		if first == last {
			return first
		}
		return first + r.word(" til ", " to ") + last
	}
	if day(start.Zone.At(start.At)) == day(end.Zone.At(end.At)) {
		return r.When(start) + r.word(" til ", " to ") + r.Hour(end)
	}
	return r.When(start) + r.word(" til ", " to ") + r.When(end)
}
