package gqlhttp

import (
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// The content types of answers.
const (
	typeJSON     = "application/json"
	typeResponse = "application/graphql-response+json"
	typeEvents   = "text/event-stream"
)

// accepted says which content types a client accepts.
type accepted struct {
	one    string // the JSON type of a single answer; empty if it accepts none
	events bool   // it prefers a stream
	stream bool   // it names the stream's type, perhaps beside JSON, and so can follow a subscription
}

// takesNothing reports whether there is no type in which the client can be answered.
func (a accepted) takesNothing() bool { return a.one == "" && !a.events }

// negotiate weighs a request's Accept (RFC 9110, section 12.5.1). A client that sends none, or
// none that can be read, gets application/json, which every client knows. Of types with equal
// weight JSON comes before a stream: urql offers both with each POST and can read either.
func negotiate(h http.Header) accepted {
	ranges := mediaRanges(h.Values("Accept"))
	if len(ranges) == 0 {
		return accepted{one: typeJSON}
	}
	plain, response, events := weigh(ranges, typeJSON), weigh(ranges, typeResponse), weigh(ranges, typeEvents)
	single := plain
	a := accepted{one: typeJSON}
	if response.isBefore(plain) {
		single, a.one = response, typeResponse
	}
	if single.q == 0 {
		a.one = ""
	}
	a.events = events.q > single.q
	a.stream = events.q > 0 && (events.exactness == exactly || a.events)
	return a
}

// These say how exactly a range names a type.
const (
	anything = iota + 1
	anySubtype
	exactly
)

// mediaRange is one range of types that a client accepts, with its weight in thousandths.
type mediaRange struct {
	name string
	q    int
}

// weight is the weight of a type, and the range that gives it.
type weight struct{ q, exactness, place int }

// isBefore decides between the JSON types: by weight, then by the more exact range, then by the
// first one. If a wildcard covers both, it is application/json.
func (w weight) isBefore(plain weight) bool {
	switch {
	case w.q != plain.q:
		return w.q > plain.q
	case w.exactness != plain.exactness:
		return w.exactness > plain.exactness
	}
	return w.place < plain.place
}

// weigh finds the range that names a type most exactly, since only that one counts.
func weigh(ranges []mediaRange, name string) weight {
	var found weight
	for place, r := range ranges {
		exactness := r.covers(name)
		if exactness == 0 || exactness < found.exactness || exactness == found.exactness && r.q <= found.q {
			continue
		}
		found = weight{q: r.q, exactness: exactness, place: place}
	}
	return found
}

func (r mediaRange) covers(name string) int {
	main, _, _ := strings.Cut(name, "/")
	switch r.name {
	case name:
		return exactly
	case main + "/*":
		return anySubtype
	case "*/*":
		return anything
	}
	return 0
}

// mediaRanges reads the parts of all lines of Accept. It skips malformed ones.
func mediaRanges(lines []string) []mediaRange {
	var ranges []mediaRange
	for _, line := range lines {
		for _, part := range splitUnquoted(line) {
			name, params, err := mime.ParseMediaType(part)
			if err != nil || !strings.Contains(name, "/") {
				continue
			}
			q, ok := quality(params)
			if charset := params["charset"]; !ok || charset != "" && !strings.EqualFold(charset, "utf-8") {
				continue
			}
			ranges = append(ranges, mediaRange{name: name, q: q})
		}
	}
	return ranges
}

// splitUnquoted cuts a line at the commas that stand outside of quotes.
func splitUnquoted(line string) []string {
	var parts []string
	start, isQuoted := 0, false
	for i := 0; i < len(line); i++ {
		switch {
		case isQuoted && line[i] == '\\':
			i++
		case line[i] == '"':
			isQuoted = !isQuoted
		case line[i] == ',' && !isQuoted:
			parts = append(parts, line[start:i])
			start = i + 1
		}
	}
	return append(parts, line[start:])
}

// weightText is how RFC 9110 writes a weight: 0 to 1, with three places at most.
// Java leaves out the nought: "*/*; q=.2".
var weightText = regexp.MustCompile(`^(?:0(?:\.[0-9]{0,3})?|\.[0-9]{1,3}|1(?:\.0{0,3})?)$`)

// quality is the weight of a range, in thousandths; 1000 if it has none.
func quality(params map[string]string) (thousandths int, ok bool) {
	text, isSaid := params["q"]
	switch {
	case !isSaid:
		return 1000, true
	case !weightText.MatchString(text):
		return 0, false
	}
	whole, places, _ := strings.Cut(text, ".")
	thousandths, err := strconv.Atoi(whole + (places + "000")[:3])
	return thousandths, err == nil
}
