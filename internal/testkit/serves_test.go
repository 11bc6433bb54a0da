package testkit

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

func keys(fields ...any) bson.D {
	var d bson.D
	for i := 0; i < len(fields); i += 2 {
		d = append(d, bson.E{Key: fields[i].(string), Value: fields[i+1]})
	}
	return d
}

func parse(t *testing.T, text string) bson.Raw {
	t.Helper()
	var d bson.D
	if err := bson.UnmarshalExtJSON([]byte(text), false, &d); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return marshal(t, d)
}

func marshal(t *testing.T, d bson.D) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestServes(t *testing.T) {
	t.Parallel()
	abc := keys("a", 1, "b", 1, "c", 1)
	for _, c := range []struct {
		index        bson.D
		filter, sort string
		want         bool
	}{
		{abc, `{"a": 1}`, `{}`, true},
		{abc, `{"b": 1}`, `{}`, false},
		{abc, `{"b": 1, "a": {"$eq": 1}}`, `{}`, true},
		{abc, `{"a": 1, "c": 1}`, `{}`, false},
		{abc, `{"a": 1, "d": 1}`, `{}`, false},
		{abc, `{"a": 1, "b": 1, "c": 1, "d": 1}`, `{}`, false},
		{abc, `{"a": {"$in": [1, 2]}}`, `{"b": 1}`, true},
		{abc, `{"a": {"$in": [1, 2]}}`, `{"a": 1}`, true},
		{abc, `{"a": {"$all": [1, 2]}, "b": 1}`, `{"c": 1}`, true},
		{abc, `{"a": {"x": 1}}`, `{}`, true}, // a document is a value

		{abc, `{}`, `{}`, false},
		{abc, `{}`, `{"a": 1, "b": 1}`, true},
		{abc, `{}`, `{"b": 1}`, false},
		{abc, `{"a": 1}`, `{"b": 1, "c": 1}`, true},
		{abc, `{"a": 1}`, `{"b": -1, "c": -1}`, true},
		{abc, `{"a": 1}`, `{"b": -1, "c": 1}`, false},
		{abc, `{"a": 1}`, `{"c": 1}`, false},
		{abc, `{"a": 1}`, `{"a": 1, "b": 1}`, true}, // one value: no order
		{abc, `{"a": 1}`, `{"b": 1, "c": 1, "d": 1}`, false},
		{keys("a", 1, "b", -1, "c", 1), `{"a": 1}`, `{"b": 1, "c": -1}`, true},

		{abc, `{"a": {"$gt": 1}}`, `{}`, true},
		{abc, `{"b": {"$gt": 1}}`, `{}`, false},
		{abc, `{"a": 1, "b": {"$gt": 1, "$lt": 5}}`, `{"b": 1}`, true},
		{abc, `{"a": 1, "c": {"$gt": 1}}`, `{"b": 1}`, true},
		{abc, `{"a": 1, "b": {"$gt": 1}}`, `{"c": 1}`, false}, // sort before range
		{abc, `{"a": 1, "c": {"$gt": 1}}`, `{}`, false},
		{abc, `{"a": {"$gt": 1}}`, `{"b": 1}`, false},
		{abc, `{"a": 1, "d": {"$gt": 1}}`, `{}`, false},

		{abc, `{"a": 1, "d": {"$ne": 1}, "e": {"$exists": true}}`, `{}`, true},
		{abc, `{"a": {"$ne": 1}}`, `{}`, false},
		{abc, `{"a": {"$regex": "x"}}`, `{}`, false},
		{abc, `{"$and": [{"a": 1}, {"b": 1}]}`, `{"c": 1}`, true},
		{keys("m.who", 1, "m.at", 1), `{"m": {"$elemMatch": {"who": 1, "at": {"$gt": 1}}}}`, `{}`, true},
		{keys("m.who", 1), `{"m": {"$elemMatch": {"at": 1}}}`, `{}`, false},
		{keys("m", 1), `{"m": {"$elemMatch": {"$gt": 1, "$lt": 5}}}`, `{}`, true},

		{nil, `{"_id": 1, "version": 3, "left": {"$gt": 0}}`, `{}`, true},
		{nil, `{"_id": {"$in": [1, 2]}}`, `{"name": 1}`, true},
		{nil, `{"_id": {"$gt": 1}, "x": 1}`, `{"_id": 1}`, true},
		{nil, `{"_id": {"$gt": 1}}`, `{"x": 1}`, false},
		{nil, `{}`, `{"_id": 1}`, true},
		{nil, `{"x": 1}`, `{"_id": 1}`, false},
	} {
		if got := Serves(c.index, parse(t, c.filter), parse(t, c.sort)); got != c.want {
			t.Errorf("index %v, filter %s, sort %s: %t", c.index, c.filter, c.sort, got)
		}
	}
	if !Serves(abc, marshal(t, bson.D{{Key: "a", Value: 1}}), nil) {
		t.Error("no sort at all is not no sort")
	}
}

