package community

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/delivery"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
	"faellesskab/internal/push"
)

// walkers find the people of each audience in the domain that has them.
func (c *Community) walkers() map[notify.AudienceKind]notify.Walker {
	return map[notify.AudienceKind]notify.Walker{
		notify.AudienceGroupMembers:   forOne(c.Groups.AudienceMembers, notify.ReasonGroupMember),
		notify.AudienceGroupApprovers: forOne(c.Groups.AudienceApprovers, notify.ReasonGroupLeader),
		notify.AudienceAttendees:      forOne(c.Events.Booking.Audience, notify.ReasonPlace),
		notify.AudienceConcerned:      forOne(c.concerned, notify.ReasonPlace),
		notify.AudienceSeated:         forOne(c.seated, notify.ReasonPlace),
		notify.AudienceEnrolled:       forOne(c.Courses.Booking.Audience, notify.ReasonPlace),
		notify.AudienceSkillWanted:    c.walkSkills,
		notify.AudienceHomeArea:       c.walkAreas,
		notify.AudienceEveryone:       c.walkEverybody,
	}
}

// forOne walks an audience that has one subject, which is also the reason's.
func forOne(walk func(ctx context.Context, subject, after string, limit int) ([]string, error), why notify.ReasonKind) notify.Walker {
	return func(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
		people, err := walk(ctx, ids[0], after, limit)
		found := make([]notify.Found, len(people))
		for i, personID := range people {
			found[i] = notify.Found{PersonID: personID, Reasons: []notify.Reason{{Kind: why, Subject: ids[0]}}}
		}
		return found, err
	}
}

// concerned are those who have a place at a date of an event or at a course, or were
// in line for one until it was over.
func (c *Community) concerned(ctx context.Context, bookableID, after string, limit int) ([]string, error) {
	if id.Prefix(bookableID) == id.Course {
		return c.Courses.Booking.Concerned(ctx, bookableID, after, limit)
	}
	return c.Events.Booking.Concerned(ctx, bookableID, after, limit)
}

// seated are those who have a seat at a date of an event or at a course.
func (c *Community) seated(ctx context.Context, bookableID, after string, limit int) ([]string, error) {
	if id.Prefix(bookableID) == id.Course {
		return c.Courses.Booking.Seated(ctx, bookableID, after, limit)
	}
	return c.Events.Booking.Seated(ctx, bookableID, after, limit)
}

// placed are those of these people who have a place at a date or a course, or are
// in line for one.
func (c *Community) placed(ctx context.Context, bookableID string, personIDs []string) (map[string]bool, error) {
	if id.Prefix(bookableID) == id.Course {
		return c.Courses.Booking.Placed(ctx, bookableID, personIDs)
	}
	return c.Events.Booking.Placed(ctx, bookableID, personIDs)
}

func (c *Community) walkSkills(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	skills, err := c.Skills.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	people, err := c.People.AudienceOfSkills(ctx, ids, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		found[i].PersonID = p.ID
		for _, skillID := range p.OwnSkillsWanted {
			k := skills[skillID]
			if k == nil || !slices.Contains(ids, skillID) {
				continue
			}
			words := map[string]string{}
			for _, name := range k.Names {
				words["Skill_"+string(name.Language)] = name.Text
			}
			// Where a language has no name of its own the Danish one stands in.
			words["Skill"] = k.Names.In("DA")
			found[i].Reasons = append(found[i].Reasons, notify.Reason{Kind: notify.ReasonSkillWanted, Subject: skillID, Words: words})
		}
	}
	return found, err
}

func (c *Community) walkAreas(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	areas, err := c.Areas.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	people, err := c.People.AudienceOfAreas(ctx, ids, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		reason := notify.Reason{Kind: notify.ReasonHomeArea, Subject: p.OwnHomeAreaID}
		if a := areas[p.OwnHomeAreaID]; a != nil {
			reason.Words = map[string]string{"Area": a.Name}
		}
		found[i] = notify.Found{PersonID: p.ID, Reasons: []notify.Reason{reason}}
	}
	return found, err
}

func (c *Community) walkEverybody(ctx context.Context, _ []string, after string, limit int) ([]notify.Found, error) {
	people, err := c.People.AudienceOfAll(ctx, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		found[i] = notify.Found{PersonID: p.ID, Reasons: []notify.Reason{{Kind: notify.ReasonResident}}}
	}
	return found, err
}

