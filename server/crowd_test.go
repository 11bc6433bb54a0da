package main

import (
	"context"
	"fmt"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	"faellesskab/internal/demo"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// crowdDevice is the token of the n-th phone of a crowd.
func crowdDevice(n int) string { return fmt.Sprintf("crowd-%05d", n) }

// addCrowd makes a group led by the persona leader-1 with n more members, each
// with one phone, and returns the group's id. It writes the documents as they
// are: n joins by the service are not what is measured.
func addCrowd(ctx context.Context, t testing.TB, c *community.Community, n int) string {
	t.Helper()
	leader, err := c.People.SignIn(ctx, auth.Claims{UID: demo.Persona{Name: "leader-1"}.UID(), Name: "Leder"}, i18n.Danish)
	if err != nil {
		t.Fatal(err)
	}
	g, err := c.Groups.Create(auth.WithViewer(ctx, leader.Viewer()), group.CreateInput{Name: "Mange", Kind: group.KindAssociation,
		Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen})
	if err != nil {
		t.Fatal(err)
	}
	now := c.DB.Now()
	for start := 0; start < n; start += 500 {
		var people []*person.Person
		var members []*group.Membership
		var phones []*device.Device
		var settings []notify.Settings
		for i := start; i < min(start+500, n); i++ {
			p := &person.Person{ID: person.IDOf(crowdDevice(i)), UID: crowdDevice(i), OwnLanguage: i18n.Danish, CreatedAt: now, Version: 1,
				Groups: map[string]person.GroupCopy{g.ID: {Active: true, Role: string(group.RoleMember), Version: 1}}}
			people = append(people, p)
			members = append(members, &group.Membership{ID: id.Pair(g.ID, p.ID), GroupID: g.ID, PersonID: p.ID,
				State: group.StateActive, Role: group.RoleMember, Since: now, Version: 1})
			phones = append(phones, device.Demo(p.ID, crowdDevice(i), now))
			settings = append(settings, notify.AtAnyHour(p.ID))
		}
		if err := c.Notifier.PutSettings(ctx, settings); err != nil {
			t.Fatal(err)
		}
		if _, err := c.DB.Collection("persons").InsertMany(ctx, people); err != nil {
			t.Fatal(err)
		}
		if _, err := c.DB.Collection("group_memberships").InsertMany(ctx, members); err != nil {
			t.Fatal(err)
		}
		if err := c.Devices.PutAll(ctx, phones); err != nil {
			t.Fatal(err)
		}
	}
	return g.ID
}

// publishTo posts and publishes an event in a group as leader-1.
func (h *harness) publishTo(groupID, title string) (eventID string) {
	h.t.Helper()
	eventID = h.must("leader-1", `mutation($g: ID!, $t: String!) { createEvent(input: {groupId: $g, title: $t, startsAt: "2030-06-01T18:00:00",
		endsAt: "2030-06-01T23:00:00"}) { event { id } } }`, vars{"g": groupID, "t": title}).text("createEvent", "event", "id")
	h.must("leader-1", `mutation($e: ID!) { publishEvent(input: {eventId: $e}) { event { state } } }`, vars{"e": eventID})
	return eventID
}

// BenchmarkPushPath measures the whole path of a notice for 5,000 phones: from
// the mutation to the last push taken by the simulator.
func BenchmarkPushPath(b *testing.B) {
	const phones = 5000
	h := newHarness(b, withoutDemo())
	groupID := addCrowd(b.Context(), b, h.app.Community, phones)
	for n := 1; b.Loop(); n++ {
		h.publishTo(groupID, fmt.Sprintf("Fest %d", n))
		if err := h.phones.WaitFor(b.Context(), n*phones); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(phones*b.N)/b.Elapsed().Seconds(), "pushes/s")
}
