package mongodb

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Record is a document as plain values that marshal to JSON, without some of its fields. It is for
// people who ask what is kept about them.
func Record(raw bson.Raw, without ...string) (map[string]any, error) {
	var doc bson.M
	if err := byDriverAlone(raw, &doc); err != nil {
		return nil, Translate("read a record", err)
	}
	for _, field := range without {
		delete(doc, field)
	}
	return plain(doc).(map[string]any), nil
}

// Fields are the names of a document's fields, except some.
func Fields(raw bson.Raw, without ...string) ([]string, error) {
	elements, err := raw.Elements()
	if err != nil {
		return nil, Translate("read the fields of a document", err)
	}
	var names []string
	for _, e := range elements {
		if !slices.Contains(without, e.Key()) {
			names = append(names, e.Key())
		}
	}
	return names, nil
}

func plain(v any) any {
	switch v := v.(type) {
	case bson.M:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = plain(value)
		}
		return m
	case bson.D:
		m := make(map[string]any, len(v))
		for _, e := range v {
			m[e.Key] = plain(e.Value)
		}
		return m
	case bson.A:
		list := make([]any, len(v))
		for i, value := range v {
			list[i] = plain(value)
		}
		return list
	case bson.DateTime:
		return v.Time().UTC()
	}
	return v
}
