package main

import (
	"log/slog"
	"strings"
	"testing"

	"faellesskab/internal/testkit"
)

// An answer of feedback that stands in the document itself is in no line of the log, and nowhere in the database but among
// the answers, whether the call is accepted, refused, or no GraphQL at all.
func TestNoLineOfTheLogHoldsAnAnswer(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := stageOf(t, nil, func(setup *Setup) {
		setup.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	s.seed(apiFolder + "/meeting/giveFeedback/seed.json")
	const body = `giveFeedback(input: {occurrenceId: "$held", rating: 2, text: "hemmeligtsvar"})`
	for _, document := range []string{
		`mutation { ` + body + ` { occurrence { id } } }`,
		`mutation { ` + body + ` { occurrence { id } } }`, // they have answered
		`mutation { ` + body + ` { nothing } }`,
		`mutation { ` + body,
		`mutation { giveFeedback(input: {occurrenceId: "$held", rating: "hemmeligtsvar"}) { occurrence { id } } }`,
	} {
		s.answer("member", "", s.resolve(document).(string), nil)
	}
	if said := log.String(); strings.Contains(said, "hemmeligtsvar") || !strings.Contains(said, `"type":"mutation"`) {
		t.Errorf("the log says %s", said)
	}
	at := testkit.MentionsAnywhere(t, s.db, "hemmeligtsvar")
	if len(at) != 1 || len(at["feedback_answers"]) != 1 {
		t.Errorf("the answer is in %v", at)
	}
}
