package schedule_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/schedule"
)

var update = flag.Bool("update", false, "write the golden files anew")

// days are the dates of starts, as "1 Sep", and with the time if it is another than the first's.
func days(slots []clock.Local) string {
	texts := make([]string, len(slots))
	for i, l := range slots {
		texts[i] = l.OnPaper().Format("2 Jan 2006")
		if l[10:] != slots[0][10:] {
			texts[i] += string(l[10:])
		}
	}
	return strings.Join(texts, ", ")
}

// The numbers are those of the known breaks.
func TestKnownBreaksOfDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		first   clock.Local
		r       schedule.Recurrence
		want    string
		instant string // of the starts, if it matters
	}{
		{"1 UNTIL in UTC", "2026-09-07T19:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;UNTIL=20260921T170000Z"}, "7 Sep 2026, 14 Sep 2026, 21 Sep 2026", ""},
		{"1 UNTIL a second before", "2026-09-07T19:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;UNTIL=20260921T165959Z"}, "7 Sep 2026, 14 Sep 2026", ""},
		{"UNTIL as a day", "2026-09-07T19:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;UNTIL=20260921"}, "7 Sep 2026, 14 Sep 2026, 21 Sep 2026", ""},
		{"UNTIL by the clock there", "2026-09-07T19:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;UNTIL=20260921T185959"}, "7 Sep 2026, 14 Sep 2026", ""},
		{"9 over the end of summer time", "2026-10-18T11:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=3"}, "18 Oct 2026, 25 Oct 2026, 1 Nov 2026", "09:00 10:00 10:00"},
		{"10 a start that does not exist", "2027-03-27T02:30:00", schedule.Recurrence{Rule: "FREQ=DAILY;COUNT=3"}, "27 Mar 2027, 29 Mar 2027", "01:30 00:30"},
		{"a start that comes twice is the first", "2026-10-24T02:30:00", schedule.Recurrence{Rule: "FREQ=DAILY;COUNT=3"}, "24 Oct 2026, 25 Oct 2026, 26 Oct 2026", "00:30 00:30 01:30"},
		{"11 29 February", "2024-02-29T19:00:00", schedule.Recurrence{Rule: "FREQ=YEARLY;COUNT=3"}, "29 Feb 2024, 29 Feb 2028, 29 Feb 2032", ""},
		{"12 the fourth", "2026-02-26T19:00:00", schedule.Recurrence{Rule: "FREQ=MONTHLY;BYDAY=4TH;COUNT=4"}, "26 Feb 2026, 26 Mar 2026, 23 Apr 2026, 28 May 2026", ""},
		{"12 the last", "2026-02-26T19:00:00", schedule.Recurrence{Rule: "FREQ=MONTHLY;BYDAY=-1TH;COUNT=4"}, "26 Feb 2026, 26 Mar 2026, 30 Apr 2026, 28 May 2026", ""},
		{"15 a number is not filled up", "2017-01-08T10:00:00", schedule.Recurrence{Rule: "FREQ=MONTHLY;COUNT=5", ExceptDates: []clock.Local{"2017-04-08T10:00:00"}},
			"8 Jan 2017, 8 Feb 2017, 8 Mar 2017, 8 May 2017", ""},
		{"the 31st", "2026-01-31T10:00:00", schedule.Recurrence{Rule: "FREQ=MONTHLY;COUNT=4"}, "31 Jan 2026, 31 Mar 2026, 31 May 2026, 31 Jul 2026", ""},
		{"the last day", "2026-01-31T10:00:00", schedule.Recurrence{Rule: "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"}, "31 Jan 2026, 28 Feb 2026, 31 Mar 2026", ""},
		{"every other week", "2026-12-29T10:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4"}, "29 Dec 2026, 31 Dec 2026, 12 Jan 2027, 14 Jan 2027", ""},
		{"an extra date that the rule has", "2026-09-01T10:00:00", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=2", ExtraDates: []clock.Local{"2026-09-08T10:00:00", "2026-09-09T18:00:00"}},
			"1 Sep 2026, 8 Sep 2026, 9 Sep 2026T18:00:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			slots := c.r.Slots(c.first, clock.Copenhagen)
			if got := days(slots); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			var instants []string
			for _, l := range slots {
				at, err := l.In(clock.Copenhagen)
				if err != nil {
					t.Errorf("%s: %v", l, err)
				}
				instants = append(instants, at.UTC().Format("15:04"))
			}
			if got := strings.Join(instants, " "); c.instant != "" && got != c.instant {
				t.Errorf("at %s, want %s", got, c.instant)
			}
		})
	}
}

