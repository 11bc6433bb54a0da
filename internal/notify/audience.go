package notify

import "context"

// Found is a person an audience holds, and why.
type Found struct {
	PersonID string
	Reasons  []Reason
	Words    map[string]string // in the stead of the cause's
	Items    []string          // of a summary: the notices it sums up
}

// Walker finds up to limit people of an audience whose ids come after the given
// one, in the order of their ids.
type Walker func(ctx context.Context, ids []string, after string, limit int) ([]Found, error)
