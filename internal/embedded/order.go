package embedded

import (
	"cmp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// inOrder sorts documents as a command asks. ok is false if only the database can decide: for a
// nested key, a list, or values of several types.
func inOrder(docs []bson.RawValue, by bson.Raw) (ok bool) {
	keys, err := by.Elements()
	if err != nil {
		return false
	}
	if len(docs) < 2 {
		return true
	}
	ok = true
	slices.SortStableFunc(docs, func(a, b bson.RawValue) int {
		for _, key := range keys {
			order, comparable := compare(a.Document().Lookup(key.Key()), b.Document().Lookup(key.Key()))
			direction, isNumber := key.Value().AsInt64OK()
			ok = ok && comparable && isNumber && !strings.Contains(key.Key(), ".")
			if order != 0 {
				return order * int(direction)
			}
		}
		return 0
	})
	return ok
}

// compare tells which of two values comes first. A missing value comes before all others.
func compare(a, b bson.RawValue) (order int, ok bool) {
	absent := func(v bson.RawValue) bool { return v.IsZero() || v.Type == bson.TypeNull }
	switch {
	case absent(a) || absent(b):
		return cmp.Compare(present(!absent(a)), present(!absent(b))), isSimple(a) && isSimple(b)
	case a.IsNumber() && b.IsNumber():
		return cmp.Compare(number(a), number(b)), true
	case a.Type != b.Type:
		return 0, false
	case a.Type == bson.TypeString:
		return strings.Compare(a.StringValue(), b.StringValue()), true
	case a.Type == bson.TypeDateTime:
		return cmp.Compare(a.DateTime(), b.DateTime()), true
	case a.Type == bson.TypeBoolean:
		return cmp.Compare(present(a.Boolean()), present(b.Boolean())), true
	}
	return 0, false
}

// isSimple reports whether a value has no parts.
func isSimple(v bson.RawValue) bool {
	return v.Type != bson.TypeArray && v.Type != bson.TypeEmbeddedDocument
}

func present(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func number(v bson.RawValue) float64 {
	if v.Type == bson.TypeDouble {
		return v.Double()
	}
	return float64(v.AsInt64())
}
