package testkit

import (
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// keyset recognises the tuple range that mongodb.After makes, {k: {$gt: v}} or {k: v, _id: {$gt:
// id}}, and returns its fields.
func keyset(branches []bson.Raw) (fields []string, ok bool) {
	if len(branches) != 2 {
		return nil, false
	}
	beyond, tie := elements(branches[0]), elements(branches[1])
	if len(beyond) != 1 || len(tie) != 2 {
		return nil, false
	}
	field := beyond[0].Key()
	first, isRange := direction(beyond[0].Value())
	second, isTieRange := direction(tie[1].Value())
	if !isRange || !isTieRange || first != second || tie[0].Key() != field || tie[1].Key() != "_id" {
		return nil, false
	}
	if _, isCondition := operators(tie[0].Value()); isCondition {
		return nil, false
	}
	return []string{field, "_id"}, true
}

// direction is "$gt" or "$lt" if the condition has nothing else.
func direction(v bson.RawValue) (string, bool) {
	condition, ok := operators(v)
	if !ok || len(condition) != 1 {
		return "", false
	}
	name := condition[0].Key()
	return name, name == "$gt" || name == "$lt"
}

// operators are the parts of a condition such as {$gt: 1, $lt: 5}; ok is false
// if the value is one to compare with.
func operators(v bson.RawValue) (condition []bson.RawElement, ok bool) {
	doc, isDocument := v.DocumentOK()
	if !isDocument {
		return nil, false
	}
	all := elements(doc)
	if len(all) == 0 || !strings.HasPrefix(all[0].Key(), "$") {
		return nil, false
	}
	switch all[0].Key() {
	case "$and", "$or", "$nor", "$ref", "$id": // inside $elemMatch, or a reference
		return nil, false
	}
	return all, true
}

// one makes a condition of one of its parts.
func one(e bson.RawElement) bson.RawValue {
	raw, err := bson.Marshal(bson.D{{Key: e.Key(), Value: e.Value()}})
	if err != nil {
		panic(err) // cannot happen, since it was just read from a document
	}
	return bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: raw}
}

func elements(doc bson.Raw) []bson.RawElement {
	if len(doc) == 0 {
		return nil
	}
	all, err := doc.Elements()
	if err != nil {
		return nil
	}
	return all
}

func documents(array bson.RawValue) []bson.Raw {
	values, ok := array.ArrayOK()
	if !ok {
		return nil
	}
	all, err := values.Values()
	if err != nil {
		return nil
	}
	var docs []bson.Raw
	for _, v := range all {
		if doc, ok := v.DocumentOK(); ok {
			docs = append(docs, doc)
		}
	}
	return docs
}
