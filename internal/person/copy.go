package person

import (
	"cmp"
	"slices"
	"time"
)

const (
	// copyKept is how long a copy is kept that is of no use any more. That is longer than
	// any call runs that may have read an older membership.
	copyKept = time.Hour
	// SpentAtOnce is how many such copies are removed at once, when there are as many.
	SpentAtOnce = 16
	// MaxBans is how many bans a person keeps copies of. If they are banned from more
	// groups, the oldest copies go; the memberships still know of the bans.
	MaxBans = 300
)

// Copied is what became of a copy.
type Copied struct {
	Person *Person  // with the copy; nil if a newer one was there
	Spent  []string // the groups whose copies are of no use any more, once there are many
}

// spentCopies are the groups of which the person needs no copy any more; none while there
// are few.
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
