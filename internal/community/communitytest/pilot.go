package communitytest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
	"faellesskab/internal/search"
	"faellesskab/internal/text"
)

// Pilot is the made-up data of a small pilot, the same in every run. It serves to
// measure what the database costs at that size.
type Pilot struct {
	People, Groups, Events int
	// GroupsEach is how many groups everybody is in, SeatsEach how many people have
	// signed up for each event, and NoticesEach how many notices each has.
	GroupsEach, SeatsEach, NoticesEach int
	// UIDs are the accounts of the first of these people. A benchmark signs in as
	// them.
	UIDs []string
}

// pilot is a Pilot while its documents are being made.
type pilot struct {
	Pilot
	now     time.Time
	people  []*person.Person
	groups  []*group.Group
	members [][]int // by group, numbers of people
}

// SmallPilot is the size that the embedded database must cope with.
var SmallPilot = Pilot{People: 3_500, Groups: 120, Events: 1_000, GroupsEach: 3, SeatsEach: 10, NoticesEach: 3}

// PilotEvent is the id of the n-th event.
func PilotEvent(n int) string { return id.Derive(id.Event, "pilot", fmt.Sprint(n)) }

// PilotGroup is the id of the n-th group.
func PilotGroup(n int) string { return id.Derive(id.Group, "pilot", fmt.Sprint(n)) }

// fillTime is how long a busy machine may need to write a pilot.
const fillTime = 5 * time.Minute

// Fill writes the documents directly, thousands at a time, since the services would
// need an hour for them. There are three events a day, and a third of all events are
// over.
func (size Pilot) Fill(ctx context.Context, t testing.TB, c *community.Community) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, fillTime) // takes the place of the client's own limit
	defer cancel()
	x := &pilot{Pilot: size, now: c.DB.Now()}
	x.makePeople()
	x.makeGroups()
	put(ctx, t, c, "persons", x.people)
	put(ctx, t, c, "sign_ins", x.signIns())
	put(ctx, t, c, "groups", x.groups)
	put(ctx, t, c, "group_memberships", x.memberships())
	events := x.events()
	put(ctx, t, c, "events", events)
	put(ctx, t, c, "occurrences", x.occurrences(events))
	put(ctx, t, c, "bookings", x.bookings(events))
	put(ctx, t, c, "notices", x.notices(events))
	put(ctx, t, c, "devices", x.devices())
}

// put stores documents, a page at a time.
func put[V any](ctx context.Context, t testing.TB, c *community.Community, collection string, list []V) {
	t.Helper()
	for page := range slices.Chunk(list, 500) {
		Must(c.DB.Collection(collection).InsertMany(ctx, page))(t)
	}
}

func (x *pilot) makePeople() {
	x.people, x.members = make([]*person.Person, x.People), make([][]int, x.Groups)
	for i := range x.people {
		uid := fmt.Sprint("pilot-", i)
		if i < len(x.UIDs) {
			uid = x.UIDs[i]
		}
		p := &person.Person{ID: personIDOf(uid), UID: uid, DisplayName: fmt.Sprint("Pilot-beboer ", i), NameKey: text.Skeleton(fmt.Sprint("Pilot-beboer ", i)), OwnLanguage: i18n.Danish,
			OwnInterests: []string{"haver", "madlavning"}, CreatedAt: x.now, Version: 1, Groups: map[string]person.GroupCopy{}}
		for n := range x.GroupsEach {
			g := (i*7 + n*11) % x.Groups
			p.Groups[PilotGroup(g)] = x.membership(g, len(x.members[g]), p.ID).Copy(nil)
			x.members[g] = append(x.members[g], i)
		}
		x.people[i] = p
	}
}

// signIns are the sign-ins of the people who have an account.
func (x *pilot) signIns() []*person.SignIn {
	list := make([]*person.SignIn, min(len(x.UIDs), x.People))
	for i := range list {
		list[i] = person.NewSignIn(x.UIDs[i], x.people[i].ID, x.now)
	}
	return list
}

// membership is the membership of a group's n-th member. The first one leads the
// group.
func (x *pilot) membership(g, n int, personID string) *group.Membership {
	holds := []group.Holding{}
	if n == 0 {
		holds = append(holds, group.Holding{Key: group.RoleLeader})
	}
	return &group.Membership{ID: id.Pair(PilotGroup(g), personID), GroupID: PilotGroup(g), PersonID: personID, State: group.StateActive, Holds: holds,
		Since: x.now, History: []group.Change{{State: group.StateActive, At: x.now, By: personID}}, Version: 1}
}

