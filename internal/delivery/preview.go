package delivery

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/notify"
)

// Preview walks a cause's audiences and decides for everybody, as expansion would, and
// writes nothing. At until it stops and returns what it has counted.
func (n *Notifier) Preview(ctx context.Context, c notify.Cause, until time.Time) (notify.Preview, error) {
	p := notify.Preview{Rules: []notify.RuleCount{}, IsComplete: true}
	now := n.DB.Now()
	seen := map[string]bool{}
	for _, a := range c.Audiences {
		after, isLast := "", false
		for !isLast {
			if time.Now().After(until) { //nolint:forbidigo // the caller's patience is real time
				p.IsComplete = false
				return p, nil
			}
			found, err := n.walk(ctx, c, a, after)
			if err != nil {
				return p, err
			}
			if isLast = len(found) < n.page; len(found) > 0 {
				after = found[len(found)-1].PersonID
			}
			fresh := slices.DeleteFunc(found, func(f notify.Found) bool { return seen[f.PersonID] })
			for _, f := range fresh {
				seen[f.PersonID] = true
			}
			decided, err := n.decidePage(ctx, c, fresh, now)
			if err != nil {
				return p, err
			}
			for _, d := range decided {
				p.Add(d.verdict)
			}
		}
	}
	return p, nil
}

// CountAudience counts the people of an audience, up to a limit.
func (n *Notifier) CountAudience(ctx context.Context, a notify.AudienceOf, limit int) (int, error) {
	people, after := 0, ""
	for people < limit {
		found, err := n.walk(ctx, notify.Cause{}, a, after)
		if err != nil {
			return 0, err
		}
		people += len(found)
		if len(found) < n.page {
			break
		}
		after = found[len(found)-1].PersonID
	}
	return min(people, limit), nil
}