func clean(in schedule.RecurrenceInput, first clock.Local) (*schedule.Recurrence, error) {
	var p fault.Problems
	r := in.Clean(&p, "input.recurrence", schedule.Wall{StartsAt: first, EndsAt: first.Plus(1), TimeZone: clock.Copenhagen})
	return r, p.Err()
}

func TestRecurrencesThatAreRefused(t *testing.T) {
	t.Parallel()
	const first = "2026-09-01T19:00:00" // a Tuesday
	extra := func(list ...clock.Local) schedule.RecurrenceInput {
		return schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=2", ExtraDates: list}
	}
	except := func(list ...clock.Local) schedule.RecurrenceInput {
		return schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=2", ExceptDates: list}
	}
	rule := func(text string) schedule.RecurrenceInput { return schedule.RecurrenceInput{Rule: text} }
	for _, c := range []struct {
		in    schedule.RecurrenceInput
		first clock.Local
		want  string
	}{
		{rule(""), first, "rule recurrence.rule"},
		{rule("every Tuesday"), first, "rule recurrence.rule"},
		{rule("COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=HOURLY;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=3;COUNT=4"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=3;UNTIL=20261001"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=0"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=-1"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=3.5"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;INTERVAL=0;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;BYDAY=;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;BYDAY=XX;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;BYDAY=1TU;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=MONTHLY;BYDAY=0TU;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=MONTHLY;BYDAY=6TU;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=MONTHLY;BYDAY=TU,1WE;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3"), first, "rule recurrence.rule"},
		{rule("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=2"), "2026-12-28T19:00:00", "rule recurrence.rule"}, // 13
		{rule("FREQ=MONTHLY;BYSETPOS=1;BYDAY=TU;COUNT=2"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;WKST=SU;COUNT=2"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=2;UNTIL=20260230"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;UNTIL=20260230"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY;COUNT=2;"), first, "rule recurrence.rule"},
		{rule("FREQ=WEEKLY"), first, "rule recurrence.no_end"},
		{rule("FREQ=WEEKLY;COUNT=3;BYDAY=WE"), "2024-05-30T19:00:00", "rule recurrence.misses"}, // 14
		{rule("FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=TU;INTERVAL=12;COUNT=2"), "2027-02-28T19:00:00", "rule recurrence.misses"},
		{rule("FREQ=WEEKLY;UNTIL=20260831"), first, "rule recurrence.no_dates"},
		{rule("FREQ=DAILY;COUNT=401"), first, "rule recurrence.too_many"},
		{rule("FREQ=DAILY;COUNT=9999"), first, "rule recurrence.too_many"},
		{rule("FREQ=DAILY;UNTIL=20280101"), first, "rule recurrence.too_many"},
		{rule("FREQ=YEARLY;COUNT=4"), first, "rule recurrence.too_long"},
		{rule("FREQ=YEARLY;COUNT=2"), "2024-02-29T19:00:00", "rule recurrence.too_long"},
		{rule("FREQ=MONTHLY;UNTIL=20281001"), first, "rule recurrence.too_long"},
		{rule("FREQ=YEARLY;INTERVAL=999;COUNT=2"), first, "rule recurrence.too_long"},
		{extra("2026-09-01T19:00:00"), first, "extraDates.0 recurrence.extra_early"},
		{extra("2026-09-02T19:00:00", "2028-09-02T19:00:00"), first, "extraDates.1 recurrence.too_long"},
		{extra("2027-03-28T02:30:00"), first, "extraDates.0 time.skipped"},
		{except("2026-09-01T19:00:00", "2026-09-02T19:00:00"), first, "exceptDates.1 recurrence.except_unknown"},
		{except("2026-09-01T19:00:00", "2026-09-08T19:00:00"), first, " recurrence.no_dates"},
	} {
		_, err := clean(c.in, c.first)
		var got []string
		if problems, ok := err.(fault.Problems); ok { //nolint:errorlint // Clean returns nothing else
			for _, p := range problems {
				got = append(got, strings.TrimPrefix(strings.TrimPrefix(p.Field, "input.recurrence"), ".")+" "+p.Key)
			}
		}
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%+v from %s: %q, want %q", c.in, c.first, got, c.want)
		}
	}
}

func TestRecurrencesThatAreTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, want string
		first      clock.Local
		dates      int
	}{
		{" rrule:freq=weekly;byday=tu;count=10", "FREQ=WEEKLY;BYDAY=TU;COUNT=10", "2026-09-01T19:00:00", 10},
		{"FREQ=WEEKLY;WKST=MO;COUNT=2", "FREQ=WEEKLY;WKST=MO;COUNT=2", "2026-09-01T19:00:00", 2},
		{"FREQ=DAILY;COUNT=400", "FREQ=DAILY;COUNT=400", "2026-09-01T19:00:00", 400},
		{"FREQ=YEARLY;COUNT=3", "FREQ=YEARLY;COUNT=3", "2026-09-01T19:00:00", 3},
		{"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=25", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=25", "2026-01-31T19:00:00", 25},
	} {
		r, err := clean(schedule.RecurrenceInput{Rule: c.rule}, c.first)
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		if n := len(r.Slots(c.first, clock.Copenhagen)); r.Rule != c.want || n != c.dates {
			t.Errorf("%s: %s with %d dates, want %s with %d", c.rule, r.Rule, n, c.want, c.dates)
		}
	}
}

