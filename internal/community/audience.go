package community

import (
	"context"
	"maps"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/delivery"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
	"faellesskab/internal/push"
)

// recipients loads people as the notifier sees them.
func (c *Community) recipients(ctx context.Context, ids []string) (map[string]notify.Recipient, error) {
	people, err := c.People.Recipients(ctx, ids)
	found := make(map[string]notify.Recipient, len(people))
	for personID, p := range people {
		if p.ErasedAt == nil {
			found[personID] = recipient(p)
		}
	}
	return found, err
}

// levels are how much a person wants to hear of each group of which they are an active member.
func (c *Community) levels(ctx context.Context, personID string) (map[string]notify.Level, error) {
	found, err := c.recipients(ctx, []string{personID})
	return found[personID].Groups, err
}

// admitted tells which of these people may look at their inbox.
func (c *Community) admitted(ctx context.Context, ids []string) (map[string]bool, error) {
	people, err := c.People.Recipients(ctx, ids)
	admitted := make(map[string]bool, len(people))
	for personID, p := range people {
		admitted[personID] = p.Admits() == nil
	}
	return admitted, err
}

// viewers are these people as viewers, by id. Those who are banned or gone are missing.
func (c *Community) viewers(ctx context.Context, ids []string) (map[string]auth.Viewer, error) {
	people, err := c.People.Load(ctx, ids)
	found := make(map[string]auth.Viewer, len(people))
	for personID, p := range people {
		if p.Admits() == nil {
			found[personID] = p.Viewer()
		}
	}
	return found, err
}

func recipient(p *person.Person) notify.Recipient {
	groups := make(map[string]notify.Level, len(p.Groups))
	for groupID, g := range p.Groups {
		if g.Active {
			groups[groupID] = g.Level
		}
	}
	return notify.Recipient{PersonID: p.ID, Language: string(p.OwnLanguage), Admitted: p.Admits() == nil, Groups: groups, Viewer: p.Viewer()}
}

func (c *Community) devices(ctx context.Context, personIDs []string) ([]delivery.Device, error) {
	list, err := c.Devices.Of(ctx, personIDs)
	found := make([]delivery.Device, len(list))
	now := c.DB.Now()
	for i, d := range list {
		found[i] = delivery.Device{ID: d.ID, PersonID: d.PersonID, Language: string(d.Language),
			Device: push.Device{Kind: push.Kind(d.Kind), Value: d.Value, Platform: push.Platform(d.Platform)},
			Phone:  d.Phone(), Doubted: d.DoubtedAt != nil, Doubtful: d.IsDoubtful(), Rests: d.Rests(now)}
	}
	return found, err
}

// languageOf is the language of a person's profile; empty if the person is gone.
func (c *Community) languageOf(ctx context.Context, personID string) (i18n.Language, error) {
	found, err := c.People.Load(ctx, []string{personID})
	if p := found[personID]; p != nil {
		return p.OwnLanguage, err
	}
	return "", err
}

// RefreshViewer brings the viewer of a subscription, or of a mutation, up to date. Returns
// Forbidden if the person has been banned or no longer exists.
func (c *Community) RefreshViewer(ctx context.Context) error {
	v, err := c.People.Viewer(ctx, auth.FromContext(ctx).PersonID)
	if err != nil {
		return err
	}
	auth.Refresh(ctx, v)
	return nil
}

// personNames are the names of people, for the inboxes of those who are told of them.
func (c *Community) personNames(ctx context.Context, ids []string) (map[string]string, error) {
	found, err := c.People.Load(ctx, ids)
	names := make(map[string]string, len(found))
	for personID, p := range found {
		names[personID] = p.DisplayName
	}
	return names, err
}

// hosts are the dates of events and the courses with those ids, for those who speak to the people there.
func (c *Community) hosts(ctx context.Context, ids []string) (map[string]booking.Host, error) {
	byPrefix := map[string][]string{}
	for _, bookableID := range ids {
		byPrefix[id.Prefix(bookableID)] = append(byPrefix[id.Prefix(bookableID)], bookableID)
	}
	found := map[string]booking.Host{}
	for prefix, read := range map[string]func(context.Context, []string) (map[string]booking.Host, error){id.Occurrence: c.Events.Hosts, id.Course: c.Courses.Hosts} {
		if len(byPrefix[prefix]) == 0 {
			continue
		}
		hosts, err := read(ctx, byPrefix[prefix])
		if err != nil {
			return nil, err
		}
		maps.Copy(found, hosts)
	}
	return found, nil
}

// discreet are those of these groups, and of these events by their groups, of which outsiders may not know.
func (c *Community) discreet(ctx context.Context, ids []string) (map[string]bool, error) {
	byPrefix := map[string][]string{}
	for _, sourceID := range ids {
		byPrefix[id.Prefix(sourceID)] = append(byPrefix[id.Prefix(sourceID)], sourceID)
	}
	found := map[string]bool{}
	for prefix, read := range map[string]func(context.Context, []string) (map[string]bool, error){id.Group: c.Groups.Discreet, id.Event: c.Events.Discreet} {
		if len(byPrefix[prefix]) == 0 {
			continue
		}
		some, err := read(ctx, byPrefix[prefix])
		if err != nil {
			return nil, err
		}
		maps.Copy(found, some)
	}
	return found, nil
}
