package notify

import (
	"context"
	"fmt"
)

// Kind is what sort of news it is. Each noun has its own.
type Kind string

// KindSummary is the one kind that is no noun's: what was not pushed, in one.
const KindSummary Kind = "SUMMARY"

// KindSpec is what a noun says of one kind of its news. The texts follow from the
// kind: "notice.<kind>.title" and "notice.<kind>.body" in the catalogs.
type KindSpec struct {
	Kind Kind
	// Default is what becomes of it for people who have not chosen.
	Default Channel
	Policy  Policy
	// Args is a value of the type of its args; nil: it has none.
	Args any
	// State tells how such news stands now where its subject alone cannot tell; of is
	// how the subject stands. Nil: as the subject does.
	State func(ctx context.Context, n News, of StateFunc) (SubjectState, error)
}

// Kinds are the kinds of news that this version knows, in the order in which people
// see them.
type Kinds struct {
	list  []KindSpec
	specs map[Kind]KindSpec
}

// add panics if two nouns bring the same kind, or one does not say what becomes of it.
func (k *Kinds) add(list []KindSpec) {
	for _, spec := range list {
		if k.Know(spec.Kind) || spec.Default == "" {
			panic(fmt.Sprintf("notify: the kind %s comes twice, or without a default", spec.Kind))
		}
		k.list, k.specs[spec.Kind] = append(k.list, spec), spec
	}
}

// All are the kinds as their nouns have described them.
func (k *Kinds) All() []KindSpec { return k.list }

// Names are the kinds.
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

// Of is what its noun says of a kind; the zero value for one that is not known.
func (k *Kinds) Of(kind Kind) KindSpec { return k.specs[kind] }
