package person

import (
	"cmp"
	"slices"
	"time"
)

const (
	// copyKept is how long a copy is kept that says nothing any more: longer than
	// anything lives that may have read the membership before.
	copyKept = time.Hour
	// SpentAtOnce is how many there must be before they go: then so many do.
	SpentAtOnce = 16
	// MaxBans is of how many groups a person keeps that they are banned from. Whoever is
	// banned from more has the oldest forgotten; the memberships still know.
	MaxBans = 300
)

// spentCopies are the groups of which the person need keep no copy any more; none
// while they are few.
func (p *Person) spentCopies(now time.Time) []string {
	var spent, bans []string
	for groupID, c := range p.Groups {
		switch {
		case c.Active || c.Invited || c.Since == nil || now.Sub(*c.Since) < copyKept:
		case c.Banned:
			bans = append(bans, groupID)
		default:
			spent = append(spent, groupID)
		}
	}
	if more := len(bans) - MaxBans; more > 0 {
		slices.SortFunc(bans, func(a, b string) int {
			return cmp.Or(p.Groups[a].Since.Compare(*p.Groups[b].Since), cmp.Compare(a, b))
		})
		spent = append(spent, bans[:more]...)
	}
	if len(spent) < SpentAtOnce {
		return nil
	}
	slices.Sort(spent)
	return spent[:SpentAtOnce]
}
