package outbox

import (
	"context"
	"time"
)

// Hurry makes the process look for effects often.
func (o *Outbox) Hurry() {
	o.pace = pace{beside: time.Millisecond, alone: time.Hour, pause: time.Millisecond}
}

// Known is how many batches the process remembers as perhaps not carried out.
func (o *Outbox) Known() int {
	o.known.mu.Lock()
	defer o.known.mu.Unlock()
	return len(o.known.batches)
}

// Know tells the process that an effect of a batch is due.
func (o *Outbox) Know(batch string, at time.Time) { o.known.add(batch, at) }

// RunAlone is Run where nobody else writes.
func (o *Outbox) RunAlone(ctx context.Context) { o.runAlone(ctx) }

// RunBesideOthers is Run where others write too.
func (o *Outbox) RunBesideOthers(ctx context.Context) { o.runBesideOthers(ctx) }