// recipients are people as the notifier sees them.
func (c *Community) recipients(ctx context.Context, ids []string) (map[string]notify.Recipient, error) {
	people, err := c.People.Recipients(ctx, ids)
	found := make(map[string]notify.Recipient, len(people))
	for personID, p := range people {
		found[personID] = recipient(p, c.DB.Now())
	}
	return found, err
}

// admitted are those of these people who may look at their inbox.
func (c *Community) admitted(ctx context.Context, ids []string) (map[string]bool, error) {
	people, err := c.People.Recipients(ctx, ids)
	admitted := make(map[string]bool, len(people))
	for personID, p := range people {
		admitted[personID] = p.Admits() == nil
	}
	return admitted, err
}

func recipient(p *person.Person, now time.Time) notify.Recipient {
	groups := make(map[string]notify.GroupPreference, len(p.Groups))
	for groupID, g := range p.Groups {
		if g.Active {
			grant := auth.Grant{Role: g.Role, RoleEndsAt: g.RoleEndsAt}
			groups[groupID] = notify.GroupPreference{Level: g.Level, Approves: group.GrantAllows(grant, group.ApproveMembers, now)}
		}
	}
	return notify.Recipient{PersonID: p.ID, Language: string(p.OwnLanguage), Admitted: p.Admits() == nil, Groups: groups, InvitedTo: p.InvitedTo()}
}

func (c *Community) devices(ctx context.Context, personIDs []string) ([]delivery.Device, error) {
	list, err := c.Devices.Of(ctx, personIDs)
	found := make([]delivery.Device, len(list))
	now := c.DB.Now()
	for i, d := range list {
		found[i] = delivery.Device{ID: d.ID, PersonID: d.PersonID, Language: string(d.Language),
			Device:  push.Device{Kind: push.Kind(d.Kind), Value: d.Value, Platform: push.Platform(d.Platform)},
			Doubted: d.DoubtedAt != nil, Doubtful: d.IsDoubtful(), Rests: d.Rests(now)}
	}
	return found, err
}

// subjectState says how the subject of news stands: nothing is sent of a draft, of what
// was cancelled meanwhile, or of what is gone, and no offer that was answered or
// has run out; and what has changed is told as it is now.
func (c *Community) subjectState(ctx context.Context, kind notify.Kind, subject, key string) (notify.SubjectState, error) {
	switch kind {
	case notify.KindSeatOffered:
		return c.offerState(ctx, subject, key)
	case notify.KindPlaceEnded:
		// It says what the person knew: they may not see what it is about now.
		isSo, err := c.Offers.Ended(ctx, key)
		return notify.SubjectState{Alive: isSo}, err
	}
	switch id.Prefix(subject) {
	case id.Event:
		return c.Events.SubjectState(ctx, kind, subject, key)
	case id.Course:
		return c.Courses.SubjectState(ctx, kind, subject, key)
	case id.Announcement:
		isSent, err := c.Announcements.IsSent(ctx, subject)
		return notify.SubjectState{Alive: isSent}, err
	case id.Group:
		return c.Groups.SubjectState(ctx, kind, subject, key)
	}
	return notify.SubjectState{}, fmt.Errorf("news about %s: no such kind of subject", subject)
}

// offerState is how an offer of a seat stands: until its deadline, which may
// have moved.
func (c *Community) offerState(ctx context.Context, subject, key string) (notify.SubjectState, error) {
	deadline, words, err := c.Offers.Deadline(ctx, key)
	if fault.Is(err, fault.KindNotFound) {
		return notify.SubjectState{}, nil
	}
	if err != nil {
		return notify.SubjectState{}, err
	}
	now, err := c.subjectState(ctx, notify.KindSeatGranted, subject, key)
	if err != nil || !now.Alive {
		return now, err
	}
	maps.Copy(now.Words, words)
	now.ExpiresAt = &deadline
	return now, nil
}

// refreshViewer brings the viewer of a subscription up to date. Returns Forbidden
// for who is banned or gone.
func (c *Community) refreshViewer(ctx context.Context) error {
	v, err := c.People.Viewer(ctx, auth.FromContext(ctx).PersonID)
	if err != nil {
		return err
	}
	auth.Refresh(ctx, v)
	return nil
}

// isThread refuses what is no event or course that the viewer may see.
func (c *Community) isThread(ctx context.Context, subjectID string) error {
	var err error
	switch id.Prefix(subjectID) {
	case id.Event:
		_, err = c.Events.Get(ctx, subjectID)
	case id.Course:
		_, err = c.Courses.Get(ctx, subjectID)
	default:
		return fault.BadID("input.subjectId")
	}
	return err
}
