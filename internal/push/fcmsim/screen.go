package fcmsim

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// longHistory is how many changes a screen remembers.
const longHistory = 50

// Screen is what a phone shows now, as far as the log goes back.
type Screen struct {
	Device   string   `json:"device"`
	Platform string   `json:"platform"`
	Badge    *int     `json:"badge"`   // the number on the app's icon; null: there has been none yet
	Threads  []Thread `json:"threads"` // what stands on it, the newest first
	History  []Change `json:"history"` // how it came to be so, the oldest first
}

// Thread are pushes that a phone groups, the newest first. What is grouped with nothing is a thread of one.
type Thread struct {
	Thread string  `json:"thread"`
	Pushes []Shown `json:"pushes"`
}

// Shown is a push on a phone's screen.
type Shown struct {
	Tag        string    `json:"tag"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Thread     string    `json:"thread"`
	Channel    string    `json:"channel"`
	Level      string    `json:"level"`
	Buttons    []string  `json:"buttons"` // their titles
	ReceivedAt time.Time `json:"receivedAt"`
}

// The changes of a screen.
const (
	ChangeShown     = "SHOWN"
	ChangeReplaced  = "REPLACED"  // a push took the place of an earlier one
	ChangeRemoved   = "REMOVED"   // a push took an earlier one away
	ChangeMissed    = "MISSED"    // a push was to take away what does not stand there
	ChangeLost      = "LOST"      // the phone did not hand a background push to the app
	ChangeDismissed = "DISMISSED" // the phone's owner took it away
)

// Change is how a screen changed.
type Change struct {
	At     time.Time `json:"at"`
	Change string    `json:"change"`
	Tag    string    `json:"tag"`
	Text   string    `json:"text"`  // what came, or what went
	Was    string    `json:"was"`   // what stood there before; empty if nothing did
	Sound  string    `json:"sound"` // that it came with; empty for none
}

// Screen is what a phone shows now; false for a phone that has got nothing.
func (s *Simulator) Screen(device string) (Screen, bool) {
	s.mu.Lock()
	happened := slices.DeleteFunc(s.log.all(), func(h happening) bool { return h.push.Device != device })
	s.mu.Unlock()
	screen := Screen{Device: device, Threads: []Thread{}, History: []Change{}}
	var standing []Shown
	for _, h := range happened {
		standing = screen.after(h, standing)
	}
	screen.group(standing)
	if extra := len(screen.History) - longHistory; extra > 0 {
		screen.History = screen.History[extra:]
	}
	return screen, len(happened) > 0
}

// Dismiss takes a push off a phone's screen, as its owner does by a tap or a swipe.
func (s *Simulator) Dismiss(device, tag string) {
	s.remember(happening{Push{Device: device, Tag: tag, ReceivedAt: s.clock.Now()}, dismissed})
}

// showScreen answers GET /screen?device= with that phone's screen as JSON.
func (s *Simulator) showScreen(w http.ResponseWriter, r *http.Request) {
	device := r.FormValue("device")
	screen, ok := s.Screen(device)
	if !ok {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": fmt.Sprintf("No push has come to a phone %q.", device)})
		return
	}
	writeJSON(w, http.StatusOK, screen)
}

// after is what stands on the screen once something more has happened, the oldest first.
func (s *Screen) after(h happening, standing []Shown) []Shown {
	p := h.push
	switch h.what {
	case lost:
		for _, tag := range p.Removes {
			s.note(h, ChangeLost, tag, "", "")
		}
		return standing
	case dismissed:
		return s.remove(h, ChangeDismissed, p.Tag, standing)
	}
	s.Platform = p.Platform
	if p.Badge != nil {
		s.Badge = p.Badge
	}
	for _, tag := range p.Removes {
		standing = s.remove(h, ChangeRemoved, tag, standing)
	}
	if p.Title == "" && p.Body == "" {
		return standing
	}
	return s.show(h, standing)
}

// show puts a push on the screen, in the place of an earlier one with its tag.
func (s *Screen) show(h happening, standing []Shown) []Shown {
	p := h.push
	now := Shown{Tag: p.Tag, Title: p.Title, Body: p.Body, Thread: p.Thread, Channel: p.Channel, Level: p.Level, Buttons: []string{}, ReceivedAt: p.ReceivedAt}
	for _, a := range p.Actions {
		now.Buttons = append(now.Buttons, a.Title)
	}
	if i := find(standing, p.Tag); i >= 0 {
		s.note(h, ChangeReplaced, p.Tag, now.text(), standing[i].text())
		standing = slices.Delete(standing, i, i+1)
	} else {
		s.note(h, ChangeShown, p.Tag, now.text(), "")
	}
	return append(standing, now)
}

func (s *Screen) remove(h happening, change, tag string, standing []Shown) []Shown {
	i := find(standing, tag)
	if i < 0 {
		s.note(h, ChangeMissed, tag, "", "")
		return standing
	}
	s.note(h, change, tag, standing[i].text(), "")
	return slices.Delete(standing, i, i+1)
}

// find is where a push with a tag stands; -1 if it does not. Without a tag each stands for itself.
func find(standing []Shown, tag string) int {
	return slices.IndexFunc(standing, func(shown Shown) bool { return tag != "" && shown.Tag == tag })
}

func (s *Screen) note(h happening, change, tag, text, was string) {
	s.History = append(s.History, Change{At: h.push.ReceivedAt, Change: change, Tag: tag, Text: text, Was: was, Sound: h.push.Sound})
}

// group puts what stands on the screen into threads.
func (s *Screen) group(standing []Shown) {
	for _, shown := range slices.Backward(standing) {
		i := slices.IndexFunc(s.Threads, func(t Thread) bool { return shown.Thread != "" && t.Thread == shown.Thread })
		if i < 0 {
			i = len(s.Threads)
			s.Threads = append(s.Threads, Thread{Thread: shown.Thread})
		}
		s.Threads[i].Pushes = append(s.Threads[i].Pushes, shown)
	}
}

// text is what a phone's owner reads.
func (shown Shown) text() string { return shown.Title + " · " + shown.Body }
