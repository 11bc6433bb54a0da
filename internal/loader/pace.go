// Package loader gathers what the parts of an operation ask for, side by side, into few reads. A
// read begins when no part of the operation has anything left to do but wait: no sooner, so that
// what belongs together is read together however busy the machine is, and no later.
package loader

import (
	"sync"
	"time"

	"faellesskab/internal/crew"
)

// Pace knows how many parts of one operation are at work, and starts the reads of its loaders when
// none is. The zero value is not usable; see NewPace.
type Pace struct {
	mu      sync.Mutex
	atWork  int // parts that may still ask for something; below zero if parts were not counted
	reading int // reads under way
	due     []func()
	limit   time.Duration
	timer   *time.Timer
	late    func()
	crew    *crew.Crew
}

// limitWhenLate is how long reads wait for parts of an operation that has been late once.
const limitWhenLate = 5 * time.Millisecond

// NewPace makes the pace of an operation, parts of which are at work already. If they are still at
// work limit after the first has begun to wait, what is asked for so far is read, so that a part
// which was counted and never comes delays the operation once and does not hang it; late is told. What
// is asked for after that waits only a moment for such parts.
func NewPace(parts int, limit time.Duration, late func()) *Pace {
	return &Pace{atWork: parts, limit: limit, late: late}
}

// With has the pace's goroutines be those of a crew.
func (p *Pace) With(c *crew.Crew) *Pace {
	p.crew = c
	return p
}

// Go has something done beside the rest of the operation.
func (p *Pace) Go(t crew.Task) { p.crew.Go(t) }

// Add counts n parts more that are at work; fewer if n is negative.
func (p *Pace) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atWork += n
	p.startIfIdle()
}

// Left is how many parts have been counted and have not ended: none when an operation is over, if it was
// counted rightly.
func (p *Pace) Left() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.atWork
}

// gather lets a read start with the next that start.
func (p *Pace) gather(read func()) {
	p.due = append(p.due, read)
	if p.timer == nil {
		p.timer = time.AfterFunc(p.limit, p.startLate)
	}
}

func (p *Pace) startIfIdle() {
	if p.atWork <= 0 && p.reading == 0 {
		p.start()
	}
}

func (p *Pace) startLate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.due) == 0 {
		return
	}
	if p.reading == 0 {
		p.late()
		p.limit = min(p.limit, limitWhenLate)
	}
	p.start()
}

func (p *Pace) start() {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.reading += len(p.due)
	for _, read := range p.due {
		p.Go(crew.Func(read))
	}
	p.due = nil
}

// end notes that a read has ended, for which as many parts have waited, who are at work again.
func (p *Pace) end(waited int) {
	p.reading--
	p.atWork += waited
	p.startIfIdle()
}
