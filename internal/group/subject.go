package group

import (
	"context"
	"strconv"
	"strings"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// What there is news of about a membership, as the keys of its causes say it.
const (
	newsRequested news = "requested"
	newsAnswered  news = "answered"
	newsInvited   news = "invited"
)

func (m *Membership) newsKey(what news) string {
	return notify.Key(m.ID, string(what), strconv.Itoa(m.Version))
}

// SubjectState is how a group, and a piece of news about it, stand now: a request that
// has been answered or taken back is not told, nor an answer that is no longer so.
func (s *Service) SubjectState(ctx context.Context, kind notify.Kind, groupID, key string) (notify.SubjectState, error) {
	found, err := s.store.byIDs(ctx, []string{groupID})
	g := found[groupID]
	if err != nil || g == nil {
		return notify.SubjectState{}, err
	}
	now := notify.SubjectState{Alive: true, Words: map[string]string{"Group": g.Name}}
	switch kind {
	case notify.KindJoinRequested:
		m, err := s.membershipOf(ctx, key, newsRequested)
		if err != nil {
			return notify.SubjectState{}, fault.UnlessNotFound(err)
		}
		now.Alive = m.State == StateRequested && key == m.newsKey(newsRequested)
	case notify.KindJoinRequestAnswered:
		m, err := s.membershipOf(ctx, key, newsAnswered)
		if err != nil {
			return now, fault.UnlessNotFound(err) // memberships are never removed: it names none
		}
		now.Words["Answer"] = string(m.State)
		// A member may have set something since; who was refused may have asked again.
		now.Alive = m.State == StateActive || m.State == StateDeclined && key == m.newsKey(newsAnswered)
	}
	return now, nil
}

// membershipOf is the membership of which a key tells. Returns NotFound.
func (s *Service) membershipOf(ctx context.Context, key string, what news) (*Membership, error) {
	membershipID, _, _ := strings.Cut(key, notify.Key("", string(what), ""))
	groupID, personID, _ := id.Split(membershipID)
	return s.store.membership(ctx, groupID, personID)
}
