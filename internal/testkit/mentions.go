package testkit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// Mentions are the places of a collection that hold one of the words (an id, a name),
// in a value or in a key, whatever else stands around it and however it is cased:
// "<id of the document> <path>", sorted. Of lists the path holds no positions.
func Mentions(t testing.TB, db *mongodb.DB, collection string, words ...string) []string {
	t.Helper()
	if len(words) == 0 || slices.Contains(words, "") {
		t.Fatal("testkit: mentions of nothing are everywhere")
	}
	docs, err := mongodb.All[bson.M](mongodb.AllowScan(t.Context()), "look for mentions", db.Collection(collection), bson.D{})
	if err != nil {
		t.Fatalf("testkit: read %s: %v", collection, err)
	}
	var found []string
	for _, doc := range docs {
		for _, path := range mentionsIn(plain(doc), "", words) {
			found = append(found, fmt.Sprintf("%v %s", doc["_id"], path))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// MentionsAnywhere is Mentions of all collections there are, by their names; those
// without any are left out.
func MentionsAnywhere(t testing.TB, db *mongodb.DB, words ...string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range collectionsOf(t.Context(), t, db) {
		if found := Mentions(t, db, name, words...); len(found) > 0 {
			all[name] = found
		}
	}
	return all
}

func mentionsIn(v any, path string, words []string) []string {
	var found []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			if mentions(key, words) {
				found = append(found, at)
			}
			found = append(found, mentionsIn(value, at, words)...)
		}
	case []any:
		for _, value := range v {
			found = append(found, mentionsIn(value, path, words)...)
		}
	case bson.Binary:
		found = mentionsIn(string(v.Data), path, words)
	default:
		if mentions(fmt.Sprint(v), words) {
			found = append(found, path)
		}
	}
	return found
}

func mentions(text string, words []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, strings.ToLower(word)) })
}