// rrule#84, rust-rrule#119: whoever chose a first date that the rule does not have is refused, and reads which ones it has.
func TestKnownBreak14TheNearestDatesAreNamed(t *testing.T) {
	t.Parallel()
	_, err := clean(schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;BYDAY=WE;COUNT=3"}, "2024-05-30T19:00:00")
	problems, ok := err.(fault.Problems) //nolint:errorlint // Clean returns nothing else
	if !ok || len(problems) != 1 {
		t.Fatal(err)
	}
	for language, want := range map[i18n.Language]string{
		i18n.Danish:  "De nærmeste datoer, der passer, er onsdag den 29. maj 2024 eller onsdag den 5. juni 2024.",
		i18n.English: "The nearest that are, are Wednesday 29 May 2024 or Wednesday 5 June 2024.",
	} {
		if got := i18n.Translate(language, problems[0].Key, problems[0].Args); !strings.HasSuffix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	const first = "2026-09-01T18:00:00"
	for _, c := range []struct {
		name          string
		r             schedule.Recurrence
		at            clock.Local
		before, after string
	}{
		{"2 the date itself follows", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=4"}, "2026-09-15T18:00:00", "1 Sep 2026, 8 Sep 2026", "15 Sep 2026, 22 Sep 2026"},
		{"3 a number is divided", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=6"}, "2026-09-22T18:00:00", "1 Sep 2026, 8 Sep 2026, 15 Sep 2026", "22 Sep 2026, 29 Sep 2026, 6 Oct 2026"},
		{"an end", schedule.Recurrence{Rule: "FREQ=WEEKLY;UNTIL=20260922"}, "2026-09-15T18:00:00", "1 Sep 2026, 8 Sep 2026", "15 Sep 2026, 22 Sep 2026"},
		{"exceptions stay where they are", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=4", ExceptDates: []clock.Local{"2026-09-08T18:00:00", "2026-09-22T18:00:00"}}, "2026-09-15T18:00:00",
			"1 Sep 2026", "15 Sep 2026"},
		{"an extra date", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=3", ExtraDates: []clock.Local{"2026-09-10T20:00:00"}}, "2026-09-10T20:00:00", "1 Sep 2026, 8 Sep 2026", "10 Sep 2026, 15 Sep 2026T18:00:00"},
		{"only an extra date is left", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=2", ExtraDates: []clock.Local{"2026-09-10T20:00:00"}}, "2026-09-10T20:00:00", "1 Sep 2026, 8 Sep 2026", "10 Sep 2026"},
		{"every other week", schedule.Recurrence{Rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4"}, "2026-09-03T18:00:00", "1 Sep 2026", "3 Sep 2026, 15 Sep 2026, 17 Sep 2026"},
		{"the first date", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=2"}, first, "", "1 Sep 2026, 8 Sep 2026"},
		{"the first date is left out", schedule.Recurrence{Rule: "FREQ=WEEKLY;COUNT=3", ExceptDates: []clock.Local{first}}, "2026-09-15T18:00:00", "8 Sep 2026", "15 Sep 2026"},
	} {
		before, from, after := c.r.Split(first, c.at, clock.Copenhagen)
		var earlier string
		if before != nil {
			earlier = days(before.Slots(first, clock.Copenhagen))
		}
		if later := days(after.Slots(from, clock.Copenhagen)); earlier != c.before || later != c.after {
			t.Errorf("%s: %s | %s, want %s | %s", c.name, earlier, later, c.before, c.after)
		}
	}
}

func TestRulesThatLeaveOutMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule  string
		first clock.Local
		want  bool
	}{
		{"FREQ=MONTHLY;COUNT=2", "2026-01-31T10:00:00", true}, {"FREQ=MONTHLY;COUNT=2", "2026-01-28T10:00:00", false},
		{"FREQ=MONTHLY;BYMONTHDAY=30;COUNT=2", "2026-01-30T10:00:00", true}, {"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "2026-01-31T10:00:00", false},
		{"FREQ=MONTHLY;BYDAY=-1SA;COUNT=2", "2026-01-31T10:00:00", false}, {"FREQ=YEARLY;COUNT=2", "2024-02-29T10:00:00", true},
		{"FREQ=YEARLY;COUNT=2", "2026-01-31T10:00:00", false}, {"FREQ=WEEKLY;COUNT=2", "2026-01-31T10:00:00", false},
	} {
		r := schedule.Recurrence{Rule: c.rule}
		if got := r.LeavesOut(c.first); got != c.want {
			t.Errorf("%s from %s: %t", c.rule, c.first, got)
		}
	}
}

// The golden file is what npm's rrule must say too; see conformance/dates.mjs.
func TestDatesForOtherPrograms(t *testing.T) {
	t.Parallel()
	type example struct {
		First clock.Local   `json:"first"`
		Rule  string        `json:"rule"`
		Dates []clock.Local `json:"dates"`
	}
	var list []example
	firsts := []clock.Local{"2024-02-29T09:00:00", "2026-01-31T18:30:00", "2026-12-28T10:00:00", "2027-03-28T12:00:00", "2026-10-25T02:30:00", "2020-12-31T23:59:59"}
	for _, first := range firsts {
		day := strings.ToUpper(first.OnPaper().Format("Mon")[:2])
		monthDay, nth := first.OnPaper().Day(), (first.OnPaper().Day()-1)/7+1
		for _, rule := range []string{
			"DAILY", "DAILY;INTERVAL=3", "DAILY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "WEEKLY", "WEEKLY;INTERVAL=2;BYDAY=" + day, "WEEKLY;INTERVAL=2;BYDAY=" + day + ",MO,SU", "WEEKLY;BYDAY=SU," + day,
			"MONTHLY", "MONTHLY;INTERVAL=5", fmt.Sprintf("MONTHLY;BYDAY=%d%s", nth, day), "MONTHLY;BYDAY=" + day, fmt.Sprintf("MONTHLY;BYMONTHDAY=%d,1,-1", monthDay),
			fmt.Sprintf("MONTHLY;BYMONTHDAY=%d;BYDAY=%s", monthDay, day), "YEARLY", "YEARLY;INTERVAL=2", fmt.Sprintf("YEARLY;BYMONTHDAY=%d", monthDay), "YEARLY;BYDAY=10" + day + ",-1SU",
		} {
			for _, end := range []string{";COUNT=12", ";UNTIL=" + strings.NewReplacer("-", "", ":", "").Replace(string(first.Plus(200*24*60*60*1e9))) + "Z"} {
				r := schedule.Recurrence{Rule: "FREQ=" + rule + end}
				list = append(list, example{first, r.Rule, r.Slots(first, "UTC")})
			}
		}
	}
	got, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/rrule.json"
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("other dates (-golden +now):\n%s", diff)
	}
}
