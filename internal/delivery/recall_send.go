package delivery

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/push"
)

// removal is a message that changes what stands on a device.
type removal struct {
	recall  *recall
	device  Device
	notices []*inbox.Notice
	purpose inbox.Purpose
	message push.Message
}

func (m *removal) noticeIDs() []string {
	ids := make([]string, len(m.notices))
	for i, notice := range m.notices {
		ids[i] = notice.ID
	}
	return ids
}

// wait lets the message wait, which was not sent.
func (m *removal) wait(at time.Time) {
	if m.wakes() {
		m.recall.giveBack(m.device.ID)
	}
	m.recall.wait(m.noticeIDs(), at)
}

// wakes reports whether it is a background push to an iPhone.
func (m *removal) wakes() bool {
	return m.device.Platform == push.PlatformIOS && m.purpose == inbox.PurposeRemove
}

// removed is Firebase's answer to a removal.
type removed struct {
	*removal
	result push.Result
}

// sendRemovals sends messages through the gates and the pool that all pushes pass, as those that are not urgent. What
// may not go now waits. until is when the worker's lease ends.
func (n *Notifier) sendRemovals(ctx context.Context, list []*removal, until time.Time) error {
	whole := context.WithoutCancel(ctx)
	answers := make(chan removed, len(list))
	begun := 0
	var failed error
	for _, m := range list {
		wait, err := n.mayGo(ctx, m.device.Platform, until)
		failed = errors.Join(failed, err)
		if err != nil || !wait.IsZero() {
			m.wait(wait)
			continue
		}
		begun++
		go func() {
			var r push.Result
			if err := fault.Catch(func() error { r = n.Sender.Send(whole, m.device.Device, m.message); return nil }); err != nil {
				r = push.Result{Outcome: push.BadPayload, Reason: "PANIC", Err: err}
			}
			n.pool.give(1, r.Outcome == push.Retry || r.Outcome == push.QuotaExceeded)
			answers <- removed{m, r}
		}()
	}
	var lines []inbox.Handover
	now := n.DB.Now()
	for range begun {
		a := <-answers
		lines = append(lines, a.lines(now)...)
		failed = errors.Join(failed, n.noteRemoval(whole, a))
	}
	return errors.Join(failed, n.keeper.AddHandovers(whole, lines))
}

// mayGo takes a permit for one message. If there is none, it returns when to try again.
func (n *Notifier) mayGo(ctx context.Context, to push.Platform, until time.Time) (wait time.Time, err error) {
	for _, gate := range []push.Platform{everything, to} {
		if wait, err = n.gates.closed(ctx, gate); err != nil || !wait.IsZero() {
			return wait, err
		}
	}
	if _, err := n.pool.take(ctx, 1, false); err != nil {
		return time.Time{}, err
	}
	ok, err := n.gates.spend(ctx, 1)
	now := n.DB.Now()
	switch {
	case err == nil && ok && until.Sub(now) >= sendTime:
		return time.Time{}, nil
	case err == nil && !ok:
		wait = now.Truncate(time.Minute).Add(time.Minute)
	default:
		wait = now
	}
	n.pool.give(1, false)
	return wait, err
}

// noteRemoval acts on one answer as the answer to any push is acted on, except that one says nothing of devices that
// may be bad.
func (n *Notifier) noteRemoval(ctx context.Context, a removed) error {
	r, d, now := a.recall, a.device, n.DB.Now()
	switch a.result.Outcome {
	case push.Sent:
		if d.Doubted {
			return n.TrustDevice(ctx, d.ID)
		}
	case push.Gone:
		return n.RemoveDevices(ctx, d.ID)
	case push.Retry, push.QuotaExceeded:
		if r.again = true; r.Tries < len(backoff) {
			a.wait(now.Add(max(backoff[r.Tries], a.result.RetryAfter)))
		}
		if a.result.Outcome == push.QuotaExceeded {
			return n.gates.close(ctx, everything, a.result.RetryAfter)
		}
	case push.PlatformDown:
		a.wait(now.Add(platformPause))
		n.Log.ErrorContext(ctx, "a push service refuses Firebase: its platform rests", "platform", d.Platform, "error", dead.Text(a.result.Err))
		return n.gates.close(ctx, d.Platform, platformPause)
	default:
		n.Log.WarnContext(ctx, "notices are not taken off a phone", "device", d.ID, "reason", a.result.Reason, "error", a.result.Err)
	}
	return nil
}

// lines are the ledger's lines for an answer, one for each notice.
func (a removed) lines(now time.Time) []inbox.Handover {
	lines := make([]inbox.Handover, len(a.notices))
	for i, notice := range a.notices {
		lines[i] = inbox.Handover{ID: notice.ID + ":" + a.device.ID + ":" + now.UTC().Format(time.RFC3339Nano), PersonID: notice.PersonID,
			SubjectID: notice.SubjectID, Kind: notice.Kind, NoticeID: notice.ID, DeviceID: a.device.ID, Platform: string(a.device.Platform),
			Purpose: a.purpose, Outcome: inbox.Outcome(a.result.Outcome.String()), Reason: a.result.Reason, MessageID: a.result.MessageID, At: now}
	}
	return lines
}
