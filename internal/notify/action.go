package notify

import (
	"fmt"
	"strings"

	"faellesskab/internal/id"
)

// Action is something that the reader of a push can answer with one tap: a mutation of the API, with its
// input. The key of its label is "action.<name>" in the catalogs.
type Action struct {
	Name     string // the app's and the catalog's name of it, such as "ACCEPT_OFFER"
	Mutation string // the field of Mutation that carries it out
	// Input are the fields of the mutation's input for a piece of news, without clientMutationId; nil
	// if there is nothing to answer.
	Input func(n News) map[string]string
}

// TextKey is the key of the label in the catalogs.
func (a Action) TextKey() string { return "action." + strings.ToLower(a.Name) }

// maxOwn is how many actions a kind can have: Android shows three buttons, and the third mutes.
const maxOwn = 2

// checkActions panics if an action is brought half, or a kind has more than fit.
func (s KindSpec) checkActions() {
	if len(s.Actions) > maxOwn {
		panic(fmt.Sprintf("notify: the kind %q has more than %d actions", s.Kind, maxOwn))
	}
	for _, a := range s.Actions {
		if a.Name == "" || a.Mutation == "" || a.Input == nil {
			panic(fmt.Sprintf("notify: the kind %q has an action %q without a mutation or an input", s.Kind, a.Name))
		}
	}
}

// ActionsOn are what the reader of a piece of news can do at once: the answers that its kind has, and then to mute
// what it is about, if that can be muted by itself.
func (r *Registry) ActionsOn(n News) []Action {
	own := r.Kinds.Of(n.Kind).Actions
	if r.Subjects[id.Prefix(n.Subject)].Visible == nil {
		return own
	}
	mute := Action{Name: "MUTE_THREAD", Mutation: "muteThread",
		Input: func(n News) map[string]string { return map[string]string{"subjectId": n.Subject} }}
	return append(own[:len(own):len(own)], mute)
}
