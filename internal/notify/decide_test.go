package notify_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

var update = flag.Bool("update", false, "write the golden files")

// The moments at which news comes. Its subject starts at startsAt, which is a day
// later unless the moment says otherwise.
var moments = []struct {
	name     string
	now      time.Time
	startsIn time.Duration
	pushed   int
}{
	{"by day", copenhagen("2026-05-01T12:00"), 24 * time.Hour, 0},
	{"by night", copenhagen("2026-05-01T23:00"), 24 * time.Hour, 0},
	{"by night, starts 10:00", copenhagen("2026-05-01T23:00"), 11 * time.Hour, 0},
	{"by night, starts 07:00", copenhagen("2026-05-01T23:00"), 8 * time.Hour, 0},
	{"by day, 3 pushes had", copenhagen("2026-05-01T12:00"), 24 * time.Hour, 3},
	{"when it has begun", copenhagen("2026-05-01T12:00"), -time.Minute, 0},
}

func copenhagen(local string) time.Time {
	l, err := clock.ParseLocal(local)
	if err != nil {
		panic(err)
	}
	at, err := l.In(clock.Copenhagen)
	if err != nil {
		panic(err)
	}
	return at
}

// sort is a sort of person, by the differences from a person who has set nothing.
type sort struct {
	name string
	set  func(r *notify.Recipient, m *notify.Matter)
}

func sortsOf(kind notify.Kind) []sort {
	since := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	none, one := 0, 1
	level := func(l notify.Level) func(*notify.Recipient, *notify.Matter) {
		return func(r *notify.Recipient, _ *notify.Matter) {
			r.Groups["g"] = l
		}
	}
	chosen := func(c notify.Channel) func(*notify.Recipient, *notify.Matter) {
		return func(r *notify.Recipient, m *notify.Matter) {
			r.Settings.Kinds = map[notify.Kind]notify.Channel{m.Kind: c}
		}
	}
	muteThread := func(r *notify.Recipient, m *notify.Matter) {
		r.Settings.MutedThreads = map[string]time.Time{m.Subject: since}
	}
	stop := func(n int) func(*notify.Recipient, *notify.Matter) {
		return func(r *notify.Recipient, m *notify.Matter) {
			r.Settings.Stopped = map[string]notify.StoppedReason{}
			for _, reason := range m.Reasons[:n] {
				r.Settings.Stopped[reason.Key()] = notify.StoppedReason{Reason: reason, At: since}
			}
		}
	}
	both := func(a, b func(*notify.Recipient, *notify.Matter)) func(*notify.Recipient, *notify.Matter) {
		return func(r *notify.Recipient, m *notify.Matter) { a(r, m); b(r, m) }
	}
	pushOff := func(r *notify.Recipient, _ *notify.Matter) { r.Settings.PushOff = true }
	phonesOff := func(_ *notify.Recipient, m *notify.Matter) { m.PhonesOff = true }
	list := []sort{
		{"nothing set", func(*notify.Recipient, *notify.Matter) {}},
		{"banned", func(r *notify.Recipient, _ *notify.Matter) { r.Admitted = false }},
		{"has left the group", func(r *notify.Recipient, _ *notify.Matter) { delete(r.Groups, "g") }},
		{"has left, members only", func(r *notify.Recipient, m *notify.Matter) { delete(r.Groups, "g"); m.MembersOnly = true }},
		{"push off", pushOff},
		{"push off, kind on PUSH", both(pushOff, chosen(notify.Push))},
		{"all phones refuse it", phonesOff},
		{"all phones refuse it, push off", both(phonesOff, pushOff)},
		{"all phones refuse it, thread muted", both(phonesOff, muteThread)},
		{"all phones refuse it, kind on PUSH", both(phonesOff, chosen(notify.Push))},
		{"all phones refuse it, on INBOX", both(phonesOff, chosen(notify.Inbox))},
		{"all refuse it, had put it off", both(phonesOff, func(_ *notify.Recipient, m *notify.Matter) { m.Snoozed = true })},
		{"all refuse it, has read it", both(phonesOff, func(_ *notify.Recipient, m *notify.Matter) { m.Read = true })},
		{"thread muted", muteThread},
		{"thread muted, kind on PUSH", both(muteThread, chosen(notify.Push))},
		{"group on INBOX", level(notify.LevelInbox)},
		{"group on INBOX, kind on PUSH", both(level(notify.LevelInbox), chosen(notify.Push))},
		{"group on SUMMARY", level(notify.LevelSummary)},
		{"group on SUMMARY, kind on PUSH", both(level(notify.LevelSummary), chosen(notify.Push))},
		{"one of two reasons stopped", stop(1)},
		{"both reasons stopped", both(stop(2), level(notify.LevelInbox))},
		{"both stopped, unmuted since", stop(2)},
		{"kind on PUSH", chosen(notify.Push)},
		{"kind on SUMMARY", chosen(notify.Summary)},
		{"kind on INBOX", chosen(notify.Inbox)},
		{"had put it off until now", func(_ *notify.Recipient, m *notify.Matter) { m.Snoozed = true }},
		{"had put it off, thread muted", both(muteThread, func(_ *notify.Recipient, m *notify.Matter) { m.Snoozed = true })},
		{"has read it", func(_ *notify.Recipient, m *notify.Matter) { m.Read = true }},
		{"no quiet hours", func(r *notify.Recipient, _ *notify.Matter) {
			r.Settings.QuietFrom, r.Settings.QuietUntil = "00:00", "00:00"
		}},
		{"quiet 11:00 to 13:00", func(r *notify.Recipient, _ *notify.Matter) {
			r.Settings.QuietFrom, r.Settings.QuietUntil = "11:00", "13:00"
		}},
		{"lives by New York's clock", func(r *notify.Recipient, _ *notify.Matter) { r.Settings.Zone = "America/New_York" }},
		{"no pushes a day", func(r *notify.Recipient, _ *notify.Matter) { r.Settings.Pushes = &none }},
		{"one push a day", func(r *notify.Recipient, _ *notify.Matter) { r.Settings.Pushes = &one }},
	}
	if kind == group.NoticeInvited {
		return append(list, sort{"no longer invited", func(_ *notify.Recipient, m *notify.Matter) {
			m.Ended = &notify.Verdict{Channel: notify.Drop, Rule: notify.RuleUntrue}
		}})
	}
	if kind == group.NoticeInviteAnswered {
		return append(list, sort{"may no longer know who is a member", func(_ *notify.Recipient, m *notify.Matter) {
			m.Ended = &notify.Verdict{Channel: notify.Drop, Rule: notify.RuleLeft}
		}})
	}
	if kind == group.NoticeJoinRequested {
		return append(list, sort{"no longer an approver", func(_ *notify.Recipient, m *notify.Matter) {
			m.Ended = &notify.Verdict{Channel: notify.Drop, Rule: notify.RuleLeft}
		}})
	}
	if kind != event.NoticeReminder && kind != course.NoticeReminder {
		return list
	}
	dayBefore := func(_ *notify.Recipient, m *notify.Matter) { m.Offset = notify.OffsetDayBefore }
	optional := func(_ *notify.Recipient, m *notify.Matter) { m.Offset, m.Optional = notify.OffsetDayBefore, true }
	wants := func(offsets ...notify.ReminderOffset) func(*notify.Recipient, *notify.Matter) {
		return func(r *notify.Recipient, _ *notify.Matter) { r.Settings.Offsets = &offsets }
	}
	return append(list,
		sort{"organiser's offset, nothing set", dayBefore},
		sort{"organiser's offset, wants no reminders", both(dayBefore, wants())},
		sort{"organiser's offset, wants another", both(dayBefore, wants(notify.OffsetHalfAnHour))},
		sort{"not the organiser's, nothing set", optional},
		sort{"not the organiser's, wants it", both(optional, wants(notify.OffsetDayBefore))})
}

