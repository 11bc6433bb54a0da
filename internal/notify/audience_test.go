package notify_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"faellesskab/internal/notify"
)

// A walk over several ids finds everybody once, in order, with a reason for each id,
// whatever the length of its pages.
func TestAWalkOverSeveralIDsFindsEverybodyOnce(t *testing.T) {
	t.Parallel()
	people := map[string][]string{"a": {"p1", "p4", "p5", "p9"}, "b": {"p2", "p4", "p8"}, "c": {}, "d": {"p0", "p1", "p9"}}
	walk := notify.Each(notify.ReasonBooking, func(_ context.Context, id, after string, limit int) ([]string, error) {
		list := slices.DeleteFunc(slices.Clone(people[id]), func(p string) bool { return p <= after })
		return list[:min(limit, len(list))], nil
	})
	const want = "p0[d] p1[a d] p2[b] p4[a b] p5[a] p8[b] p9[a d] "
	for limit := 1; limit < 9; limit++ {
		got, after := "", ""
		for {
			found, err := walk(t.Context(), []string{"d", "b", "a", "c", "b"}, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				var ids []string
				for _, why := range f.Reasons {
					ids = append(ids, why.Subject)
				}
				got += fmt.Sprint(f.PersonID, ids, " ")
			}
			if len(found) < limit {
				break
			}
			after = found[len(found)-1].PersonID
		}
		if got != want {
			t.Errorf("pages of %d: %s, want %s", limit, got, want)
		}
	}
}

// News concerns a person as long as one of its reasons holds.
func TestNewsConcernsAsLongAsOneReasonHolds(t *testing.T) {
	t.Parallel()
	r := notify.NewRegistry()
	inboxOnly := notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}
	still := func(holds ...string) func(context.Context, []notify.Concern) (map[notify.Concern]bool, error) {
		return func(_ context.Context, list []notify.Concern) (map[notify.Concern]bool, error) {
			found := map[notify.Concern]bool{}
			for _, c := range list {
				found[c] = slices.Contains(holds, c.PersonID+"@"+c.Subject)
			}
			return found, nil
		}
	}
	audience := notify.Audience{Reason: notify.ReasonAsked, Walk: notify.Named}
	seats, helpers, always := audience, audience, audience
	seats.Kind, seats.Still, seats.Otherwise = "SEATS", still("bo@x"), inboxOnly
	helpers.Kind, helpers.Still = "HELPERS", still()
	always.Kind = "ALWAYS"
	r.Add(nil, []notify.Audience{seats, helpers, always}, nil)
	why := func(kind notify.AudienceKind, subject string) notify.Reason {
		return notify.Reason{Audience: kind, Subject: subject}
	}
	for name, row := range map[string]struct {
		reasons []notify.Reason
		want    *notify.Verdict
	}{
		"it holds":                    {[]notify.Reason{why("SEATS", "x")}, nil},
		"of something else":           {[]notify.Reason{why("SEATS", "y")}, &inboxOnly},
		"of nothing particular":       {[]notify.Reason{why("HELPERS", "x")}, &notify.Verdict{Channel: notify.Drop, Rule: notify.RuleLeft}},
		"one of two holds":            {[]notify.Reason{why("HELPERS", "x"), why("SEATS", "x")}, nil},
		"one of two holds, the first": {[]notify.Reason{why("SEATS", "x"), why("HELPERS", "x")}, nil},
		"neither of two holds":        {[]notify.Reason{why("SEATS", "y"), why("HELPERS", "x")}, &inboxOnly},
		"nor in another order":        {[]notify.Reason{why("HELPERS", "x"), why("SEATS", "y")}, &inboxOnly},
		"one that holds for ever":     {[]notify.Reason{why("SEATS", "y"), why("ALWAYS", "")}, nil},
		"of a newer version":          {[]notify.Reason{why("NEIGHBOURS", "x")}, nil},
		"none":                        {nil, nil},
	} {
		ended, err := r.Ended(t.Context(), []notify.Told{{PersonID: "cara", Reasons: row.reasons}, {PersonID: "bo", Reasons: row.reasons}})
		if err != nil {
			t.Fatal(err)
		}
		if got := ended[1]; (got == nil) != (row.want == nil) || got != nil && *got != *row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}
