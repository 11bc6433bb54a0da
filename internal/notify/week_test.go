package notify_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
)

func hours(from, until clock.Daily) *notify.QuietHours {
	return &notify.QuietHours{From: from, Until: until}
}

// News is held until the quiet hours of the day end on which they began, and those that follow without a gap.
func TestQuietHoursByWeekday(t *testing.T) {
	t.Parallel()
	weekend := []notify.WeekdayQuietHours{{Weekday: "FRIDAY", Hours: hours("23:30", "10:00")}, {Weekday: "SATURDAY", Hours: hours("00:30", "11:00")},
		{Weekday: "WEDNESDAY"}}
	for _, row := range []struct{ name, now, until string }{
		{"a usual evening", "2026-05-04T21:00", "2026-05-05T08:00"}, // a Monday
		{"a usual morning", "2026-05-05T07:59", "2026-05-05T08:00"},
		{"none begin on Wednesday", "2026-05-06T23:00", ""},
		{"those of Tuesday go on to Wednesday morning", "2026-05-06T03:00", "2026-05-06T08:00"},
		{"the morning after Wednesday", "2026-05-07T03:00", ""},
		{"Friday begins later", "2026-05-08T22:00", ""},
		{"Friday night ends with the hours of Saturday, which overlap", "2026-05-08T23:45", "2026-05-09T11:00"},
		{"the morning after Friday", "2026-05-09T10:30", "2026-05-09T11:00"},
		{"Saturday has no evening of its own", "2026-05-09T22:00", ""},
		{"Sunday is usual", "2026-05-10T22:00", "2026-05-11T08:00"},
	} {
		v := decideFor(notify.KindSpec{Kind: event.NoticePublished, Default: notify.Push, Family: notify.FamilyEvents}, sort{"", func(r *notify.Recipient, _ *notify.Matter) { r.Settings.SetQuietDays(weekend) }},
			copenhagen(row.now), copenhagen("2026-06-01T12:00"), 0)
		got := ""
		if v.HoldUntil != nil {
			got = string(clock.LocalOf(*v.HoldUntil, clock.Copenhagen))[:16]
		}
		if got != row.until {
			t.Errorf("%s: held until %q, want %q", row.name, got, row.until)
		}
	}
}

// Quiet hours that follow each other may last a day: news waits for their end.
func TestQuietHoursHaveAnEnd(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		days    []notify.WeekdayQuietHours
		longest time.Duration
		tooLong bool
	}{
		{"the usual ones", nil, 11 * time.Hour, false},
		{"two that last longer than a day", []notify.WeekdayQuietHours{{Weekday: "FRIDAY", Hours: hours("21:00", "12:00")}, {Weekday: "SATURDAY", Hours: hours("12:00", "22:00")}}, 25 * time.Hour, true},
		{"two that make a day", []notify.WeekdayQuietHours{{Weekday: "FRIDAY", Hours: hours("21:00", "09:00")}, {Weekday: "SATURDAY", Hours: hours("09:00", "20:00")}}, 23 * time.Hour, false},
		{"three that run into each other", []notify.WeekdayQuietHours{{Weekday: "MONDAY", Hours: hours("20:00", "19:00")}, {Weekday: "TUESDAY", Hours: hours("18:00", "17:00")}}, 45 * time.Hour, true},
	} {
		s := notify.Settings{}
		s.SetQuietDays(row.days)
		if got := s.Week().Longest(); s.IsTooQuiet() != row.tooLong || got != row.longest {
			t.Errorf("%s: %v, too long: %t", row.name, got, s.IsTooQuiet())
		}
	}
}
