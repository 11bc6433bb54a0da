package testkit

import (
	"slices"
	"strings"
)

// oneOfAKind are fields that no two documents share among those that a query finds, besides _id. The
// ids of memberships and bookings are made of what they belong to and the person, and the walk over the
// people with something in a summary takes each person once.
var oneOfAKind = map[string][]string{
	"group_memberships": {"groupId= personId"},
	"bookings":          {"bookableId= personId"},
	"notices":           {"summaryIn= summaryFor"},
}

// arbitrary complains about an order in which several documents may be equal, since they then come in any
// order: pages repeat and lose some, and what people see changes from one look to the next. An order ends
// with a field that tells all documents apart.
func (q query) arbitrary(as asked) string {
	if len(q.sort) == 0 || q.equal["_id"] || !as.command.Lookup("distinct").IsZero() {
		return ""
	}
	last := q.sort[len(q.sort)-1].field
	if last == "_id" || slices.ContainsFunc(oneOfAKind[as.collection], func(pair string) bool {
		within, field, _ := strings.Cut(pair, "= ")
		return field == last && q.equal[within]
	}) {
		return ""
	}
	return "the order is arbitrary: it ends with " + last + ", which several documents may share; add _id"
}
