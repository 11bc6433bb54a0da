// Package part says what a noun brings to the community, as plain values: its
// indexes, its jobs, what it tells people, how its things are read by their ids, and
// what the register of privacy says of its collections. The community loops over the
// parts, so that no file has to list all nouns.
package part

import (
	"context"
	"reflect"

	"faellesskab/internal/dead"
	"faellesskab/internal/id"
	"faellesskab/internal/job"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
)

// Part is what a noun brings. A noun leaves empty what it has no use for.
type Part struct {
	// Indexes are the indexes that its queries need.
	Indexes []mongodb.Index
	// Jobs are the tasks that it needs done again and again.
	Jobs []job.Job
	// Nodes are its types of things that have an id of their own.
	Nodes []Node
	// Lookups find its things by the ids of other things.
	Lookups []Lookup
	// Kinds are the kinds of its news, Audiences the people it tells, and Subjects the
	// things that the news is about.
	Kinds     []notify.KindSpec
	Audiences []notify.Audience
	Subjects  []notify.Subject
	// Letters is where it puts work aside that has failed too often.
	Letters []dead.Source
	// Collections are its entries in the register of what is kept about people.
	Collections []privacy.Collection
}

// Node is one type of things with an id of their own. Load leaves out things that
// are missing and things that the viewer may not see.
type Node struct {
	Prefix string       // of their ids; see id.Kind
	Type   reflect.Type // of what Load finds: *event.Event
	Load   func(ctx context.Context, ids []string) (map[string]id.Node, error)
}

// NodeOf describes a type of things by the function that loads them.
func NodeOf[V any](prefix string, load func(ctx context.Context, ids []string) (map[string]*V, error)) Node {
	return Node{prefix, reflect.TypeFor[*V](), func(ctx context.Context, ids []string) (map[string]id.Node, error) {
		found, err := load(ctx, ids)
		nodes := make(map[string]id.Node, len(found))
		for nodeID, v := range found {
			if v != nil {
				nodes[nodeID] = v
			}
		}
		return nodes, err
	}}
}

// Lookup finds things of one type by the ids of other things: the viewer's
// membership by the group, the first dates by the event. No two lookups find the
// same type.
type Lookup struct {
	Type reflect.Type // of what is found: *group.Membership
	Load func(ctx context.Context, keys []string) (map[string]any, error)
}

// LookupOf describes a lookup by the function that does it.
func LookupOf[V any](load func(ctx context.Context, keys []string) (map[string]V, error)) Lookup {
	return Lookup{reflect.TypeFor[V](), func(ctx context.Context, keys []string) (map[string]any, error) {
		found, err := load(ctx, keys)
		values := make(map[string]any, len(found))
		for key, v := range found {
			values[key] = v
		}
		return values, err
	}}
}
