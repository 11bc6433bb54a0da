package group

import (
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/notify"
)

// closesArgs say how the group was closed; nil: it is archived, and stays.
type closesArgs struct{ DeletesAt *time.Time }

// closes tells the members that the group is archived, or will be deleted. Whoever has done it is not told. A group that
// is closed and opened again and again tells it once a day.
func (g *Group) closes(by string) notify.Cause {
	what, at := "archived", g.ArchivedAt
	if g.DeletesAt != nil {
		what, at = "deleted", g.DeletesAt
	}
	c := notify.Cause{
		Key: notify.Key(g.ID, what, dayOf(at)), Kind: NoticeCloses, Args: notify.ArgsOf(closesArgs{g.DeletesAt}), Subject: g.ID, GroupID: g.ID,
		Audiences: []notify.AudienceOf{{Kind: AudienceMembers, IDs: []string{g.ID}}}, Actor: by,
		Data: g.closingWords(),
	}
	c.ExpiresAt = g.DeletesAt
	return c
}

// closingWords are the words for news of how the group is closed.
func (g *Group) closingWords() map[string]string {
	words := map[string]string{"Group": g.Name}
	if g.DeletesAt != nil {
		words["DeadlineAt"] = clock.Moment{At: *g.DeletesAt}.String()
	}
	return words
}

// isClosedAs reports whether the group is closed now as news with these args says, to the day.
func (g *Group) isClosedAs(args notify.Args) (bool, error) {
	var a closesArgs
	err := args.Decode(&a)
	return g.isArchived() && dayOf(a.DeletesAt) == dayOf(g.DeletesAt), err
}

// dayOf is the date of an instant; empty for none.
func dayOf(at *time.Time) string {
	if at == nil {
		return ""
	}
	return clock.Day(*at, clock.Copenhagen)
}