func TestServesKeysetPages(t *testing.T) {
	t.Parallel()
	for _, descending := range []bool{false, true} {
		filter := append(keys("a", 1), mongodb.After("b", descending, 7, "x")...)
		sort := marshal(t, mongodb.KeysetSort("b", descending))
		for _, c := range []struct {
			index bson.D
			want  bool
		}{
			{keys("a", 1, "b", 1, "_id", 1), true},
			{keys("a", 1, "b", -1, "_id", -1), true},
			{keys("a", 1, "b", 1, "_id", -1), false},
			{keys("a", 1, "b", 1), false},
			{keys("b", 1, "_id", 1), false},
		} {
			if got := Serves(c.index, marshal(t, filter), sort); got != c.want {
				t.Errorf("index %v, descending %t: %t", c.index, descending, got)
			}
		}
	}
}

// An index that leaves documents out serves only questions that none of these answers.
func TestAnIndexThatLeavesDocumentsOut(t *testing.T) {
	t.Parallel()
	sparse := mongodb.Index{Keys: keys("a", 1, "b", 1), Sparse: true}
	having := mongodb.Index{Keys: keys("a", 1, "b", 1), Having: "b"}
	for _, c := range []struct {
		index        mongodb.Index
		filter, sort string
		want         bool
	}{
		{sparse, `{"a": 1}`, `{}`, true},
		{sparse, `{"a": {"$lt": 1}}`, `{"a": 1}`, true},
		{sparse, `{"a": {"$in": [1, 2]}}`, `{}`, true},
		{sparse, `{}`, `{"a": 1}`, false},
		{sparse, `{"a": null}`, `{}`, false},
		{sparse, `{"a": {"$eq": null}}`, `{}`, false},
		{sparse, `{"a": {"$in": [1, null]}}`, `{}`, false},
		{sparse, `{"a": null, "b": 1}`, `{}`, true},

		{having, `{"a": 1}`, `{}`, false},
		{having, `{"a": 1}`, `{"b": 1}`, false},
		{having, `{"a": 1, "b": 1}`, `{}`, true},
		{having, `{"a": 1, "b": {"$gt": 1}}`, `{"b": 1}`, true},
		{having, `{"a": 1, "b": {"$in": [1, 2]}}`, `{}`, true},
		{having, `{"a": 1, "b": null}`, `{}`, false},
		{having, `{"a": 1, "b": {"$in": [null]}}`, `{}`, false},
		{having, `{"b": 1, "$or": [{"a": 1}, {"a": 2}]}`, `{}`, true},
	} {
		g := newGuard(setup{})
		c.index.Collection = "c"
		g.indexes["c"] = []mongodb.Index{c.index}
		if got := g.serves("c", read(parse(t, c.filter), parse(t, c.sort))); got != c.want {
			t.Errorf("%+v serves %s sorted by %s: %v, want %v", c.index, c.filter, c.sort, got, c.want)
		}
	}
}