func (x *pilot) makeGroups() {
	x.groups = make([]*group.Group, x.Groups)
	for i := range x.groups {
		g := &group.Group{ID: PilotGroup(i), Name: fmt.Sprint("Pilot: Beboerne på vej ", i), Kind: group.KindHousing, Visibility: group.VisibilityPublic,
			Description: "Opdigtet gruppe af naboer, som mødes, hjælper hinanden og spiser sammen den første mandag i måneden.",
			JoinPolicy:  group.JoinOpen, Listing: group.Everyone, MemberCount: len(x.members[i]), CreatedAt: x.now, Version: 1}
		switch {
		case i%40 == 39:
			g.Visibility, g.Listing = group.VisibilityHidden, g.ID
		case i%10 == 9:
			g.Visibility, g.JoinPolicy = group.VisibilityMembers, group.JoinAsk
		}
		g.SortName, g.NameKey = i18n.SortKey(g.Name), text.Skeleton(g.Name)
		g.Facets = append(search.Terms(g.Name, g.Description), "kind:"+string(g.Kind))
		if len(x.members[i]) > 0 {
			g.LeaderIDs = []string{x.people[x.members[i][0]].ID}
		}
		x.groups[i] = g
	}
}

func (x *pilot) memberships() []*group.Membership {
	var list []*group.Membership
	for i := range x.groups {
		for n, member := range x.members[i] {
			list = append(list, x.membership(i, n, x.people[member].ID))
		}
	}
	return list
}

func (x *pilot) events() []*event.Event {
	list := make([]*event.Event, x.Events)
	capacity := 40
	for i := range list {
		g := x.groups[i%x.Groups]
		start := x.now.Add(time.Duration(i/3-x.Events/9)*24*time.Hour + time.Hour).Truncate(time.Hour)
		end := start.Add(2 * time.Hour)
		list[i] = &event.Event{ID: PilotEvent(i), GroupID: g.ID, Card: g.Card(), OpenTo: g.OpenTo(), Title: fmt.Sprint("Pilot: Fællesspisning ", i),
			Description: "Opdigtet begivenhed. Vi laver mad sammen fra klokken fem og spiser klokken syv; tag gerne noget med til kaffen.",
			State:       event.StatePublished, Place: &place.Place{Name: "Fælleshuset", Address: fmt.Sprint("Pilotvej ", i)}, Capacity: &capacity,
			Date: schedule.Date{StartsAt: start, EndsAt: end, StartsAtLocal: clock.LocalOf(start, clock.Copenhagen),
				EndsAtLocal: clock.LocalOf(end, clock.Copenhagen), TimeZone: clock.Copenhagen},
			OrganiserID: g.LeaderIDs[0], CreatedAt: x.now, Version: 1}
		switch {
		case i%50 == 49:
			list[i].State = event.StateDraft
		case i%50 == 48:
			list[i].State = event.StateCancelled
		}
	}
	return list
}

// seats are the numbers of the people who have signed up for the i-th event.
func (x *pilot) seats(i int) []int {
	members := x.members[i%x.Groups]
	return members[:min(x.SeatsEach, len(members))]
}

func (x *pilot) occurrences(events []*event.Event) []*event.Occurrence {
	list := make([]*event.Occurrence, len(events))
	for i, e := range events {
		taken := len(x.seats(i))
		list[i] = event.NewOccurrence(e)
		list[i].SeatsTaken, list[i].FreeSeats = taken, list[i].FreeSeats-taken
	}
	return list
}

func (x *pilot) bookings(events []*event.Event) []*booking.Booking {
	var list []*booking.Booking
	for i, e := range events {
		date := DateOf(e.ID)
		for _, member := range x.seats(i) {
			p := x.people[member].ID
			list = append(list, &booking.Booking{ID: booking.IDOf(date, p), BookableID: date, Sort: id.Occurrence, PersonID: p,
				State: booking.Confirmed, StartsAt: e.StartsAt, CreatedAt: x.now, QueuedAt: x.now, Version: 1})
		}
	}
	return list
}

func (x *pilot) notices(events []*event.Event) []*inbox.Notice {
	var list []*inbox.Notice
	for i, p := range x.people {
		for n := range x.NoticesEach {
			e := events[(i+n)%len(events)]
			key := fmt.Sprint("pilot-", n)
			list = append(list, &inbox.Notice{ID: inbox.NoticeID(p.ID, key), PersonID: p.ID, Kind: event.NoticePublished, SubjectID: e.ID,
				GroupID: e.GroupID, Words: map[string]string{"Group": e.Card.Name, "Title": e.Title}, Reasons: []notify.Reason{},
				Channel: notify.Push, Cause: key, CreatedAt: x.now.Add(-time.Duration(n) * time.Hour), Unread: n == 0})
		}
	}
	return list
}

func (x *pilot) devices() []*device.Device {
	list := make([]*device.Device, len(x.people))
	for i, p := range x.people {
		list[i] = device.Demo(p.ID, fmt.Sprint("pilot-phone-", i), x.now)
	}
	return list
}
