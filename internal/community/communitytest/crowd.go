package communitytest

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"faellesskab/internal/community"
	"faellesskab/internal/demo"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// Crowd is a large number of people who have only a group and phones. Each crowd in
// a database needs a name of its own.
type Crowd struct {
	Name       string
	People     int
	PhonesEach int
}

// Phones is how many phones the crowd has.
func (x Crowd) Phones() int { return x.People * x.PhonesEach }

// Phone is the token of the n-th phone.
func (x Crowd) Phone(n int) string { return fmt.Sprintf("%s-%06d", x.Name, n) }

func (x Crowd) uid(n int) string { return x.Name + strconv.Itoa(n) }

// PersonID is the id of the n-th person.
func (x Crowd) PersonID(n int) string { return personIDOf(x.uid(n)) }

// Join makes the crowd members of a group and switches off their quiet hours. It
// writes the documents directly, since calling the service for each person would
// take too long.
func (x Crowd) Join(ctx context.Context, t testing.TB, c *community.Community, groupID string) {
	t.Helper()
	now := c.DB.Now()
	for start := 0; start < x.People; start += 500 {
		var people []*person.Person
		var members []*group.Membership
		var phones []*device.Device
		var settings []notify.Settings
		for i := start; i < min(start+500, x.People); i++ {
			p := &person.Person{ID: x.PersonID(i), UID: x.uid(i), OwnLanguage: i18n.Danish, CreatedAt: now, Version: 1,
				Groups: map[string]person.GroupCopy{groupID: {Active: true, Version: 1}}}
			people = append(people, p)
			members = append(members, &group.Membership{ID: id.Pair(groupID, p.ID), GroupID: groupID, PersonID: p.ID,
				State: group.StateActive, Holds: []group.Holding{}, Since: now, Version: 1})
			for n := range x.PhonesEach {
				phones = append(phones, device.Demo(p.ID, x.Phone(i*x.PhonesEach+n), now))
			}
			settings = append(settings, demo.AtAnyHour(p.ID))
		}
		if err := c.Settings.Put(ctx, settings); err != nil {
			t.Fatal(err)
		}
		Must(c.DB.Collection("persons").InsertMany(ctx, people))(t)
		Must(c.DB.Collection("group_memberships").InsertMany(ctx, members))(t)
		if err := c.Devices.PutAll(ctx, phones); err != nil {
			t.Fatal(err)
		}
	}
}

// Crowd makes a group of anna's with n members, each with one phone.
func (w *World) Crowd(n int) (*group.Group, Crowd) {
	w.T.Helper()
	g, crowd := w.Group("anna"), Crowd{Name: "crowd", People: n, PhonesEach: 1}
	crowd.Join(w.T.Context(), w.T, w.Community, g.ID)
	return g, crowd
}
