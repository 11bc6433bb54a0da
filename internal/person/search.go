package person

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/search"
	"faellesskab/internal/text"
)

// SearchInput says whom staff look for, and why.
type SearchInput struct {
	ClientMutationID *string
	Query            string
	Reason           string
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *SearchInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.Query = text.Clean(&p, "input.query", in.Query, text.Limits{Min: 2, Max: 100})
	in.Reason = cleanReason(&p, in.Reason)
	return p.Err()
}

// cleanReason tidies the reason for what staff do with other people's things, which the audit trail keeps.
func cleanReason(p *fault.Problems, reason string) string {
	return text.Clean(p, "input.reason", reason, text.Limits{Min: 10, Max: 500})
}

// Result is what a search has found.
type Result struct {
	PersonIDs []string // by name
	HasMore   bool     // there are more people whose names fit
}

// maxFound is how many people a search shows. Whoever wants others writes more of the name.
const maxFound = 20

const operationSearch = "searchPersons"

// Search finds people by their names, or one by the id. Only people with SUPPORT or ADMIN may look, and the audit
// trail records first that they did, why, and whom they saw. It does not keep the words of the query, since they
// are somebody's name, which an erasure could not take out. Returns Forbidden and Problems, and
// IDEMPOTENCY_KEY_REUSED for another search under the same key.
func (s *Service) Search(ctx context.Context, in SearchInput) (Result, error) {
	if _, err := auth.RequireCapability(ctx, s.DB.Now(), auth.CapabilitySupport, auth.CapabilityAdmin); err != nil {
		return Result{}, err
	}
	if err := in.Clean(); err != nil {
		return Result{}, err
	}
	call := idempotency.Call{Operation: operationSearch, Key: in.ClientMutationID, Input: in}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) (Result, error) {
		r, err := s.look(ctx, in.Query)
		if err != nil {
			return Result{}, err
		}
		details := map[string]string{"reason": in.Reason, "found": strings.Join(r.PersonIDs, " ")}
		return r, s.Audit.Record(ctx, s.searchID(ctx, in, r), operationSearch, searchSubject, details)
	})
}

// searchSubject stands in the audit trail for all people.
const searchSubject = "persons"

// searchID is the id of the audit entry of a search. A search that is tried again after a crash gets the same
// entry if it shows the same people.
func (s *Service) searchID(ctx context.Context, in SearchInput, r Result) string {
	if in.ClientMutationID == nil || *in.ClientMutationID == "" {
		return s.Keys.NewID(ctx, nil, id.Audit)
	}
	return id.Derive(id.Audit, append([]string{auth.FromContext(ctx).PersonID, *in.ClientMutationID, in.Query, in.Reason,
		clock.Day(s.DB.Now(), clock.Copenhagen)}, r.PersonIDs...)...)
}

func (s *Service) look(ctx context.Context, query string) (Result, error) {
	people, err := s.matching(ctx, query)
	if err != nil {
		return Result{}, err
	}
	people = slices.DeleteFunc(people, func(p *Person) bool { return p.ErasedAt != nil })
	r := Result{PersonIDs: []string{}, HasMore: len(people) > maxFound}
	people = people[:min(len(people), maxFound)]
	slices.SortFunc(people, func(a, b *Person) int {
		return cmp.Or(strings.Compare(i18n.SortKey(a.DisplayName), i18n.SortKey(b.DisplayName)), strings.Compare(a.ID, b.ID))
	})
	for _, p := range people {
		r.PersonIDs = append(r.PersonIDs, p.ID)
	}
	return r, nil
}

// matching are one person more than are shown, if there are as many.
func (s *Service) matching(ctx context.Context, query string) ([]*Person, error) {
	if id.Prefix(query) == id.Person {
		p, err := s.store.get(ctx, query)
		if err != nil {
			return nil, fault.UnlessNotFound(err)
		}
		return []*Person{p}, nil
	}
	terms := search.Query(query)
	if len(terms) == 0 {
		return nil, nil
	}
	return s.store.withTerms(ctx, terms, maxFound+1)
}
