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

// If the Go type for a type is missing, or has another name, so that gqlgen would make one, the error
// names the type and where gen has looked for it.
func TestATypeWithoutAGoTypeIsRefused(t *testing.T) {
	t.Parallel()
	s := gqlparser.MustLoadSchema(
		&schemaast.Source{Name: "schema/poll.graphqls", Input: `
			type Query { poll: Poll, at: Instant }
			type Mutation { openPoll(input: OpenPollInput): OpenPollPayload }
			scalar Instant
			type Poll { state: PollState }
			enum PollState { OPEN }
			input OpenPollInput { a: ID }
			type OpenPollPayload { outcome: PollOutcome }
			union PollOutcome = PollAnswered
			type PollAnswered { id: ID }`},
		&schemaast.Source{Name: "schema/notify.graphqls", Input: `type NoticeMood { id: ID }`})
	err := unbound(s, func(name string) bool { return name == "OpenPollInput" })
	const want = `schema/poll.graphqls: there is no Go type for Instant: export Instant from internal/poll, or name another one in gqlgen.yml
schema/notify.graphqls: there is no Go type for NoticeMood: export NoticeMood or Mood from internal/notify, internal/inbox, internal/delivery, or name another one in gqlgen.yml
schema/poll.graphqls: there is no Go type for Poll: export Poll from internal/poll, or name another one in gqlgen.yml
schema/poll.graphqls: there is no Go type for PollState: export PollState or State from internal/poll, or name another one in gqlgen.yml`
	if err == nil || err.Error() != want {
		t.Errorf("said\n%v,\nwant\n%s", err, want)
	}
	if err := unbound(s, func(string) bool { return true }); err != nil {
		t.Error(err)
	}
}
