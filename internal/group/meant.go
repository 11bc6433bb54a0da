package group

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/notify"
)

// Meant says which members of which groups are meant: those who hold one of the roles in a group of one of the kinds and
// areas. What is empty asks for nothing. Roles are those that every group has.
type Meant struct {
	Kinds   []Kind
	Roles   []string
	AreaIDs []string
}

// kinds are the kinds of groups that are meant.
func (m Meant) kinds() []Kind {
	if len(m.Kinds) > 0 {
		return m.Kinds
	}
	return []Kind{KindLokalforum, KindHousing, KindParents, KindAssociation, KindActivityCentre, KindCommittee}
}

// meansAll reports whether all members of the groups are meant, whatever they hold.
func (m Meant) meansAll() bool { return len(m.Roles) == 0 || slices.Contains(m.Roles, RoleMember) }

// scansAtOnce is how many stretches of an index one command merges at most.
const scansAtOnce = 200

// WalkMeant finds people who are meant, in the order of their ids, up to limit that come after the given one, with a group
// for each as the reason. Groups that are closed mean nobody.
func (s *Service) WalkMeant(ctx context.Context, m Meant, after string, limit int) ([]notify.Found, error) {
	cards, err := s.store.meantGroups(ctx, m)
	if err != nil {
		return nil, err
	}
	groupIDs := slices.Sorted(maps.Keys(cards))
	found := []notify.Found{}
	for isMore := true; isMore && len(found) < limit; {
		var why map[string]string // a group, by person
		why, after, isMore, err = s.meantAfter(ctx, m, groupIDs, after, limit)
		if err != nil {
			return nil, err
		}
		for _, personID := range slices.Sorted(maps.Keys(why)) {
			reason := notify.Reason{Kind: notify.ReasonGroupMember, Subject: why[personID], Words: map[string]string{"Group": cards[why[personID]].KnownName(s.now())}}
			found = append(found, notify.Found{PersonID: personID, Reasons: []notify.Reason{reason}})
		}
	}
	return found[:min(len(found), limit)], nil
}

// meantAfter are some of the people who come after a given one, by id with one of the groups: all of them up to last.
// isMore says that there are others behind.
func (s *Service) meantAfter(ctx context.Context, m Meant, groupIDs []string, after string, limit int) (why map[string]string, last string, isMore bool, err error) {
	why = map[string]string{}
	keys := m.Roles
	if m.meansAll() {
		keys = nil
	}
	for chunk := range slices.Chunk(groupIDs, scansAtOnce/max(len(keys), 1)) {
		list, isCut, err := s.wholeMembers(ctx, chunk, keys, after, limit)
		if err != nil {
			return nil, "", false, err
		}
		if isCut { // whoever comes after its last may be missing
			if end := list[len(list)-1].PersonID; !isMore || end < last {
				last, isMore = end, true
			}
		}
		for _, x := range list {
			if keys == nil || x.holdsAny(keys) {
				why[x.PersonID] = x.GroupID
			}
		}
	}
	if isMore {
		maps.DeleteFunc(why, func(personID, _ string) bool { return personID > last })
	}
	return why, last, isMore, nil
}

// wholeMembers are members of these groups as membersOf finds them, without the last person of a full list: others of their
// memberships may be missing, and it may be one of those that counts. isMore says that the list was full.
func (s *Service) wholeMembers(ctx context.Context, groupIDs, keys []string, after string, limit int) (list []*Membership, isMore bool, err error) {
	for ; ; limit *= 2 { // until there is another person before the last
		list, err := s.store.membersOf(ctx, groupIDs, keys, after, limit)
		if err != nil || len(list) < limit {
			return list, false, err
		}
		end := list[len(list)-1].PersonID
		if i := slices.IndexFunc(list, func(m *Membership) bool { return m.PersonID == end }); i > 0 {
			return list[:i], true, nil
		}
	}
}

// holdsAny reports whether the member holds one of these roles now.
func (m *Membership) holdsAny(keys []string) bool {
	return slices.ContainsFunc(m.Holds, func(h Holding) bool { return slices.Contains(keys, h.Key) })
}

// AreMeant tells which of these people are members of the group that is the subject of their reason, and hold one of the roles.
func (s *Service) AreMeant(meant Meant) func(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	return s.still(func(_ *Group, m *Membership) bool {
		return m.State == StateActive && (meant.meansAll() || m.holdsAny(meant.Roles))
	})
}
