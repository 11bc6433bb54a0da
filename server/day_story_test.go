package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/clock"
	"faellesskab/internal/push/fcmsim"
)

// dayLegend says how to read the story.
const dayLegend = `A line at the left says what happens. Under it stands what the phones make of it: whether it sounds, whether it breaks
through focus and summaries, its family, its title and its text. At each full hour at which a screen has changed stands
all that is on it: what a phone groups has one number, and [buttons] stand behind their push.

`

// dayLine is what the story tells of one phone.
type dayLine struct{ at, says string }

// tell tells how the screens have changed since it last did.
func (d *day) tell() {
	d.T.Helper()
	lines := make([][]dayLine, len(d.phones))
	for i := range d.phones {
		phone := &d.phones[i]
		screen, _ := d.Phones.Screen(phone.token)
		fresh := screen.History[phone.told:]
		phone.told = len(screen.History)
		for _, c := range fresh {
			if says := d.toldOf(phone.token, c); says != "" {
				lines[i] = append(lines[i], dayLine{dayClock(c.At), says})
			}
		}
		if slices.ContainsFunc(fresh, func(c fcmsim.Change) bool { return c.Change != fcmsim.ChangeDismissed && c.Change != fcmsim.ChangeLost }) {
			d.checkNumber(phone.name, screen)
		}
	}
	d.write("       %s  %s: %s\n", lines)
}

// write writes the lines of both phones, once where they are alike.
func (d *day) write(format string, lines [][]dayLine) {
	for i, phone := range d.phones {
		for _, line := range lines[i] {
			who, isBoth := phone.name, slices.Contains(lines[1-i], line)
			switch {
			case isBoth && i == 1:
				continue
			case isBoth:
				who = "both phones"
			}
			fmt.Fprintf(&d.story, format, line.at, who, line.says)
		}
	}
}

// toldOf is a change of a screen in words; empty if nobody sees it.
func (d *day) toldOf(token string, c fcmsim.Change) string {
	switch c.Change {
	case fcmsim.ChangeShown:
		return d.howOf(token, c) + ": " + c.Text
	case fcmsim.ChangeReplaced:
		return d.howOf(token, c) + ": " + c.Text + " | in place of: " + c.Was
	case fcmsim.ChangeRemoved:
		return "goes away: " + c.Text
	case fcmsim.ChangeDismissed:
		return "is tapped: " + c.Text
	case fcmsim.ChangeLost:
		return "Apple does not pass on that something is to go away"
	}
	return ""
}

// howOf says how a push comes. The channel is Android's, and the data names it for all.
func (d *day) howOf(token string, c fcmsim.Change) string {
	how := "quiet"
	if c.Sound != "" {
		how = "sounds"
	}
	p := d.pushOf(token, c.Tag)
	if p.Level == "time-sensitive" {
		how += ", breaks through"
	}
	return how + ", " + p.Data["channel"]
}

// checkNumber compares the number on a phone's icon with what the API says is unread.
func (d *day) checkNumber(phone string, screen fcmsim.Screen) {
	d.T.Helper()
	unread := d.ask(d.resident, `{ viewer { unreadNoticeCount } }`, nil).at("viewer", "unreadNoticeCount")
	if screen.Badge == nil || float64(*screen.Badge) != unread {
		d.T.Errorf("at %s %s has %s, and %v are unread\n%s", dayClock(d.Clock.Now()), phone, numberOf(screen.Badge), unread, d.story.String())
	}
}

// numberOf is the number on an icon in words.
func numberOf(badge *int) string {
	if badge == nil {
		return "no number"
	}
	return fmt.Sprintf("the number %d", *badge)
}

// showScreens tells what stands on both screens at an hour, if that is not what the story showed last.
func (d *day) showScreens(at time.Time) {
	d.hour = at.Truncate(time.Hour).Add(time.Hour)
	screens := make([][]dayLine, len(d.phones))
	for i := range d.phones {
		screen, _ := d.Phones.Screen(d.phones[i].token)
		if shown := drawScreen(screen); shown != d.phones[i].shown {
			screens[i], d.phones[i].shown = []dayLine{{dayClock(at), shown}}, shown
		}
	}
	d.write("%s  What stands on %s: %s", screens)
}

// drawScreen is what stands on a screen, a line for each push and its buttons.
func drawScreen(screen fcmsim.Screen) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", numberOf(screen.Badge))
	for i, thread := range screen.Threads {
		for _, p := range thread.Pushes {
			fmt.Fprintf(&b, "         %d. %s · %s", i+1, p.Title, p.Body)
			for _, title := range p.Buttons {
				b.WriteString(" [" + title + "]")
			}
			b.WriteString("\n")
		}
	}
	if len(screen.Threads) == 0 {
		b.WriteString("         nothing\n")
	}
	return b.String()
}

// compare compares the story with the golden one.
func (d *day) compare(path string) {
	d.T.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(d.story.String()), 0o600); err != nil {
			d.T.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.T.Fatalf("%v; run with -update", err)
	}
	if diff := cmp.Diff(string(want), d.story.String()); diff != "" {
		d.T.Errorf("the day differs (-golden +now):\n%s", diff)
	}
}

// dayClock is the time of day in Copenhagen.
func dayClock(at time.Time) string { return string(clock.LocalOf(at, clock.Copenhagen))[11:16] }
