package schedule_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

// day is a date on a day of May, from one hour to another.
func day(id string, dayOfMay, from, to int) schedule.Entry {
	local := func(hour int) clock.Local {
		return clock.LocalOf(time.Date(2026, 5, dayOfMay, hour, 0, 0, 0, time.UTC), "UTC")
	}
	var p fault.Problems
	return schedule.Entry{ID: id, Date: copenhagen(local(from), local(to)).Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})}
}

func in(e schedule.Entry, name string) schedule.Entry {
	e.Place = &place.Place{Name: name}
	return e
}

func inDanish(s string) i18n.Text { return i18n.Text{{Language: i18n.Danish, Text: s}} }

func TestDiffGoesByID(t *testing.T) {
	t.Parallel()
	a, b := day("a", 3, 14, 16), in(day("b", 4, 14, 16), "Salen")
	for name, row := range map[string]struct {
		before, after schedule.Plan
		want          schedule.Difference
	}{
		"nothing":        {schedule.Plan{a, b}, schedule.Plan{a, b}, schedule.Difference{}},
		"a new time":     {schedule.Plan{a, b}, schedule.Plan{day("a", 3, 15, 16), b}, schedule.Difference{New: []schedule.Novelty{{ID: "a", Time: true}}}},
		"a new end":      {schedule.Plan{a, b}, schedule.Plan{day("a", 3, 14, 17), b}, schedule.Difference{New: []schedule.Novelty{{ID: "a", End: true}}}},
		"a new place":    {schedule.Plan{a, b}, schedule.Plan{a, in(b, "Laden")}, schedule.Difference{New: []schedule.Novelty{{ID: "b", Place: true}}}},
		"no place":       {schedule.Plan{a, b}, schedule.Plan{a, day("b", 4, 14, 16)}, schedule.Difference{New: []schedule.Novelty{{ID: "b", Place: true}}}},
		"all of it":      {schedule.Plan{a}, schedule.Plan{in(day("a", 5, 10, 11), "Laden")}, schedule.Difference{New: []schedule.Novelty{{ID: "a", Time: true, Place: true}}}},
		"one more":       {schedule.Plan{a}, schedule.Plan{a, b}, schedule.Difference{New: []schedule.Novelty{{ID: "b", Added: true}}}},
		"one less":       {schedule.Plan{a, b}, schedule.Plan{b}, schedule.Difference{Removed: []schedule.Entry{a}}},
		"past another":   {schedule.Plan{a, b}, schedule.Plan{b, day("a", 5, 14, 16)}, schedule.Difference{New: []schedule.Novelty{{ID: "a", Time: true}}}},
		"only other ids": {schedule.Plan{a, b}, schedule.Plan{day("c", 3, 14, 16), in(day("d", 4, 14, 16), "Salen")}, schedule.Difference{}},
	} {
		if diff := cmp.Diff(row.want, schedule.Diff(row.before, row.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// noun is something that has been told, as the store keeps it.
type noun struct {
	now     schedule.Snapshot
	version int
	telling schedule.Telling
	at      time.Time
}

// published is a noun on which nobody has missed anything.
func published(plan ...schedule.Entry) *noun {
	return &noun{now: schedule.Snapshot{Plan: plan, Title: inDanish("Fest")}, version: 1, at: time.Date(2026, 5, 1, 20, 0, 0, 0, time.UTC)}
}

// change changes it without telling anybody.
func (n *noun) change(plan ...schedule.Entry) {
	after := n.now
	after.Plan = plan
	n.become(after)
}

func (n *noun) rename(title string) {
	after := n.now
	after.Title = inDanish(title)
	n.become(after)
}

func (n *noun) become(after schedule.Snapshot) {
	n.version++
	n.telling.Note(n.now, after, n.version, n.at)
	n.now = after
}

// tell writes what the news of the present version tells.
func (n *noun) tell() {
	if told, ok := n.telling.Tell(n.now, n.version, n.at); ok {
		n.telling = told
	}
}

// says is what the news of each version says to who hears it only now.
func (n *noun) says() map[int]string {
	says := map[int]string{}
	for version := 1; version <= n.version; version++ {
		news := n.telling.News(n.now, version, n.at)
		if !news.IsMove() && !news.IsText() {
			continue
		}
		e, _ := news.First()
		text := e.ID + " " + string(e.StartsAtLocal)[8:13] + "-" + string(e.EndsAtLocal)[11:13]
		if e.Place != nil {
			text += " " + e.Place.Name
		}
		words := news.Words()
		for _, word := range []string{"NewTime", "NewEnd", "NewPlace", "Fewer", "NewTitle"} {
			if words[word] != "" {
				text += " " + word
			}
		}
		for _, also := range news.New[min(1, len(news.New)):] {
			text += " +" + also.ID
		}
		for _, gone := range news.Gone {
			text += " -" + string(clock.LocalOf(gone.At, gone.Zone))[8:13]
		}
		says[version] = text
	}
	return says
}

// Each row is what is changed in one night, and what the pieces of news of that night say in
// the morning. Where the two older ways of telling disagreed, or both were wrong, it says so.
func TestWhatTheNewsOfANightSaysInTheMorning(t *testing.T) {
	t.Parallel()
	a, b, c := day("a", 9, 14, 16), day("b", 10, 14, 16), day("c", 11, 14, 16)
	at := func(from int) schedule.Entry { return day("a", 9, from, from+2) }
	type changes []func(n *noun)
	told := func(plan ...schedule.Entry) func(n *noun) {
		return func(n *noun) { n.change(plan...); n.tell() }
	}
	untold := func(plan ...schedule.Entry) func(n *noun) { return func(n *noun) { n.change(plan...) } }
	named := func(title string) func(n *noun) { return func(n *noun) { n.rename(title); n.tell() } }
	var busy changes
	for i := range 12 {
		busy = append(busy, told(at(18), day("b", 10, 8+i, 20), c))
	}
	for name, row := range map[string]struct {
		changes changes
		want    map[int]string
	}{
		"a change":                          {changes{told(at(18), b, c)}, map[int]string{2: "a 09T18-20 NewTime"}},
		"and another":                       {changes{told(at(18), b, c), told(at(19), b, c)}, map[int]string{3: "a 09T19-21 NewTime"}},
		"changed back":                      {changes{told(at(18), b, c), told(a, b, c)}, map[int]string{3: "a 09T14-16 NewTime"}},
		"and again: a course told it twice": {changes{told(at(18), b, c), told(a, b, c), told(at(18), b, c)}, map[int]string{4: "a 09T18-20 NewTime"}},
		"taken back before it is told":      {changes{told(at(18), b, c), untold(at(19), b, c), untold(at(18), b, c)}, map[int]string{2: "a 09T18-20 NewTime"}},
		"a time, then the place: a course said only that the place is new": {changes{told(at(18), b, c), told(in(at(18), "Salen"), b, c)},
			map[int]string{2: "a 09T18-20 Salen NewTime", 3: "a 09T18-20 Salen NewPlace"}},
		"two dates, then one of them: a course told the other as it was not": {changes{told(at(18), in(b, "Salen"), c), told(at(19), in(b, "Salen"), c)},
			map[int]string{2: "b 10T14-16 Salen NewPlace", 3: "a 09T19-21 NewTime"}},
		"more than ten changes: a course forgot the first": {append(changes{told(at(18), b, c)}, busy...), map[int]string{2: "a 09T18-20 NewTime", 14: "b 10T19-20 NewTime"}},
		"a name and a time, then a time": {changes{func(n *noun) { n.rename("Bal"); n.change(at(18), b, c); n.tell() }, told(at(19), b, c)},
			map[int]string{3: "a 09T19-21 NewTitle", 4: "a 09T19-21 NewTime"}},
		"a change is not told yet: both told it, and again two minutes later": {changes{told(at(18), b, c), untold(at(19), b, c)}, map[int]string{2: "a 09T18-20 NewTime"}},
		"one less, twice":                                     {changes{told(a, b), told(a)}, map[int]string{2: "a 09T14-16 -11T14", 3: "a 09T14-16 Fewer -10T14"}},
		"one less, then a new one":                            {changes{told(a, b), told(a, b, day("d", 12, 14, 16))}, map[int]string{2: "d 12T14-16 -11T14", 3: "d 12T14-16 NewTime"}},
		"two less, then a new one":                            {changes{told(a), told(a, day("d", 12, 14, 16))}, map[int]string{2: "d 12T14-16 Fewer -10T14 -11T14", 3: "d 12T14-16 NewTime"}},
		"one less and one moved: a course told only the move": {changes{told(at(18), b)}, map[int]string{2: "a 09T18-20 NewTime Fewer -11T14"}},
		"a new one, then its place":                           {changes{told(a, b, c, day("d", 12, 14, 16)), told(a, b, c, in(day("d", 12, 14, 16), "Salen"))}, map[int]string{2: "d 12T14-16 Salen NewTime", 3: "d 12T14-16 Salen NewPlace"}},
		"a new one, then its time":                            {changes{told(a, b, c, day("d", 12, 14, 16)), told(a, b, c, day("d", 12, 18, 20))}, map[int]string{3: "d 12T18-20 NewTime"}},
		"the same under other ids":                            {changes{told(at(18), b, c), told(day("x", 9, 18, 20), day("y", 10, 14, 16), c)}, map[int]string{2: "x 09T18-20 NewTime"}},
		"moved, and under other ids":                          {changes{told(at(18), b, c), told(day("x", 9, 18, 20), day("y", 10, 18, 20), c)}, map[int]string{2: "x 09T18-20 NewTime", 3: "y 10T18-20 NewTime -10T14"}},
		"an end, then the start":                              {changes{told(day("a", 9, 14, 20), b, c), told(day("a", 9, 18, 20), b, c)}, map[int]string{3: "a 09T18-20 NewTime"}},
		"a start, then the end":                               {changes{told(day("a", 9, 15, 16), b, c), told(day("a", 9, 15, 20), b, c)}, map[int]string{2: "a 09T15-20 NewTime", 3: "a 09T15-20 NewEnd"}},
		"several at once":                                     {changes{told(at(18), day("b", 10, 18, 20), in(c, "Laden"))}, map[int]string{2: "a 09T18-20 NewTime +b +c"}},
		"one more that is over by now":                        {changes{told(a, b, c, day("d", 1, 19, 20))}, nil},
		"one more that runs by now":                           {changes{told(a, b, c, day("d", 1, 19, 23))}, map[int]string{2: "d 01T19-23 NewTime"}},
		"a name, and another":                                 {changes{named("Bal"), named("Dans")}, map[int]string{3: "a 09T14-16 NewTitle"}},
		"a name, and back":                                    {changes{named("Bal"), named("Fest")}, map[int]string{3: "a 09T14-16 NewTitle"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := published(a, b, c)
			for _, change := range row.changes {
				change(n)
			}
			want := row.want
			if want == nil {
				want = map[int]string{}
			}
			if diff := cmp.Diff(want, n.says()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// News that was written as told and not queued, because the process slept or died, is queued
// later, and says what is then true.
func TestNewsOfAProcessThatSleptIsNotLost(t *testing.T) {
	t.Parallel()
	a, six, seven := day("a", 9, 14, 16), day("a", 9, 18, 20), day("a", 9, 19, 21)
	n := published(a)
	n.change(six)
	n.tell()
	n.change(seven)
	n.tell() // the process sleeps before it queues the news
	n.change(six)
	want := map[int]string{3: "a 09T19-21 NewTime"}
	if diff := cmp.Diff(want, n.says()); diff != "" {
		t.Errorf("while the way back is not told (-want +got):\n%s", diff)
	}
	n.tell()
	want = map[int]string{4: "a 09T18-20 NewTime"}
	if diff := cmp.Diff(want, n.says()); diff != "" {
		t.Errorf("in the end (-want +got):\n%s", diff)
	}
	if _, ok := n.telling.Tell(n.now, 3, n.at); ok {
		t.Error("the timer of an older change tells what a newer one has told")
	}
}

// What has happened a hundred times is remembered as well as what has happened once.
func TestTheTellingStaysSmall(t *testing.T) {
	t.Parallel()
	n := published(day("a", 9, 14, 16), day("b", 10, 14, 16))
	for i := range 100 {
		n.change(day("a", 9, 8+i%12, 21), in(day("b", 10, 8+i%7, 16), string(rune('A'+i%5))))
		n.tell()
		n.change(day("c", 11, 14, 16))
		n.tell()
		n.change(day("a", 9, 14, 16), day("b", 10, 14, 16))
		n.tell()
	}
	if len(n.telling.Told) > 7 {
		t.Errorf("%d facts are noted of two dates", len(n.telling.Told))
	}
}

func TestNewsIsHeldUnlessADateIsNear(t *testing.T) {
	t.Parallel()
	a := day("a", 9, 14, 16)
	for name, row := range map[string]struct {
		at     string
		after  schedule.Entry
		tellAt string
	}{
		"hours before":           {"2026-05-09T08:00:00Z", day("a", 9, 18, 20), "2026-05-09T08:02:00Z"},
		"it begins in a minute":  {"2026-05-09T13:59:00Z", day("a", 9, 18, 20), "2026-05-09T13:59:00Z"},
		"it is to begin at once": {"2026-05-09T08:59:00Z", day("a", 9, 9, 11), "2026-05-09T08:59:00Z"},
		"it runs":                {"2026-05-09T14:30:00Z", day("a", 9, 14, 18), "2026-05-09T14:32:00Z"},
		"it ends in a minute":    {"2026-05-09T15:59:00Z", day("a", 9, 14, 18), "2026-05-09T15:59:00Z"},
		"it is to end at once":   {"2026-05-09T14:58:30Z", day("a", 9, 14, 15), "2026-05-09T14:58:30Z"},
	} {
		a, after := inUTC(a), inUTC(row.after)
		var telling schedule.Telling
		got, ok := telling.Note(schedule.Snapshot{Plan: schedule.Plan{a}}, schedule.Snapshot{Plan: schedule.Plan{after}}, 2, instant(t, row.at))
		if !ok || !got.Equal(instant(t, row.tellAt)) {
			t.Errorf("%s: it is told at %v (%t), want %s", name, got, ok, row.tellAt)
		}
	}
}

// A change that waits has not been heard, so that people may still come to the date that they know, whatever it is
// moved to meanwhile. They hear of it before.
func TestWhatPeopleKnowIsSaidInTime(t *testing.T) {
	t.Parallel()
	known := schedule.Snapshot{Plan: schedule.Plan{inUTC(day("a", 9, 18, 20))}}
	moved, again := schedule.Snapshot{Plan: schedule.Plan{inUTC(day("a", 16, 18, 20))}}, schedule.Snapshot{Plan: schedule.Plan{inUTC(day("a", 17, 18, 20))}}
	morning := instant(t, "2026-05-08T08:00:00Z")
	telling := schedule.Telling{Known: &known, TellsAt: []time.Time{morning, morning, morning}}
	at := instant(t, "2026-05-08T10:00:00Z")
	first, _ := telling.Note(known, moved, 5, at)
	second, _ := telling.Note(moved, again, 6, at.Add(time.Minute))
	if start := known.Plan[0].StartsAt; !first.Before(start) || !second.Equal(first) {
		t.Errorf("that what starts at %v is moved is told at %v, and once it is moved again at %v", start, first, second)
	}
}

// Corrections of the text ring nobody, so that they do not use up the news that is told freely: a move after
// three of them is told as soon as ever, and one after three moves waits.
func TestOnlyMovesUseUpWhatIsToldFreely(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		next func(s schedule.Snapshot, i int) schedule.Snapshot
		hold time.Duration
	}{
		"texts": {func(s schedule.Snapshot, i int) schedule.Snapshot {
			s.Description = i18n.Text{{Language: i18n.Danish, Text: strconv.Itoa(i)}}
			return s
		}, schedule.Hold},
		"moves": {func(s schedule.Snapshot, i int) schedule.Snapshot {
			s.Plan = schedule.Plan{inUTC(day("a", 20+i, 18, 20))}
			return s
		}, 24*time.Hour - 3*time.Hour},
	} {
		var telling schedule.Telling
		is, at := schedule.Snapshot{Plan: schedule.Plan{inUTC(day("a", 20, 18, 20))}}, instant(t, "2026-05-08T08:00:00Z")
		for i := range 3 {
			next := row.next(is, i+1)
			telling.Note(is, next, i+2, at)
			telling, _ = telling.Tell(next, i+2, at)
			is, at = next, at.Add(time.Hour)
		}
		moved := schedule.Snapshot{Plan: schedule.Plan{inUTC(day("a", 28, 18, 20))}, Description: is.Description}
		if tellAt, ok := telling.Note(is, moved, 9, at); !ok || tellAt.Sub(at) != row.hold {
			t.Errorf("after three %s a move is told after %v, want %v", name, tellAt.Sub(at), row.hold)
		}
	}
}

// inUTC is the date with the same hours in UTC.
func inUTC(e schedule.Entry) schedule.Entry {
	var p fault.Problems
	w := e.Wall()
	w.TimeZone = "UTC"
	e.Date = w.Date(&p, "input", schedule.Limits{Longest: 24 * time.Hour})
	return e
}

// Who does not hear of it comes at the earlier of the two starts, or to a date that is gone.
func TestWhenPeopleTurnUpInVain(t *testing.T) {
	t.Parallel()
	a, b, c := day("a", 9, 14, 16), day("b", 10, 14, 16), day("c", 11, 14, 16)
	for name, row := range map[string]struct {
		after []schedule.Entry
		want  *time.Time
	}{
		"later":           {[]schedule.Entry{a, day("b", 12, 14, 16), c}, &b.StartsAt},
		"earlier":         {[]schedule.Entry{a, b, day("c", 10, 18, 20)}, &slices.Clone([]schedule.Entry{day("c", 10, 18, 20)})[0].StartsAt},
		"one less":        {[]schedule.Entry{a, c}, &b.StartsAt},
		"another instead": {[]schedule.Entry{a, c, day("d", 20, 14, 16)}, &b.StartsAt},
		"one more":        {[]schedule.Entry{a, b, c, day("d", 20, 14, 16)}, &slices.Clone([]schedule.Entry{day("d", 20, 14, 16)})[0].StartsAt},
		"one less, moved": {[]schedule.Entry{b, day("c", 11, 15, 16)}, &a.StartsAt},
	} {
		n := published(a, b, c)
		n.change(row.after...)
		n.tell()
		got := n.telling.News(n.now, n.version, n.at).TurnsUpAt
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// News of a new name says the one that people know: not one of the same night, which may not have
// reached them.
func TestNewsOfANameSaysTheNameBefore(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		after time.Duration
		names []string
		want  string
	}{
		"once":                         {0, []string{"Bal"}, "Fest"},
		"twice in a night":             {time.Hour, []string{"Bal", "Dans"}, "Fest"},
		"twice in a week":              {72 * time.Hour, []string{"Bal", "Dans"}, "Bal"},
		"and back":                     {time.Hour, []string{"Bal", "Fest"}, "Bal"},
		"one that is quoted":           {72 * time.Hour, []string{`Klub "Fri"`, "Dans"}, "Klub 'Fri'"},
		"thrice, the first a week ago": {72 * time.Hour, []string{"Bal", "Dans", "Leg"}, "Dans"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := published(day("a", 29, 14, 16))
			for _, title := range row.names {
				n.at = n.at.Add(row.after)
				n.rename(title)
				n.tell()
			}
			words := n.telling.News(n.now, n.version, n.at).Words()
			if words["OldTitle_DA"] != row.want || words["NewTitle"] == "" {
				t.Errorf("it was called %q, want %q", words["OldTitle_DA"], row.want)
			}
		})
	}
}
