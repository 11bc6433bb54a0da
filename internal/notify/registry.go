package notify

import (
	"context"
	"fmt"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

// Registry holds what the nouns bring: their kinds of news, audiences and subjects. It
// is filled while the program is put together, before the first cause.
type Registry struct {
	Kinds     *Kinds
	Audiences map[AudienceKind]Audience
	Subjects  map[string]Subject // by prefix
}

// NewRegistry makes a registry that knows the audience of named people and no noun.
func NewRegistry() *Registry {
	r := &Registry{Kinds: &Kinds{specs: map[Kind]KindSpec{}}, Audiences: map[AudienceKind]Audience{}, Subjects: map[string]Subject{}}
	r.Add(nil, []Audience{{Kind: AudiencePeople, Reason: ReasonAsked, Walk: Named}}, nil)
	return r
}

// Add adds what a noun brings. It panics if another noun has brought the same, or if
// something is brought half: both are mistakes in the program.
func (r *Registry) Add(kinds []KindSpec, audiences []Audience, subjects []Subject) {
	r.Kinds.add(kinds)
	for _, a := range audiences {
		if _, twice := r.Audiences[a.Kind]; twice || a.Kind == "" || a.Kind == AudienceSummary || a.Walk == nil || a.Reason == "" {
			panic(fmt.Sprintf("notify: the audience %q comes twice, or without a walk or a reason", a.Kind))
		}
		r.Audiences[a.Kind] = a
	}
	for _, s := range subjects {
		if _, twice := r.Subjects[s.Prefix]; twice || s.Prefix == "" || s.State == nil {
			panic(fmt.Sprintf("notify: the subject %q comes twice, or without a state", s.Prefix))
		}
		r.Subjects[s.Prefix] = s
	}
}

// Walk walks an audience of a cause as the type Walk describes.
func (r *Registry) Walk(ctx context.Context, of AudienceOf, after string, limit int) ([]Found, error) {
	a, ok := r.Audiences[of.Kind]
	if !ok {
		return nil, fmt.Errorf("walk %s: no such audience", of.Kind)
	}
	found, err := a.Walk(ctx, of.IDs, after, limit)
	for i := range found {
		if found[i].Reasons == nil {
			why := Reason{Kind: a.Reason}
			if of.Why != nil {
				why = *of.Why
			}
			found[i].Reasons = []Reason{why}
		}
		for j := range found[i].Reasons {
			found[i].Reasons[j].Audience = of.Kind
		}
	}
	return found, err
}

// Check refuses a cause whose args are not of its kind's own type, and one that names
// people where they could not be found again. A kind that this version does not know is
// a newer version's.
func (r *Registry) Check(c *Cause) error {
	if err := r.Kinds.Of(c.Kind).fit(c.Args); err != nil {
		return err
	}
	return c.checkNames()
}

// Knows reports whether this version can find out the state of a piece of news. All
// other news is a newer version's.
func (r *Registry) Knows(kind Kind, subject string) bool {
	_, ok := r.Subjects[id.Prefix(subject)]
	return r.Kinds.Know(kind) && (ok || r.Kinds.Of(kind).State != nil)
}

// State is the present state of a piece of news.
func (r *Registry) State(ctx context.Context, n News) (SubjectState, error) {
	if own := r.Kinds.Of(n.Kind).State; own != nil {
		return own(ctx, n, r.subjectState)
	}
	return r.subjectState(ctx, n)
}

// States are the present states of several pieces of news that this version knows, in their order. What
// they are about is read together as far as its noun can.
func (r *Registry) States(ctx context.Context, list []News) ([]SubjectState, error) {
	states := make([]SubjectState, len(list))
	together := map[string][]int{} // places in the list, by prefix
	for i, n := range list {
		prefix := id.Prefix(n.Subject)
		if r.Kinds.Of(n.Kind).State == nil && r.Subjects[prefix].States != nil {
			together[prefix] = append(together[prefix], i)
			continue
		}
		state, err := r.State(ctx, n)
		if err != nil {
			return nil, err
		}
		states[i] = state
	}
	for prefix, places := range together {
		news := make([]News, len(places))
		for k, i := range places {
			news[k] = list[i]
		}
		found, err := r.Subjects[prefix].States(ctx, news)
		if err != nil {
			return nil, err
		}
		for k, i := range places {
			states[i] = found[k]
		}
	}
	return states, nil
}

func (r *Registry) subjectState(ctx context.Context, n News) (SubjectState, error) {
	s, ok := r.Subjects[id.Prefix(n.Subject)]
	if !ok {
		return SubjectState{}, fmt.Errorf("news about %s: no such kind of subject", n.Subject)
	}
	return s.State(ctx, n)
}

// CheckSubject refuses an id of what news is never about. Returns BAD_ID.
func (r *Registry) CheckSubject(field, subjectID string) *fault.Error {
	if _, ok := r.Subjects[id.Prefix(subjectID)]; !ok {
		return fault.BadID(field)
	}
	return nil
}

// CheckThread refuses an id of what cannot be muted by itself. Returns BAD_ID.
func (r *Registry) CheckThread(field, subjectID string) *fault.Error {
	if r.Subjects[id.Prefix(subjectID)].Visible == nil {
		return fault.BadID(field)
	}
	return nil
}

// Visible checks that an id is that of a subject which the viewer may see and whose
// news can be muted. Returns NotFound if they may not see it, and BAD_ID if it is no
// such subject.
func (r *Registry) Visible(ctx context.Context, field, subjectID string) error {
	if wrong := r.CheckThread(field, subjectID); wrong != nil {
		return wrong
	}
	return r.Subjects[id.Prefix(subjectID)].Visible(ctx, subjectID)
}

// Thread is the subject that is muted in place of one.
func (r *Registry) Thread(ctx context.Context, subjectID string) (string, error) {
	if thread := r.Subjects[id.Prefix(subjectID)].Thread; thread != nil {
		return thread(ctx, subjectID)
	}
	return subjectID, nil
}

// Told is a person and why they are told.
type Told struct {
	PersonID string
	Reasons  []Reason
}

// Ended finds the people whom the news no longer concerns, because every reason for it
// has ended. The result has a verdict for each of them, at their place in the list,
// and nil for the others.
func (r *Registry) Ended(ctx context.Context, list []Told) ([]*Verdict, error) {
	asked := map[AudienceKind][]Concern{}
	for _, t := range list {
		for _, why := range t.Reasons {
			if r.Audiences[why.Audience].Still != nil {
				asked[why.Audience] = append(asked[why.Audience], why.concern(t.PersonID))
			}
		}
	}
	still := map[AudienceKind]map[Concern]bool{}
	for kind, concerns := range asked {
		found, err := r.Audiences[kind].Still(ctx, concerns)
		if err != nil {
			return nil, err
		}
		still[kind] = found
	}
	ended := make([]*Verdict, len(list))
	for i, t := range list {
		for _, why := range t.Reasons {
			a := r.Audiences[why.Audience]
			if a.Still == nil || still[why.Audience][why.concern(t.PersonID)] {
				ended[i] = nil
				break
			}
			// Of several ends the milder one counts, in whatever order they were found.
			if v := a.otherwise(); ended[i] == nil || ended[i].Channel == Drop && v.Channel != Drop {
				ended[i] = v
			}
		}
	}
	return ended, nil
}

// Reword gives the reasons of these people, at their places in the list, their present words.
func (r *Registry) Reword(ctx context.Context, list []Told) ([][]Reason, error) {
	asked := map[AudienceKind][]Concern{}
	for _, t := range list {
		for _, why := range t.Reasons {
			if r.Audiences[why.Audience].Words != nil {
				asked[why.Audience] = append(asked[why.Audience], why.concern(t.PersonID))
			}
		}
	}
	words := map[AudienceKind]map[Concern]map[string]string{}
	for kind, concerns := range asked {
		found, err := r.Audiences[kind].Words(ctx, concerns)
		if err != nil {
			return nil, err
		}
		words[kind] = found
	}
	reworded := make([][]Reason, len(list))
	for i, t := range list {
		reworded[i] = slices.Clone(t.Reasons)
		for k, why := range t.Reasons {
			if of, ok := words[why.Audience][why.concern(t.PersonID)]; ok {
				reworded[i][k].Words = of
			}
		}
	}
	return reworded, nil
}

// NowOf is the text that says how it stands for a person whom the news no longer concerns; see
// SubjectState.Now.
func (r *Registry) NowOf(t Told) string {
	for _, why := range t.Reasons {
		if now := r.Audiences[why.Audience].Now; now != "" {
			return now
		}
	}
	return ""
}

func (a Audience) otherwise() *Verdict {
	if a.Otherwise.Channel == "" {
		return &Verdict{Channel: Drop, Rule: RuleLeft}
	}
	v := a.Otherwise
	return &v
}
