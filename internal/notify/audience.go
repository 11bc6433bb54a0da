package notify

import (
	"context"
	"maps"
	"slices"
)

// AudienceKind names an audience; the noun that owns it registers it.
type AudienceKind string

const (
	// AudiencePeople are named people: the ids are theirs.
	AudiencePeople AudienceKind = "PEOPLE"
	// AudienceSummary are the people for whom something is due; the id is the instant
	// of the summary. The delivery walks it.
	AudienceSummary AudienceKind = "SUMMARY"
)

// Audience is the people for whom there is news of a sort, as its owner registers
// it.
type Audience struct {
	Kind AudienceKind
	// Reason is why these people are told, where Walk gives no reasons.
	Reason ReasonKind
	Walk   Walk
	// Still are those of these people whom news about a subject, that of the reason,
	// still concerns; nil: it always does.
	Still func(ctx context.Context, subject string, people []string) (map[string]bool, error)
	// Otherwise is what becomes of the news for the others; the zero value: nothing,
	// because they have left.
	Otherwise Verdict
}

// Walk finds up to limit people of an audience, of all its ids, that come after the
// given person, in the order of their ids.
type Walk func(ctx context.Context, ids []string, after string, limit int) ([]Found, error)

// Found is a person an audience holds, and why.
type Found struct {
	PersonID string
	Reasons  []Reason          // nil: the audience's
	Words    map[string]string // in the stead of the cause's
	Items    []string          // of a summary: the notices it sums up
}

// Each makes a walk over all ids of one over the people of a single id, which is the
// subject of the reason. People who are found by several ids are found once, with a
// reason for each.
func Each(why ReasonKind, walk func(ctx context.Context, id, after string, limit int) ([]string, error)) Walk {
	return func(ctx context.Context, ids []string, after string, limit int) ([]Found, error) {
		reasons := map[string][]Reason{}
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			people, err := walk(ctx, id, after, limit)
			if err != nil {
				return nil, err
			}
			for _, personID := range people {
				reasons[personID] = append(reasons[personID], Reason{Kind: why, Subject: id})
			}
		}
		// The first of all are among the first of each.
		people := slices.Sorted(maps.Keys(reasons))
		found := make([]Found, min(len(people), limit))
		for i, personID := range people[:len(found)] {
			found[i] = Found{PersonID: personID, Reasons: reasons[personID]}
		}
		return found, nil
	}
}

// Named is the walk over people whose ids the cause names.
func Named(_ context.Context, ids []string, after string, limit int) ([]Found, error) {
	var found []Found
	for _, personID := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if personID > after && len(found) < limit {
			found = append(found, Found{PersonID: personID})
		}
	}
	return found, nil
}
