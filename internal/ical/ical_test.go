package ical_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/ical"
	"faellesskab/internal/schedule"
)

var update = flag.Bool("update", false, "write the golden files anew")

func date(t testing.TB, start, end clock.Local, zone clock.Zone) schedule.Date {
	t.Helper()
	var p fault.Problems
	d := schedule.Wall{StartsAt: start, EndsAt: end, TimeZone: zone}.Date(&p, "input", schedule.Limits{Longest: 14 * 24 * time.Hour})
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t testing.TB, c ical.Calendar) string {
	t.Helper()
	var out bytes.Buffer
	if err := ical.Write(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// unfolded are the lines of a calendar as they were before folding.
func unfolded(text string) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n")
}

// has reports whether a calendar has a line.
func has(text, line string) bool {
	for _, l := range unfolded(text) {
		if l == line {
			return true
		}
	}
	return false
}

var changed = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// The golden calendar is read by npm's ical.js too; see conformance/calendar.mjs, which has the instants.
func TestACalendarForOtherPrograms(t *testing.T) {
	t.Parallel()
	north, east := 55.712345, 11.7123456
	got := write(t, ical.Calendar{Name: "Havegruppen; Svinninge", Refresh: time.Hour, Events: []ical.Event{
		{UID: "occ_1@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-10-18T11:00:00", "2026-10-18T12:30:00", clock.Copenhagen), Status: ical.Confirmed, Summary: "Havedag"},
		{UID: "occ_2@x", Sequence: 2, ChangedAt: changed, Date: date(t, "2026-10-25T02:30:00", "2026-10-25T03:30:00", clock.Copenhagen), Status: ical.Tentative, Summary: "Nattevandring"},
		{UID: "occ_3@x", Sequence: 1, ChangedAt: changed, Date: date(t, "2027-03-28T11:00:00", "2027-03-28T12:00:00", clock.Copenhagen), Status: ical.Cancelled, Summary: "Havedag",
			Description: "Sal 2; Aarhus, C\\D\r\nx", Location: "Fælleshuset, Åvej 3", Latitude: &north, Longitude: &east, URL: "https://example.org/events/evt_1", Category: "Natur"},
		{UID: "occ_4@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-08-14T00:00:00", "2026-08-17T00:00:00", clock.Copenhagen), IsAllDay: true, Status: ical.Confirmed, Summary: "Lejr"},
		{UID: "occ_5@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-07-01T18:00:00", "2026-07-01T19:00:00", "America/New_York"), Status: ical.Confirmed, Summary: "Ude"},
		{UID: "occ_6@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-07-01T18:00:00", "2026-07-01T19:00:00", "UTC"), Status: ical.Confirmed, Summary: "På nettet"},
		{UID: "occ_7@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-04-05T01:45:00", "2026-04-05T04:00:00", "Australia/Lord_Howe"), Status: ical.Confirmed, Summary: "Langt væk"},
		{UID: "occ_8@x", Sequence: 0, ChangedAt: changed, Date: date(t, "2026-12-01T10:00:00", "2026-12-01T11:00:00", "Asia/Kolkata"), Status: ical.Confirmed, Summary: strings.Repeat("æ", 80) + "📞"},
	}})
	const golden = "testdata/calendar.ics"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("another calendar (-golden +now):\n%s", diff)
	}
	if n := strings.Count(got, "BEGIN:VTIMEZONE"); n != 4 {
		t.Errorf("%d zones, want 4, each once", n)
	}
}

// The numbers are those of the cases where other systems broke.
func TestTextsWhereOthersBroke(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, summary, want string }{
		{"21 a letter where the line is folded", strings.Repeat("x", 64) + ":📞", "SUMMARY:" + strings.Repeat("x", 64) + ":📞"},
		{"21 a line break where the line is folded", strings.Repeat("a", 62) + "\n•", "SUMMARY:" + strings.Repeat("a", 62) + `\n•`},
		{"22 what must be escaped", "Sal 2; Aarhus, C\\D\r\nx", `SUMMARY:Sal 2\; Aarhus\, C\\D\nx`},
		{"22 a backslash before an n", `C:\new`, `SUMMARY:C:\\new`},
		{"a line of its own is none", "x\r\nEND:VEVENT\rBEGIN:VALARM", `SUMMARY:x\nEND:VEVENT\nBEGIN:VALARM`},
		{"control characters", "a\x00b\x1bc\u2028d", "SUMMARY:abc\u2028d"},
	} {
		got := write(t, ical.Calendar{Events: []ical.Event{{UID: "u", ChangedAt: changed, Date: date(t, "2026-10-18T11:00:00", "2026-10-18T12:00:00", clock.Copenhagen),
			Status: ical.Confirmed, Summary: c.summary}}})
		if !has(got, c.want) {
			t.Errorf("%s: no line %q in\n%s", c.name, c.want, got)
		}
	}
}

func TestLinesAreFoldedBetweenLetters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		summary := rapid.String().Draw(rt, "summary")
		got := write(t, ical.Calendar{Name: summary, Events: []ical.Event{{UID: "u", ChangedAt: changed, Date: date(t, "2026-10-18T11:00:00", "2026-10-18T12:00:00", clock.Copenhagen),
			Status: ical.Confirmed, Summary: summary, Description: summary, Location: summary}}})
		for line := range strings.SplitSeq(got, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				rt.Fatalf("line of %d octets: %q", len(line), line)
			}
		}
		if n := strings.Count("\r\n"+strings.Join(unfolded(got), "\r\n"), "\r\nBEGIN:VEVENT"); n != 1 {
			rt.Fatalf("%d events:\n%s", n, got)
		}
	})
}

func TestWholeDays(t *testing.T) {
	t.Parallel()
	for _, end := range []clock.Local{"2026-08-17T00:00:00", "2026-08-16T23:59:00"} {
		got := write(t, ical.Calendar{Events: []ical.Event{{UID: "u", ChangedAt: changed, Date: date(t, "2026-08-14T00:00:00", end, clock.Copenhagen), IsAllDay: true, Status: ical.Confirmed}}})
		if !has(got, "DTSTART;VALUE=DATE:20260814") || !has(got, "DTEND;VALUE=DATE:20260817") || strings.Contains(got, "VTIMEZONE") {
			t.Errorf("29: until %s:\n%s", end, got)
		}
	}
}

// Nothing but the events decides what is written.
func TestTheSameCalendarIsTheSameBytes(t *testing.T) {
	t.Parallel()
	c := ical.Calendar{Name: "x", Refresh: time.Hour, Events: []ical.Event{{UID: "u", ChangedAt: changed, Date: date(t, "2026-10-18T11:00:00", "2026-10-18T12:00:00", clock.Copenhagen),
		Status: ical.Confirmed, Summary: "s", Description: "d", Location: "l", URL: "https://example.org", Category: "c"}}}
	first := write(t, c)
	for range 20 {
		if again := write(t, c); again != first {
			t.Fatalf("other bytes:\n%s", cmp.Diff(first, again))
		}
	}
}
