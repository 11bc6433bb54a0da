package main

import (
	"maps"
	"testing"

	"github.com/vektah/gqlparser/v2"
	schemaast "github.com/vektah/gqlparser/v2/ast"
)

func TestTypesAreFoundByTheConvention(t *testing.T) {
	t.Parallel()
	s := gqlparser.MustLoadSchema(
		&schemaast.Source{Name: "schema/event.graphqls", Input: `
			type Query { event: Event }
			type Event { state: EventState, kind: EventKind, attendance: Attendance }
			enum EventState { DRAFT }
			enum EventKind { OPEN }
			type Attendance { id: ID, session: EventSession }
			type EventSession { id: ID }
			type Eventual { id: ID }
			input CreateEventInput { a: ID }
			input InviteToEventInput { a: ID }
			input MarkEventsSeenInput { a: ID }
			input LeaveInput { a: ID }
			type CreateEventPayload { id: ID }`},
		&schemaast.Source{Name: "schema/notify.graphqls", Input: `
			type NotificationSettings { id: ID }
			type NoticeKind { id: ID }`},
		&schemaast.Source{Name: "schema/elsewhere.graphqls", Input: `type Elsewhere { id: ID }`})
	packages := map[string][]string{
		"event":  {"Event", "State", "Attendance", "Session", "EventSession", "CreateInput", "InviteInput", "MarkSeenInput", "ual"},
		"notify": {"Settings", "Kind"},
	}
	got, err := bind(s, func(pkg string) (map[string]bool, error) {
		names := map[string]bool{}
		for _, name := range packages[pkg] {
			names[name] = true
		}
		return names, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Event":                "faellesskab/internal/event.Event",
		"EventState":           "faellesskab/internal/event.State",
		"Attendance":           "faellesskab/internal/event.Attendance",
		"EventSession":         "faellesskab/internal/event.EventSession",
		"CreateEventInput":     "faellesskab/internal/event.CreateInput",
		"InviteToEventInput":   "faellesskab/internal/event.InviteInput",
		"MarkEventsSeenInput":  "faellesskab/internal/event.MarkSeenInput",
		"NotificationSettings": "faellesskab/internal/notify.Settings",
		"NoticeKind":           "faellesskab/internal/notify.Kind",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v,\nwant %v", got, want)
	}
}
