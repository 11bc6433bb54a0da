package fcmsim

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/rivo/uniseg"
)

const (
	boxWidth  = 56 // columns, with the frame
	textWidth = boxWidth - 4
)

// Print returns an OnPush that draws each push on w as a phone shows it, and writes a line for one that takes others
// away. Boxes from several goroutines never mix.
func Print(w io.Writer) func(Push) {
	var mu sync.Mutex
	return func(p Push) {
		box := draw(p)
		mu.Lock()
		defer mu.Unlock()
		_, _ = io.WriteString(w, box) // if the screen is gone, nobody misses the box
	}
}

func draw(p Push) string {
	if len(p.Removes) > 0 {
		return removal(p)
	}
	var b strings.Builder
	edge := strings.Repeat("─", boxWidth-2)
	b.WriteString("┌" + edge + "┐\n")
	row(&b, "▪ "+shorten(p.Device, textWidth-2))
	for _, text := range []string{p.Title, p.Body, buttons(p), look(p)} {
		for _, line := range wrap(text, textWidth) {
			row(&b, line)
		}
	}
	b.WriteString("└" + edge + "┘\n")
	return b.String()
}

// removal says what goes away from a phone's screen.
func removal(p Push) string {
	what := "a push"
	if n := len(p.Removes); n > 1 {
		what = fmt.Sprintf("%d pushes", n)
	}
	line := "▪ " + shorten(p.Device, textWidth-2) + " takes away " + what
	if number := number(p); number != "" {
		line += " · " + number
	}
	return line + "\n"
}

// buttons are the titles of a push's buttons.
func buttons(p Push) string {
	var titles []string
	for _, a := range p.Actions {
		titles = append(titles, "["+a.Title+"]")
	}
	return strings.Join(titles, " ")
}

// look says how a push comes: in which channel, how it sounds and breaks through, and the number on the icon.
func look(p Push) string {
	sound, level := "", ""
	if p.Sound != "" {
		sound = "with sound"
	}
	if p.Level != "active" {
		level = p.Level
	}
	parts := slices.DeleteFunc([]string{p.Channel, sound, level, number(p)}, func(part string) bool { return part == "" })
	return strings.Join(parts, " · ")
}

func number(p Push) string {
	if p.Badge == nil {
		return ""
	}
	return fmt.Sprintf("number %d", *p.Badge)
}

func row(b *strings.Builder, text string) {
	pad := max(0, textWidth-columns(text))
	fmt.Fprintf(b, "│ %s%s │\n", text, strings.Repeat(" ", pad))
}

// shorten keeps both ends of an address, where two addresses differ.
func shorten(s string, width int) string {
	r := []rune(clean(s))
	if len(r) <= width {
		return string(r)
	}
	half := (width - 1) / 2
	return string(r[:half]) + "…" + string(r[len(r)-half:])
}

// wrap breaks text at spaces, and inside a word only if it has no other choice.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.Lines(text) {
		line := ""
		for _, word := range strings.Fields(clean(paragraph)) {
			switch {
			case line == "":
				line = word
			case columns(line)+1+columns(word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
			for columns(line) > width {
				head, tail := cut(line, width)
				lines = append(lines, head)
				line = tail
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// cut splits s after as many characters, as a reader sees them, as fit.
func cut(s string, width int) (head, tail string) {
	used := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		used += g.Width()
		if from, _ := g.Positions(); used > width && from > 0 {
			return s[:from], s[from:]
		}
	}
	return s, ""
}

// clean removes characters that would move the cursor or change the terminal's colours.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// columns is how wide a text is on a terminal.
func columns(s string) int { return uniseg.StringWidth(s) }
