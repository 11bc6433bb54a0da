package notify

import (
	"cmp"
	"slices"
)

// Preview says what would become of a cause if it were queued now. It has counts only,
// and no names.
type Preview struct {
	Audience                      int // people
	Push, Summary, Inbox, Nothing int // how many people would get what
	// Held is how many of the pushes would wait until quiet hours end.
	Held       int
	Rules      []RuleCount
	IsComplete bool // false: time was up before everybody was counted
	// NeedsApproval is set by the caller, who knows the rules of approval.
	NeedsApproval bool
	// Approvers is how many people could approve it, if it needs that. The caller sets it too.
	Approvers int
}

// RuleCount is how many people get a piece of news that way, by that rule.
type RuleCount struct {
	Channel Channel
	Rule    Rule
	People  int
}

// Add counts one more person.
func (p *Preview) Add(v Verdict) {
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

// Sorted are the counts by rule, the most frequent first.
func (p *Preview) Sorted() []RuleCount {
	return slices.SortedFunc(slices.Values(p.Rules), func(a, b RuleCount) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Channel, b.Channel))
	})
}