// The table says what each kind of news becomes for each sort of person at each
// moment, and by which rule. A changed line changes what people get pushed, so it must
// be intended.
func TestDecideTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	ruled := map[notify.Rule]bool{}
	for _, spec := range ct.New(t).News.Kinds.All() {
		fmt.Fprintf(&b, "%-37s", spec.Kind)
		for _, m := range moments {
			fmt.Fprintf(&b, "| %-31s", m.name)
		}
		b.WriteString("\n")
		for _, s := range sortsOf(spec.Kind) {
			fmt.Fprintf(&b, "  %-35s", s.name)
			for _, moment := range moments {
				v := decideFor(spec, s, moment.now, moment.now.Add(moment.startsIn), moment.pushed)
				ruled[v.Rule] = true
				text := fmt.Sprintf("%s %s", v.Channel, v.Rule)
				if v.HoldUntil != nil {
					text = fmt.Sprintf("%s %s until %s", v.Channel, v.Rule, clock.TimeOfDay(*v.HoldUntil, clock.Copenhagen))
				}
				fmt.Fprintf(&b, "| %-31s", text)
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	for _, rule := range notify.Rules {
		if !ruled[rule] {
			t.Errorf("no line of the table is decided by %s", rule)
		}
	}
	path := filepath.Join("testdata", "decide.golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), b.String()); diff != "" {
		t.Errorf("the table has changed (-golden +now); -update writes it:\n%s", diff)
	}
}

func decideFor(spec notify.KindSpec, s sort, now, startsAt time.Time, pushed int) notify.Verdict {
	m := notify.Matter{Kind: spec.Kind, Default: spec.Default, Policy: spec.Policy, Subject: "s", GroupID: "g", ExpiresAt: &startsAt, TurnsUpAt: &startsAt,
		Reasons: []notify.Reason{{Kind: notify.ReasonGroupMember, Subject: "g"}, {Kind: notify.ReasonHomeArea, Subject: "a"}}}
	r := notify.Recipient{Admitted: true, Groups: map[string]notify.Level{"g": ""}}
	s.set(&r, &m)
	return notify.Decide(m, r, pushed, now)
}

func TestTextsOfEveryKindInEveryLanguage(t *testing.T) {
	t.Parallel()
	full := map[string]string{"Title": "Fællesspisning", "Group": "Haven", "StartsAt": "2026-05-02T18:00:00+02:00[Europe/Copenhagen]", "Place": "Salen",
		"Reason": "Regn.", "Answer": "ACTIVE", "Title_DA": "Hjertestart", "Title_EN": "First aid"}
	seen := map[string]bool{}
	kinds := ct.New(t).News.Kinds.Names()
	least := map[string]string{"StartsAt": full["StartsAt"], "DeadlineAt": full["StartsAt"], "Title": "t", "Text": "x", "Subjects": "y", "Count": "2"}
	declined := maps.Clone(least)
	declined["Answer"] = "DECLINED"
	maps.Copy(full, map[string]string{"Text": "x", "Subjects": "y", "Count": "1", "DeadlineAt": full["StartsAt"]})
	for _, words := range []map[string]string{full, least, declined} {
		for _, kind := range kinds {
			for _, l := range i18n.Languages {
				title, body := notify.Render(kind, withOwn(kind, words), i18n.Reader{Language: l, Zone: clock.Copenhagen})
				for _, text := range []string{title, body} {
					if text == "" || strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.HasPrefix(text, "notice.") {
						t.Errorf("%s in %s reads %q", kind, l, text)
					}
				}
				seen[title+body+string(kind)] = true
			}
		}
	}
	if len(seen) < 2*len(kinds) {
		t.Errorf("only %d different texts", len(seen))
	}
	delete(full, "Title") // a course has a title for each language
	for _, l := range i18n.Languages {
		title, _ := notify.Render(course.NoticePublished, full, i18n.Reader{Language: l, Zone: clock.Copenhagen})
		if want := map[i18n.Language]string{"DA": "Hjertestart", "EN": "First aid"}[l]; !strings.Contains(title, want) {
			t.Errorf("in %s the course is called %q", l, title)
		}
	}
}

// shared are the words that several nouns give. A noun may leave some of them out.
var shared = []string{"Title", "Group", "Place", "Reason", "Because", "Answer", "Skill", "Text", "Role", "Name", "When", "Soon", "Ends", "Deadline",
	"NewTime", "NewEnd", "NewPlace", "NewTitle", "OldTitle", "Also", "AlsoMore", "From", "Gone", "GoneMore", "Added", "Fewer", "NoSeats", "Subjects", "More", "Count"}

// withOwn adds the words that only the noun of a kind knows, and always gives.
func withOwn(kind notify.Kind, words map[string]string) map[string]string {
	words = maps.Clone(words)
	for _, part := range []string{".title", ".body"} {
		for _, name := range i18n.Mentioned("notice." + strings.ToLower(string(kind)) + part) {
			if !slices.Contains(shared, name) {
				words[name] = "own"
			}
		}
	}
	return words
}

// On the night on which an hour comes twice, quiet hours that end within it end twice.
// News that comes in between is held until the second end.
func TestQuietHoursOnTheNightThatIsLonger(t *testing.T) {
	t.Parallel()
	quiet := sort{"quiet 22:00 to 02:30", func(r *notify.Recipient, _ *notify.Matter) {
		r.Settings.QuietFrom, r.Settings.QuietUntil = "22:00", "02:30"
	}}
	for now, want := range map[string]string{
		"2026-10-24T23:50:00Z": "2026-10-25T00:30:00Z", // 01:50
		"2026-10-25T00:10:00Z": "2026-10-25T00:30:00Z", // 02:10
		"2026-10-25T00:40:00Z": "",                     // 02:40
		"2026-10-25T01:10:00Z": "2026-10-25T01:30:00Z", // 02:10 again
		"2026-10-25T01:40:00Z": "",                     // 02:40 again
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		v := decideFor(notify.KindSpec{Kind: "TOLD", Default: notify.Push}, quiet, at, at.Add(48*time.Hour), 0)
		got := ""
		if v.HoldUntil != nil {
			got = v.HoldUntil.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("at %s it is held until %q, want %q", now, got, want)
		}
	}
}
