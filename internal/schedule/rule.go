package schedule

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"faellesskab/internal/clock"
)

const (
	daily   = rrule.DAILY
	weekly  = rrule.WEEKLY
	monthly = rrule.MONTHLY
	yearly  = rrule.YEARLY
)

// errRule is a rule that is none of RFC 5545, or outside the part of it that can be asked for.
var errRule = errors.New("no rule that can be asked for")

// errNoEnd is a rule with neither COUNT nor UNTIL.
var errNoEnd = errors.New("a rule without an end")

// rule is an RRULE that has been read. Of the parts that RFC 5545 knows it has those that people mean: every so many
// days, weeks, months or years, on these days of the week (the second of the month, the last of the year), or on these
// days of the month, so many times or until then.
type rule struct {
	text      string
	freq      rrule.Frequency
	interval  int
	days      []rrule.Weekday
	monthDays []int
	count     int // 0: none
	until     until
}

// until is the last instant at which a date may start, or the last time by the clock of the zone; both zero: none.
type until struct {
	at   time.Time
	wall clock.Local
}

var (
	frequencies = map[string]rrule.Frequency{"DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly}
	weekdays    = map[string]rrule.Weekday{"MO": rrule.MO, "TU": rrule.TU, "WE": rrule.WE, "TH": rrule.TH, "FR": rrule.FR, "SA": rrule.SA, "SU": rrule.SU}
	dayForm     = regexp.MustCompile(`^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$`)
	numberForm  = regexp.MustCompile(`^[+-]?\d{1,4}$`)
)

// parseRule reads an RRULE. Returns errRule or errNoEnd.
func parseRule(text string) (*rule, error) {
	text = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:")
	r := &rule{text: text, interval: 1, freq: -1}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if seen[name] || !r.read(name, value) {
			return nil, errRule
		}
		seen[name] = true
	}
	switch {
	case !seen["FREQ"], seen["COUNT"] && seen["UNTIL"], !r.fitsTogether():
		return nil, errRule
	case !seen["COUNT"] && !seen["UNTIL"]:
		return nil, errNoEnd
	}
	return r, nil
}

// read reads one part of a rule.
func (r *rule) read(name, value string) (ok bool) {
	switch name {
	case "FREQ":
		r.freq, ok = frequencies[value]
	case "INTERVAL":
		r.interval, ok = count(value, 1, 999)
	case "COUNT":
		r.count, ok = count(value, 1, 9999)
	case "WKST": // weeks begin on Monday
		ok = value == "MO"
	case "UNTIL":
		r.until, ok = parseUntil(value)
	case "BYDAY":
		ok = each(value, func(s string) bool {
			d, ok := weekday(s)
			r.days = append(r.days, d)
			return ok
		})
	case "BYMONTHDAY":
		ok = each(value, func(s string) bool {
			d, ok := count(s, -31, 31)
			r.monthDays = append(r.monthDays, d)
			return ok && d != 0
		})
	}
	return ok
}

func each(list string, read func(string) bool) bool {
	return !slices.ContainsFunc(strings.Split(list, ","), func(s string) bool { return !read(s) })
}

// count reads a whole number between two others.
func count(s string, least, most int) (n int, ok bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && numberForm.MatchString(s) && n >= least && n <= most
}

func weekday(s string) (d rrule.Weekday, ok bool) {
	parts := dayForm.FindStringSubmatch(s)
	if parts == nil {
		return d, false
	}
	d = weekdays[parts[2]]
	if parts[1] == "" {
		return d, true
	}
	n, err := strconv.Atoi(parts[1])
	return d.Nth(n), err == nil && n != 0 && n >= -53 && n <= 53
}

// parseUntil reads an instant "20260921T170000Z", a time by the clock of the zone "20260921T190000", or a day, on which
// dates still start.
func parseUntil(s string) (u until, ok bool) {
	if at, err := time.Parse("20060102T150405Z", s); err == nil {
		return until{at: at}, true
	}
	for layout, rest := range map[string]time.Duration{"20060102T150405": 0, "20060102": 24*time.Hour - time.Second} {
		if t, err := time.Parse(layout, s); err == nil {
			return until{wall: clock.LocalOf(t.Add(rest), "UTC")}, true
		}
	}
	return u, false
}

// fitsTogether reports whether the parts mean something together. RFC 5545 has days of the month not in weeks, and
// numbered days of the week only in months and years; a month has five of a day at most. Numbered days beside others are
// understood in different ways by the programs that read calendars.
func (r *rule) fitsTogether() bool {
	most := map[rrule.Frequency]int{monthly: 5, yearly: 53}[r.freq]
	numbered := 0
	for _, d := range r.days {
		n := d.N()
		if n > most || n < -most {
			return false
		}
		if n != 0 {
			numbered++
		}
	}
	if numbered > 0 && numbered < len(r.days) {
		return false
	}
	return r.freq != weekly || len(r.monthDays) == 0
}

// expand are the starts by the rule from first on, by the clock on the wall and in order, but no more than most.
// isMore says that there are more.
func (r *rule) expand(first clock.Local, zone clock.Zone, most int) (slots []clock.Local, isMore bool) {
	option := rrule.ROption{Freq: r.freq, Interval: r.interval, Byweekday: r.days, Bymonthday: r.monthDays,
		Dtstart: first.OnPaper(), Until: first.OnPaper().AddDate(farthest, 0, 0), Wkst: rrule.MO, Count: r.count}
	expanded, err := rrule.NewRRule(option)
	if err != nil {
		return nil, false // a rule that has been read can be expanded
	}
	next := expanded.Iterator()
	for {
		t, ok := next()
		slot := clock.LocalOf(t, "UTC")
		if !ok || r.until.isBefore(slot, zone) {
			return slots, false
		}
		if len(slots) == most {
			return slots, true
		}
		slots = append(slots, slot)
	}
}

func (u until) isNone() bool { return u.wall == "" && u.at.IsZero() }

// farthest is how many years dates are looked for, so that a rule which never has any comes to an end.
const farthest = 50

// isBefore reports whether a start lies after the end.
func (u until) isBefore(slot clock.Local, zone clock.Zone) bool {
	switch {
	case u.wall != "":
		return slot > u.wall
	case u.at.IsZero():
		return false
	}
	at, err := slot.In(zone)
	return err == nil && at.After(u.at)
}

// nearest are the dates before and after a start that the rule does not have, as far as it would have them without
// its interval and its end.
func (r *rule) nearest(first clock.Local, zone clock.Zone) []clock.Local {
	endless := rule{freq: r.freq, interval: 1, days: r.days, monthDays: r.monthDays}
	back := 62
	if r.freq == yearly {
		back = 366
	}
	slots, _ := endless.expand(clock.LocalOf(first.OnPaper().AddDate(0, 0, -back), "UTC"), zone, 2*back)
	n, _ := slices.BinarySearch(slots, first)
	return slots[max(0, n-1):min(len(slots), n+1)]
}

// times is the text of the rule with a number of dates in place of its end.
func (r *rule) times(n int) string {
	parts := strings.Split(r.text, ";")
	for i, part := range parts {
		if strings.HasPrefix(part, "COUNT=") || strings.HasPrefix(part, "UNTIL=") {
			parts[i] = "COUNT=" + strconv.Itoa(n)
		}
	}
	return strings.Join(parts, ";")
}
