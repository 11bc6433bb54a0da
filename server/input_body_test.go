package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// badBody is a request that is refused before anything is executed.
type badBody struct {
	name   string
	body   string
	status int
	code   string
	field  string
}

// inQuery is a body with that document.
func inQuery(document string) string {
	raw, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// createNamed is a body with a variable that is inserted unchanged, as JSON that no encoder
// of ours would write.
func createNamed(name string) string {
	return `{"query":"mutation ($n: String!) { createGroup(input: {name: $n, kind: HOUSING}) { group { id } } }","variables":{"n":` + name + `}}`
}

func times(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// chain are fragments that each spread the next one twice, so that a short document has 2^80
// fields.
func chain() string {
	var b strings.Builder
	b.WriteString("{ areas { ...f0 } } ")
	for i := range 80 {
		fmt.Fprintf(&b, "fragment f%d on Area { ...f%d ...f%d } ", i, i+1, i+1)
	}
	b.WriteString("fragment f80 on Area { lokalforum { id } }")
	return b.String()
}

var badBodies = []badBody{
	{"no JSON", `query`, 400, "BAD_USER_INPUT", ""},
	{"half of JSON", `{"query":"{ areas { id } }"`, 400, "BAD_USER_INPUT", ""},
	{"JSON twice", `{"query":"{ areas { id } }"}{}`, 400, "BAD_USER_INPUT", ""},
	{"a text", `"{ areas { id } }"`, 400, "BAD_USER_INPUT", ""},
	{"null", `null`, 400, "BAD_USER_INPUT", ""},
	{"nothing", ``, 400, "BAD_USER_INPUT", ""},
	{"no query", `{}`, 400, "BAD_USER_INPUT", ""},
	{"a query that is a number", `{"query":1}`, 400, "BAD_USER_INPUT", ""},
	{"variables that are a list", `{"query":"{ areas { id } }","variables":[1]}`, 400, "BAD_USER_INPUT", ""},
	{"an operation name that is a list", `{"query":"{ areas { id } }","operationName":["a"]}`, 400, "BAD_USER_INPUT", ""},
	{"NaN", createNamed(`NaN`), 400, "BAD_USER_INPUT", ""},
	{"several bodies in one", `[{"query":"{ areas { id } }"}]`, 400, "BAD_USER_INPUT", ""},
	{"half a surrogate pair", createNamed(`"Vej\ud83den"`), 400, "BAD_USER_INPUT", ""},
	{"the other half", createNamed(`"Vej\ude00en"`), 400, "BAD_USER_INPUT", ""},
	{"a NUL", createNamed(`"Vej\u0000en"`), 400, "BAD_USER_INPUT", ""},
	{"no UTF-8", createNamed("\"Vej\xffen\""), 400, "BAD_USER_INPUT", ""},
	{"half a surrogate pair in the document", inQuery(`mutation { createGroup(input: {name: "Vej\ud83den", kind: HOUSING}) { group { id } } }`), 400, "BAD_USER_INPUT", ""},
	{"1 MB", createNamed(`"` + strings.Repeat("x", 1<<20) + `"`), 413, "BAD_USER_INPUT", ""},
	{"an empty document", inQuery(" \n\t"), 400, "BAD_USER_INPUT", ""},
	{"a comment alone", inQuery("# hej"), 200, "BAD_USER_INPUT", ""},
	{"a fragment alone", inQuery("fragment f on Area { id }"), 200, "BAD_USER_INPUT", ""},
	{"a document that ends too soon", inQuery("{ areas { id }"), 200, "BAD_USER_INPUT", ""},
	{"an unknown field", inQuery("{ castles { id } }"), 200, "BAD_USER_INPUT", ""},
	{"several operations without a name", inQuery("query a { areas { id } } query b { areas { id } }"), 200, "BAD_USER_INPUT", ""},
	{"an operation that is not there", `{"query":"query a { areas { id } }","operationName":"b"}`, 200, "BAD_USER_INPUT", ""},
	{"a number over 64 bits", `{"query":"query ($n: Int!) { groups(first: $n) { edges { cursor } } }","variables":{"n":123456789012345678901234567890}}`, 200, "BAD_USER_INPUT", "first"},
	{"an endless number", `{"query":"query ($n: Int!) { groups(first: $n) { edges { cursor } } }","variables":{"n":1e999}}`, 200, "BAD_USER_INPUT", "first"},
	{"a deep document", inQuery("{ areas " + strings.Repeat("{ lokalforum { area ", 6) + "{ id }" + strings.Repeat("} }", 6) + " }"), 200, "QUERY_TOO_COSTLY", ""},
	{"a wide document", inQuery("{ " + times(11, "a%d: areas { id } ") + "}"), 200, "QUERY_TOO_COSTLY", ""},
	{"many aliases", inQuery("{ areas { " + times(16, "a%d: id ") + "} }"), 200, "QUERY_TOO_COSTLY", ""},
	{"many words", inQuery("{ areas { " + strings.Repeat("id ", 1001) + "} }"), 200, "QUERY_TOO_COSTLY", ""},
	{"long pages within long pages", inQuery("{ groups(first: 50) { edges { node { upcomingEvents(first: 50) { edges { node { occurrences(first: 50) { edges { node { id } } } } } } } } } }"), 200, "QUERY_TOO_COSTLY", ""},
	{"a chain of fragments", inQuery(chain()), 200, "QUERY_TOO_COSTLY", ""},
	{"a circle of fragments", inQuery("{ areas { ...a } } fragment a on Area { ...b } fragment b on Area { ...a }"), 200, "BAD_USER_INPUT", ""},
	{"a value nested deep", inQuery("{ groups(filter: " + strings.Repeat("{query: ", 20) + `"x"` + strings.Repeat("}", 20) + ") { edges { cursor } } }"), 200, "QUERY_TOO_COSTLY", ""},
}

// Nothing of a bad request is executed, and even the worst one is refused at once.
func TestBadBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.commands.Reset()
	messages := map[string]string{}
	for _, language := range []string{"da", "en-GB,en;q=0.9"} {
		for _, c := range badBodies {
			start := time.Now() //nolint:forbidigo // the machine's own time is meant
			status, got := s.post("anonymous", language, []byte(c.body))
			if took := time.Since(start); took > time.Second { //nolint:forbidigo // as above
				t.Errorf("%s: refused only after %s", c.name, took)
			}
			if status != c.status {
				t.Errorf("%s: status %d, want %d", c.name, status, c.status)
			}
			if data, executed := got["data"]; executed {
				t.Errorf("%s: answered with data: %v", c.name, data)
			}
			message := s.refused(c.name, got, c.code, c.field)
			if messages[c.name] == message && !isForDevelopers(message) {
				t.Errorf("%s: %q in both languages", c.name, message)
			}
			messages[c.name] = message
		}
	}
	if n := s.commands.Count(); n > 0 {
		t.Errorf("refused requests sent %d commands", n)
	}
}

// isForDevelopers reports whether a message is about the document itself, which stays in
// English.
func isForDevelopers(message string) bool {
	for _, part := range []string{"Expected", "Cannot query field", "Cannot spread fragment", "Unexpected"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return false
}

// The server reads only JSON, and only with the methods that it supports.
func TestOtherMethodsAndTypesAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, c := range []struct {
		name, method, target, contentType string
		status                            int
	}{
		{"a form", http.MethodPost, "/graphql", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		{"a plain text", http.MethodPost, "/graphql", "text/plain", http.StatusUnsupportedMediaType},
		{"another charset", http.MethodPost, "/graphql", "application/json; charset=iso-8859-1", http.StatusUnsupportedMediaType},
		{"PUT", http.MethodPut, "/graphql", "application/json", http.StatusMethodNotAllowed},
		{"a mutation by GET", http.MethodGet, "/graphql?query=mutation%7BunmuteThread(input%3A%7BsubjectId%3A%22x%22%7D)%7Bsettings%7Bversion%7D%7D%7D", "", http.StatusMethodNotAllowed},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, s.app.URL()+c.target, strings.NewReader(inQuery("{ areas { id } }")))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.contentType)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, res.StatusCode, c.status)
		}
		s.refused(c.name, got, "BAD_USER_INPUT", "")
	}
}
