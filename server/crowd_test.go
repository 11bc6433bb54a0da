package main

import (
	"context"
	"fmt"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/community"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/demo"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
)

// addCrowd makes a group led by the persona leader-1 with a crowd of more members, and
// returns the group's id.
func addCrowd(ctx context.Context, t testing.TB, c *community.Community, crowd communitytest.Crowd) string {
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
	crowd.Join(ctx, t, c, g.ID)
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

// BenchmarkPushPath measures the whole path of a notice for 5,000 phones, from the mutation to
// the last push that the simulator takes.
func BenchmarkPushPath(b *testing.B) {
	const phones = 5000
	h := newHarness(b, withoutDemo())
	groupID := addCrowd(b.Context(), b, h.app.Community, communitytest.Crowd{Name: "crowd", People: phones, PhonesEach: 1})
	for n := 1; b.Loop(); n++ {
		h.publishTo(groupID, fmt.Sprintf("Fest %d", n))
		if err := h.phones.WaitFor(b.Context(), n*phones); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(phones*b.N)/b.Elapsed().Seconds(), "pushes/s")
}
