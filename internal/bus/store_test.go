package bus

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

func TestAPlaceIsKeptUnlessItIsLost(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err  error
		kept bool
	}{
		"no error":          {nil, true},
		"a cut connection":  {mongo.CommandError{Labels: []string{"NetworkError"}}, true},
		"a time limit":      {context.DeadlineExceeded, true},
		"an election":       {mongo.CommandError{Code: 10107}, true},
		"something else":    {errors.New("odd"), true},
		"history lost":      {fmt.Errorf("open: %w", mongo.CommandError{Code: 286}), false},
		"fatal":             {mongo.CommandError{Code: 280}, false},
		"not a token of it": {mongo.CommandError{Code: 260}, false},
	} {
		if got := unlessLost(resumeToken("x"), row.err); (got != nil) != row.kept {
			t.Errorf("%s: kept %t, want %t", name, got != nil, row.kept)
		}
	}
}

// told is a recorded change stream. Each element is the answer to one question to the server.
type told struct {
	batches [][]bson.D
	current bson.D
	err     error // the error after these; nil: the stream is closed
}

func (s *told) TryNext(context.Context) bool {
	if len(s.batches) == 0 {
		return false
	}
	if len(s.batches[0]) == 0 {
		s.batches = s.batches[1:]
		return false
	}
	s.current, s.batches[0] = s.batches[0][0], s.batches[0][1:]
	return true
}

func (s *told) Decode(into any) error {
	raw, err := bson.Marshal(s.current)
	if err != nil {
		return err
	}
	return bson.Unmarshal(raw, into)
}

func (s *told) RemainingBatchLength() int { return len(s.batches[0]) }

func (s *told) ID() int64 { return int64(len(s.batches)) }

func (s *told) Err() error {
	if len(s.batches) > 0 {
		return nil
	}
	return s.err
}

// A stream in which nothing happens for a while goes on, and changes that do not concern us are
// skipped.
func TestAStreamIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	change := func(collection string, id any) bson.D {
		return bson.D{{Key: "ns", Value: bson.D{{Key: "coll", Value: collection}}}, {Key: "documentKey", Value: bson.D{{Key: "_id", Value: id}}}}
	}
	cut := errors.New("cut")
	s := &told{batches: [][]bson.D{{change("notices", "a")}, {}, {}, {change("odd", bson.NewObjectID()), change("jobs", "b")}}, err: cut}
	var heard []string
	err := read(t.Context(), s, ears{tell: func(collection, id string) { heard = append(heard, collection+" "+id) }, caughtUp: func() { heard = append(heard, "caught up") }})
	if diff := cmp.Diff([]string{"notices a", "caught up", "caught up", "caught up", "caught up", "jobs b", "caught up"}, heard); diff != "" || !errors.Is(err, cut) {
		t.Error(err, diff)
	}
}
