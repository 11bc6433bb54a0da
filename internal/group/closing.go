package group

import (
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/notify"
)

// closesArgs say how the group was closed; nil: it is archived, and stays.
type closesArgs struct{ DeletesAt *time.Time }

// closes tells the members that the group is archived, or will be deleted. Whoever has done it is not told.
func (g *Group) closes(by string) notify.Cause {
	c := notify.Cause{
		Key: notify.Key(g.ID, "closes", strconv.Itoa(g.Version)), Kind: NoticeCloses, Args: notify.ArgsOf(closesArgs{g.DeletesAt}), Subject: g.ID, GroupID: g.ID,
		Audiences: []notify.AudienceOf{{Kind: AudienceMembers, IDs: []string{g.ID}}}, Actor: by,
		Data: map[string]string{"Group": g.Name},
	}
	if g.DeletesAt != nil {
		c.ExpiresAt, c.Data["DeadlineAt"] = g.DeletesAt, clock.Moment{At: *g.DeletesAt}.String()
	}
	return c
}

// isClosedAs reports whether the group is closed now as news with these args says.
func (g *Group) isClosedAs(args notify.Args) (bool, error) {
	var a closesArgs
	err := args.Decode(&a)
	return g.isArchived() && (a.DeletesAt == nil) == (g.DeletesAt == nil) && (a.DeletesAt == nil || a.DeletesAt.Equal(*g.DeletesAt)), err
}
