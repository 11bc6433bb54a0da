package fcmsim_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/push/fcmsim"
)

// offered is the data of a push with two buttons, as every platform gets it.
const offered = `"data":{"noticeId":"n1","channel":"requests","thread":"event_1","level":"time-sensitive","unread":"3",
	"actions":"[{\"name\":\"ACCEPT_OFFER\",\"title\":\"Ja tak\",\"mutation\":\"acceptOffer\",\"input\":{\"eventId\":\"event_1\",\"clientMutationId\":\"k1\"}},` +
	`{\"name\":\"DECLINE_OFFER\",\"title\":\"Nej tak\",\"mutation\":\"declineOffer\",\"input\":{\"eventId\":\"event_1\",\"clientMutationId\":\"k2\"}}]"}`

// What a phone shows is read from where its platform reads it.
func TestEachPlatformReadsItsOwnPart(t *testing.T) {
	accept := fcmsim.Action{Name: "ACCEPT_OFFER", Title: "Ja tak", Mutation: "acceptOffer", Input: map[string]string{"eventId": "event_1", "clientMutationId": "k1"}}
	decline := fcmsim.Action{Name: "DECLINE_OFFER", Title: "Nej tak", Mutation: "declineOffer", Input: map[string]string{"eventId": "event_1", "clientMutationId": "k2"}}
	three := 3
	for name, row := range map[string]struct {
		part string
		want fcmsim.Push
	}{
		"Android": {
			`"android":{"ttl":"60s","notification":{"tag":"n1","channel_id":"requests","notification_count":3,"default_sound":true,"visibility":"PRIVATE"}}`,
			fcmsim.Push{Platform: "ANDROID", Channel: "requests", Sound: "default", Tag: "n1", Actions: []fcmsim.Action{accept, decline}},
		},
		"iOS": {
			`"apns":{"headers":{"apns-collapse-id":"n1","apns-push-type":"alert","apns-priority":"10"},
				"payload":{"aps":{"badge":3,"sound":{"name":"bell"},"thread-id":"event_1","category":"SEAT_OFFERED","interruption-level":"time-sensitive"}}}`,
			fcmsim.Push{Platform: "IOS", Sound: "bell", Tag: "n1", CollapseKey: "n1", Actions: []fcmsim.Action{accept, decline}},
		},
		"iOS without a category": {
			`"apns":{"headers":{"apns-push-type":"alert"},"payload":{"aps":{"sound":"default"}}}`,
			fcmsim.Push{Platform: "IOS", Sound: "default", Actions: []fcmsim.Action{}},
		},
		"web": {
			`"webpush":{"headers":{"Topic":"n1"},"notification":{"tag":"n1","renotify":true,"actions":[{"action":"DECLINE_OFFER","title":"Nej tak"}]}}`,
			fcmsim.Push{Platform: "WEB", Sound: "default", Tag: "n1", CollapseKey: "n1", Actions: []fcmsim.Action{decline}},
		},
		"silent web": {
			`"webpush":{"headers":{"Topic":"n1"},"notification":{"silent":true}}`,
			fcmsim.Push{Platform: "WEB", CollapseKey: "n1", Actions: []fcmsim.Action{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim()
			status, body, _ := post(sim, fmt.Sprintf(`{"message":{"token":"a","notification":{"title":"Ledig plads","body":"Svar inden kl. 18"},%s,%s}}`, offered, row.part))
			if status != 200 {
				t.Fatalf("status %d: %s", status, body)
			}
			got := sim.Pushes()[0]
			row.want.Device, row.want.Title, row.want.Body, row.want.Data = "a", "Ledig plads", "Svar inden kl. 18", got.Data
			row.want.Badge, row.want.Thread, row.want.Level, row.want.ReceivedAt = &three, "event_1", "time-sensitive", noon
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("push (-want +got):\n%s", diff)
			}
		})
	}
}

// A removal shows nothing and makes no sound, and may change the number.
func TestARemovalNamesWhatItTakesAway(t *testing.T) {
	sim := newSim()
	for _, part := range []string{
		`"android":{"ttl":"60s"}`,
		`"apns":{"headers":{"apns-push-type":"background","apns-priority":"5"},"payload":{"aps":{"content-available":1}}}`,
		`"webpush":{"headers":{"TTL":"60"}}`,
	} {
		if status, body, _ := post(sim, fmt.Sprintf(`{"message":{"token":"a","data":{"remove":"[\"n1\",\"n2\"]","unread":"0"},%s}}`, part)); status != 200 {
			t.Fatalf("status %d: %s", status, body)
		}
	}
	if len(sim.Removals()) != 3 || len(sim.Pushes()) != 0 {
		t.Errorf("%d removals, %d pushes", len(sim.Removals()), len(sim.Pushes()))
	}
	for _, p := range sim.Removals() {
		if diff := cmp.Diff([]string{"n1", "n2"}, p.Removes); diff != "" || p.Badge == nil || *p.Badge != 0 || p.Sound != "" || p.Level != "passive" {
			t.Errorf("%+v\n%s", p, diff)
		}
	}
}
