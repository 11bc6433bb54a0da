package notify

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Preview is what would become of a cause now: counts only, no names.
type Preview struct {
	Audience                      int // people
	Push, Summary, Inbox, Nothing int // what they would get
	// Held is how many of the pushes would wait until quiet hours end.
	Held       int
	Rules      []RuleCount
	IsComplete bool // false: time was up, and the rest was not counted
	// NeedsApproval is for whoever asks to set.
	NeedsApproval bool
}

// RuleCount is how many people get a piece of news that way, by that rule.
type RuleCount struct {
	Channel Channel
	Rule    Rule
	People  int
}

// Preview walks a cause's audiences and decides for everybody, as expansion would,
// and writes nothing. At an instant it stops and tells what it has counted.
func (n *Notifier) Preview(ctx context.Context, c Cause, until time.Time) (Preview, error) {
	p := Preview{Rules: []RuleCount{}, IsComplete: true}
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
			fresh := slices.DeleteFunc(found, func(f Found) bool { return seen[f.PersonID] })
			for _, f := range fresh {
				seen[f.PersonID] = true
			}
			decided, err := n.decidePage(ctx, c, fresh, now)
			if err != nil {
				return p, err
			}
			for _, d := range decided {
				p.add(d.verdict)
			}
		}
	}
	return p, nil
}

func (p *Preview) add(v Verdict) {
	p.Audience++
	switch v.Channel {
	case Push:
		p.Push++
		if v.HoldUntil != nil {
			p.Held++
		}
	case Summary:
		p.Summary++
	case Inbox:
		p.Inbox++
	default:
		p.Nothing++
	}
	at := slices.IndexFunc(p.Rules, func(r RuleCount) bool { return r.Channel == v.Channel && r.Rule == v.Rule })
	if at < 0 {
		at = len(p.Rules)
		p.Rules = append(p.Rules, RuleCount{Channel: v.Channel, Rule: v.Rule})
	}
	p.Rules[at].People++
}

// Sorted are the rules, the most frequent first.
func (p *Preview) Sorted() []RuleCount {
	return slices.SortedFunc(slices.Values(p.Rules), func(a, b RuleCount) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Channel, b.Channel))
	})
}

// CountAudience counts the people of an audience, up to a limit.
func (n *Notifier) CountAudience(ctx context.Context, a AudienceOf, limit int) (int, error) {
	people, after := 0, ""
	for people < limit {
		found, err := n.walk(ctx, Cause{}, a, after)
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
