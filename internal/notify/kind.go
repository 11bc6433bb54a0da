package notify

import (
	"context"
	"fmt"
)

// Kind is what sort of news it is. Each noun has its own.
type Kind string

// KindSummary is the only kind that belongs to no noun: the evening's summary of news
// that was not pushed.
const KindSummary Kind = "SUMMARY"

// KindSpec describes one kind of a noun's news. The keys of its texts follow from the
// kind: "notice.<kind>.title" and "notice.<kind>.body" in the catalogs.
type KindSpec struct {
	Kind Kind
	// Default is its channel for people who have not chosen one.
	Default Channel
	Policy  Policy
	// Family is what people turn off together with it on their phone.
	Family Family
	// Attention is how much a push of it asks of its reader; see AttentionAt.
	Attention Attention
	// Actions are what its reader can answer at once, by a tap on the push, the first of them first.
	Actions []Action
	// Args is a value of the type of its args; nil if it has none.
	Args any
	// State tells the present state of such news, if it depends on more than the
	// state of the subject, which of returns. Nil: it is the subject's state.
	State func(ctx context.Context, n News, of StateFunc) (SubjectState, error)
}

// Kinds are the kinds of news that this version knows, in the order in which people
// see them.
type Kinds struct {
	list  []KindSpec
	specs map[Kind]KindSpec
}

// add panics if two nouns bring the same kind, or a kind is not described as it must be.
func (k *Kinds) add(list []KindSpec) {
	for _, spec := range list {
		_, hasReminderArgs := spec.Args.(ReminderArgs)
		switch {
		case k.Know(spec.Kind) || spec.Kind == "" || spec.Default == "" || !spec.Default.IsValid():
			panic(fmt.Sprintf("notify: the kind %q comes twice, or without a default that is a channel", spec.Kind))
		case !spec.Family.IsValid():
			panic(fmt.Sprintf("notify: the kind %q belongs to no family", spec.Kind))
		case spec.Policy.Reminds && !hasReminderArgs:
			panic(fmt.Sprintf("notify: the kind %q reminds, but its args are no ReminderArgs", spec.Kind))
		}
		spec.checkActions()
		k.list, k.specs[spec.Kind] = append(k.list, spec), spec
	}
}

// All are the descriptions of all kinds.
func (k *Kinds) All() []KindSpec { return k.list }

// Names are the names of all kinds.
func (k *Kinds) Names() []Kind {
	names := make([]Kind, len(k.list))
	for i, spec := range k.list {
		names[i] = spec.Kind
	}
	return names
}

// Know reports whether this version knows a kind.
func (k *Kinds) Know(kind Kind) bool {
	_, ok := k.specs[kind]
	return ok
}

// Of is the description of a kind; the zero value if the kind is not known.
func (k *Kinds) Of(kind Kind) KindSpec { return k.specs[kind] }
