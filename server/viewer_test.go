package main

import (
	"testing"
)

// Queries by somebody who called a moment ago are answered as before until the change by another process is heard;
// what changes something is refused at once.
func TestAKeptViewerChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const query, mutation = `{ viewer { person { id } } }`, `mutation { completeProfile(input: {displayName: "Anna Holm"}) { person { id } } }`
	s.must("resident-1", query, nil)
	s.must("resident-1", query, nil)
	// The bus is not told, as if another process had just written it.
	_, err := s.db.Collection("persons").UpdateOne(t.Context(), vars{"_id": s.names["resident"]}, vars{"$set": vars{"bannedAt": stageTime}})
	if err != nil {
		t.Fatal(err)
	}
	s.must("resident-1", query, nil) // the viewer is kept
	if got := s.do("resident-1", mutation, nil); got.code() != "FORBIDDEN" {
		t.Errorf("a mutation by somebody who is banned: %+v", got)
	}
	s.app.Bus.Tell("persons", s.names["resident"])
	if got := s.do("resident-1", query, nil); got.code() != "FORBIDDEN" {
		t.Errorf("once it is heard: %+v", got)
	}
}
