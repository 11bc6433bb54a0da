package notify

import (
	"context"
	"maps"
	"slices"
)

// AudienceKind names an audience; the noun that owns it registers it.
type AudienceKind string

const (
	// AudiencePeople are named people; the ids of the audience are theirs.
	AudiencePeople AudienceKind = "PEOPLE"
	// AudienceSummary are the people for whose summary notices are due; the id is the
	// instant of the summary. Package delivery walks it.
	AudienceSummary AudienceKind = "SUMMARY"
)

// Audience is a group of people for whom there can be news, such as the members of a
// group, as its noun registers it.
type Audience struct {
	Kind AudienceKind
	// Reason is why these people are told, if Walk gives no reasons.
	Reason ReasonKind
	Walk   Walk
	// Still tells for which of these people, and by which reason, the news still concerns them.
	// Nil: it concerns them for good.
	Still func(ctx context.Context, list []Concern) (map[Concern]bool, error)
	// Otherwise is what becomes of the news for people whom it no longer concerns.
	// The zero value: they get nothing, because they have left.
	Otherwise Verdict
	// Now says how it stands for them then, as SubjectState.Now does.
	Now string
	// Words are the present words of the reason for each of these people, where they are not those
	// with which they were told. Nil: they are.
	Words func(ctx context.Context, list []Concern) (map[Concern]map[string]string, error)
}

// Concern is a person with the subject of a reason for which they were told, and what else the reason depends on.
type Concern struct{ Subject, PersonID, Of string }

// Plainly lets those be asked who know reasons by their subjects alone.
func Plainly[V any](ask func(ctx context.Context, list []Concern) (map[Concern]V, error)) func(ctx context.Context, list []Concern) (map[Concern]V, error) {
	return func(ctx context.Context, list []Concern) (map[Concern]V, error) {
		plain := make([]Concern, len(list))
		for i, c := range list {
			plain[i] = Concern{Subject: c.Subject, PersonID: c.PersonID}
		}
		found, err := ask(ctx, plain)
		answers := make(map[Concern]V, len(list))
		for i, c := range list {
			if v, ok := found[plain[i]]; ok {
				answers[c] = v
			}
		}
		return answers, err
	}
}

// Walk finds people of an audience, by all ids of it, in the order of the people's own
// ids: up to limit that come after the given person.
type Walk func(ctx context.Context, ids []string, after string, limit int) ([]Found, error)

// Found is a person of an audience, with the reasons for which they are told.
type Found struct {
	PersonID string
	Reasons  []Reason          // nil: the audience's
	Words    map[string]string // these replace the cause's words
	Items    []string          // for a summary: the notices it sums up
}

// Each makes a walk over all ids of an audience from a walk over the people of one id.
// That id is the subject of the reason. A person who is found by several ids is found
// once, with a reason for each.
func Each(why ReasonKind, walk func(ctx context.Context, id, after string, limit int) ([]string, error)) Walk {
	return EachFor(func(ctx context.Context, id, after string, limit int) ([]Found, error) {
		people, err := walk(ctx, id, after, limit)
		found := make([]Found, len(people))
		for i, personID := range people {
			found[i] = Found{PersonID: personID, Reasons: []Reason{{Kind: why, Subject: id}}}
		}
		return found, err
	})
}

// EachFor is Each for people who are told for different reasons, which the walk over the people of
// one id knows.
func EachFor(walk func(ctx context.Context, id, after string, limit int) ([]Found, error)) Walk {
	return func(ctx context.Context, ids []string, after string, limit int) ([]Found, error) {
		reasons := map[string][]Reason{}
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			of, err := walk(ctx, id, after, limit)
			if err != nil {
				return nil, err
			}
			for _, f := range of {
				reasons[f.PersonID] = append(reasons[f.PersonID], f.Reasons...)
			}
		}
		// The first people of all ids together are among the first of each id.
		people := slices.Sorted(maps.Keys(reasons))
		found := make([]Found, min(len(people), limit))
		for i, personID := range people[:len(found)] {
			found[i] = Found{PersonID: personID, Reasons: reasons[personID]}
		}
		return found, nil
	}
}

// Named is a walk over the people whose ids the cause names.
func Named(_ context.Context, ids []string, after string, limit int) ([]Found, error) {
	var found []Found
	for _, personID := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if personID > after && len(found) < limit {
			found = append(found, Found{PersonID: personID})
		}
	}
	return found, nil
}
