package testkit

import (
	"fmt"
	"strings"

	"faellesskab/internal/mongodb"
)

// Question is a query's shape as a text for people: "events: groupId= startsAt> | startsAt -_id" asks
// the collection events for one group, from a start on, ordered by startsAt and then by falling _id.
type Question struct {
	Collection string // "*" for any
	query      query
}

// ParseQuestion reads a question. Fields compared for equality end in =, fields compared by range end
// in < or >, and the order stands behind the bar.
func ParseQuestion(text string) (Question, error) {
	collection, rest, ok := strings.Cut(text, ":")
	if !ok {
		return Question{}, fmt.Errorf("question %q names no collection", text)
	}
	q := query{equal: map[string]bool{}, oneOf: map[string]bool{}, nulls: map[string]bool{}}
	conditions, order, _ := strings.Cut(rest, "|")
	for _, c := range strings.Fields(conditions) {
		field := c[:len(c)-1]
		switch c[len(c)-1] {
		case '=':
			q.addEqual(field)
		case '<', '>':
			q.addRange(field)
		default:
			return Question{}, fmt.Errorf("question %q: %s compares with nothing", text, c)
		}
	}
	for _, field := range strings.Fields(order) {
		name, isDown := strings.CutPrefix(field, "-")
		q.sort = append(q.sort, sortKey{name, isDown})
	}
	q.settle()
	return Question{collection, q}, nil
}

// ServedBy tells whether an index serves the question.
func (q Question) ServedBy(i mongodb.Index) bool {
	return (q.Collection == i.Collection || q.Collection == "*") && q.query.isWithin(i) && q.query.servedBy(i.Keys)
}

// Has is how many of an index's fields a document has, with values other than null.
func Has(i mongodb.Index, doc map[string]any) int {
	n := 0
	for _, key := range i.Keys {
		if field, _, _ := strings.Cut(key.Key, "."); doc[field] != nil {
			n++
		}
	}
	return n
}
