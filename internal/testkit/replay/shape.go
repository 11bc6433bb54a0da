package replay

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// question is what a command asks, without what differs from run to run.
type question struct {
	shape  string   // names and operators
	values string   // the values that they have, without times
	ids    []string // of a find by ids only
}

// isByID reports whether nothing but ids decides which documents are meant.
func (q question) isByID() bool { return q.ids != nil }

// passing are the fields of a command that belong to the connection, and not to the question.
var passing = []string{"$clusterTime", "$readPreference", "lsid", "maxTimeMS", "txnNumber"}

// written are the fields that say what a write writes, with fresh ids and times.
var written = []string{"documents", "update", "u"}

// exact are the fields whose values are part of the shape.
var exact = []string{"sort", "limit", "projection", "skip", "singleBatch", "multi", "upsert", "new", "fields", "$db"}

// effect is the id of an effect, which is new each time, also where it is part of a field's name.
var effect = regexp.MustCompile(`eff_[0-9a-z]{26}`)

// questionOf reads a command.
func questionOf(command bson.Raw) question {
	var q question
	elements, err := command.Elements()
	if err != nil || len(elements) == 0 {
		return q
	}
	var shape, values strings.Builder
	for i, e := range elements {
		key := e.Key()
		switch {
		case slices.Contains(passing, key):
			continue
		case i == 0 || slices.Contains(exact, key):
			shape.WriteString(key + "=" + e.Value().String() + " ")
		default:
			shape.WriteString(key + ":")
			describe(&shape, &values, key, e.Value())
			shape.WriteByte(' ')
		}
	}
	q.shape, q.values = shape.String(), values.String()
	beside := ""
	if elements[0].Key() == "find" {
		q.ids, beside = idsOf(command.Lookup("filter"))
	}
	if q.isByID() {
		// How many are asked for together is no part of the shape.
		q.shape = "find by _id" + beside + " in " + elements[0].Value().String() + " of " + command.Lookup("$db").String() + ": " + command.Lookup("projection").String()
	}
	return q
}

// describe writes the names and operators of a value on one side, and its plain values on the other.
func describe(shape, values *strings.Builder, key string, v bson.RawValue) {
	if slices.Contains(written, key) {
		return
	}
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		elements, _ := v.Document().Elements()
		shape.WriteByte('{')
		for _, e := range elements {
			shape.WriteString(effect.ReplaceAllString(e.Key(), "eff") + ":")
			describe(shape, values, e.Key(), e.Value())
			shape.WriteByte(',')
		}
		shape.WriteByte('}')
	case bson.TypeArray:
		describeList(shape, values, key, v)
	case bson.TypeDateTime, bson.TypeTimestamp:
		shape.WriteByte('t')
	default:
		shape.WriteByte('?')
		values.WriteString(v.String() + " ")
	}
}

// describeList describes an array. The order and the number of what an operator compares with do not
// belong to the shape.
func describeList(shape, values *strings.Builder, key string, v bson.RawValue) {
	list, _ := v.Array().Values()
	if !slices.Contains([]string{"$in", "$nin", "$all"}, key) {
		shape.WriteString("[")
		for i, each := range list {
			describe(shape, values, strconv.Itoa(i), each)
			shape.WriteByte(',')
		}
		shape.WriteByte(']')
		return
	}
	shape.WriteString("[?]")
	said := make([]string, len(list))
	for i, each := range list {
		said[i] = each.String()
	}
	slices.Sort(said)
	values.WriteString(strings.Join(said, "|") + " ")
}

// idsOf are the ids of a filter by ids, which may have other lists beside them that say the same of the
// documents, such as the groups of memberships. For any other filter they are nil.
func idsOf(filter bson.RawValue) (ids []string, beside string) {
	doc, ok := filter.DocumentOK()
	if !ok {
		return nil, ""
	}
	elements, _ := doc.Elements()
	for _, e := range elements {
		list, isList := listOf(e.Value())
		switch {
		case e.Key() != "_id" && isList && e.Value().Type == bson.TypeEmbeddedDocument:
			beside += " " + e.Key()
		case e.Key() != "_id", !isList:
			return nil, ""
		default:
			ids = list
		}
	}
	return ids, beside
}

// listOf are the texts that a field may have by a filter, which names one or a list and nothing else.
func listOf(v bson.RawValue) (list []string, ok bool) {
	if one, ok := v.StringValueOK(); ok {
		return []string{one}, true
	}
	in, ok := v.DocumentOK()
	if !ok {
		return nil, false
	}
	operators, _ := in.Elements()
	array, ok := in.Lookup("$in").ArrayOK()
	if !ok || len(operators) != 1 {
		return nil, false
	}
	values, _ := array.Values()
	list = make([]string, 0, len(values))
	for _, v := range values {
		one, ok := v.StringValueOK()
		if !ok {
			return nil, false
		}
		list = append(list, one)
	}
	return list, true
}
