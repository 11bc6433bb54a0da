package community_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// A list that comes without pages ends where the schema says (@holds), however much there is.
func TestListsWithoutPagesEnd(t *testing.T) {
	t.Parallel()
	p, n, r := person.Person{Skills: map[string]person.SkillGrant{}}, inbox.Notice{}, notify.Report{Answer: map[string]int{}}
	for i := range 200 {
		key := fmt.Sprintf("x%03d", i)
		p.Skills[key] = person.SkillGrant{At: time.UnixMilli(int64(i))}
		n.Reasons = append(n.Reasons, notify.Reason{Kind: notify.ReasonGroupMember, Subject: key})
		r.Answer[key] = i
	}
	if ids := p.SkillIDs(); len(ids) != 100 || ids[0] != "x199" {
		t.Errorf("%d skills, the first %s", len(ids), ids[0])
	}
	if got := n.Why(); len(got) != 20 {
		t.Errorf("%d reasons", len(got))
	}
	if got := r.Failures(); len(got) != 20 || got[0].Answer != "x199" {
		t.Errorf("%d answers, the first %v", len(got), got[0])
	}
}
