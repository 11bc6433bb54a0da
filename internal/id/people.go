package id

import (
	"regexp"
	"slices"
)

var person = regexp.MustCompile(Person + `_[0-7][0-9a-hjkmnp-tv-z]{25}`)

// PeopleIn are the ids of the people that texts mention anywhere, each once, sorted. An
// erasure finds by them what is kept under keys or as JSON.
func PeopleIn(texts ...string) []string {
	var found []string
	for _, text := range texts {
		found = append(found, person.FindAllString(text, -1)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}
