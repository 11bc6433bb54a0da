package gqlhttp

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// fill repeats an item between head and tail as often as 1,000 tokens allow.
func fill(head, tail string, item func(i int) string) string {
	build := func(n int) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(item(i))
		}
		return b.String() + tail
	}
	most, over := 0, 1100
	for most+1 < over {
		n := (most + over) / 2
		if _, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: build(n)}, 1000); err != nil && strings.Contains(err.Error(), "token limit") {
			over = n
		} else {
			most = n
		}
	}
	return build(most)
}

func nested(open string, n int, core string) string {
	return strings.Repeat(open, n) + core + strings.Repeat("}", n)
}

func always(s string) func(int) string { return func(int) string { return s } }

// hostile are documents of up to 1,000 tokens, each made to blow up one thing. The fragments of
// the first would cost a limiter without memory 2^100 steps. Without a bound on comparisons
// several would cost validation up to a second and 200 MB.
func hostile() map[string]string {
	chain := func(i int) string { return fmt.Sprintf("fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1) }
	wide := strings.Repeat("name ", 400)
	conflicts := []string{"groups(first:1){totalCount}", "groups(first:2){totalCount}"}
	ring := ""
	for i := range 60 {
		ring += fmt.Sprintf("fragment F%d on Person{friend{...F%d}...F%d}", i, (i+1)%60, (i+2)%60)
	}
	docs := map[string]string{
		"fragment chain":                      fill("{...F0}", "", chain),
		"fragment cycle":                      fill("{...F0}", "", func(i int) string { return fmt.Sprintf("fragment F%d on Query{...F0 ...F%d}", i, i+1) }),
		"ring of fragments":                   fill("{viewer{", "}}"+ring, func(i int) string { return fmt.Sprintf("friend{...F%d}", i%60) }),
		"same field":                          fill("{viewer{", "}}", always("name ")),
		"same field, conflicting":             fill("{viewer{", "}}", func(i int) string { return conflicts[i%2] }),
		"same field, many times at the limit": "{viewer{" + strings.Repeat("name ", 220) + "}}",
		"same field in inline fragments":      "{viewer{" + nested("...{name ", 240, "id") + "}}",
		"the same at the limit":               "{viewer{" + nested("...{name ", 56, "id") + "}}",
		"spreads in inline fragments":         "{viewer{" + nested("...{...A ", 190, "id") + "}}fragment A on Person{id}",
		"inline fragments":                    "{" + nested("...{", 320, "echo") + "}",
		"one fragment, many operations":       fill("fragment A on Query{viewer{"+wide+"}}", "", func(i int) string { return fmt.Sprintf("query Q%d{...A}", i) }),
		"one fragment, many fragments":        fill("{...F0}fragment Z on Query{...{"+wide+"}}", "", func(i int) string { return fmt.Sprintf("fragment F%d on Query{...F%d ...Z}", i, i+1) }),
		"unknown fragments":                   fill("{viewer{", "}}", func(i int) string { return fmt.Sprintf("friend{...F%d}", i) }),
		"unknown fields":                      fill("{viewer{", "}}", func(i int) string { return fmt.Sprintf("n%060d ", i) }),
		"unknown types":                       fill("{", "}", func(i int) string { return fmt.Sprintf("...on T%0150d{id}", i) }),
		"long name":                           "{" + strings.Repeat("a", 60_000) + "}",
		"long name twice":                     "{viewer{" + strings.Repeat(strings.Repeat("a", 3900)+":id "+strings.Repeat("a", 3900)+":name ", 8) + "}}",
		"deep list":                           "{groups(filter:{tags:" + strings.Repeat("[", 480) + strings.Repeat("]", 480) + "}){totalCount}}",
		"deep input":                          "{groups(filter:" + nested("{and:", 240, "{}") + "){totalCount}}",
		"wide input":                          fill("{groups(filter:{", "}){totalCount}}", always("area:1 ")),
		"variables":                           fill("query(", "){echo}", func(i int) string { return fmt.Sprintf("$v%d:Int ", i) }),
		"operations":                          fill("", "", func(i int) string { return fmt.Sprintf("query Q%d{echo}", i) }),
		"directives":                          fill("{echo", "}", always(" @skip(if:true)")),
		"tokens":                              "{" + strings.Repeat("a ", 30_000) + "}",
		"lines":                               `{echo(text:"""` + strings.Repeat("\n ", 30_000) + `""")}`,
		"escapes":                             `{echo(text:"` + strings.Repeat(`\u0041`, 10_000) + `")}`,
		"braces":                              strings.Repeat("{a", 30_000),
	}
	return docs
}

// The bounds here are generous, for slow machines and the race detector;
// BenchmarkHostile has the figures.
func TestHostileDocumentsCostLittle(t *testing.T) {
	for name, query := range hostile() {
		t.Run(name, func(t *testing.T) {
			s := newServer()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			got := s.query(t, query)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if memory := after.TotalAlloc - before.TotalAlloc; memory > 10<<20 || took > 500*time.Millisecond {
				t.Errorf("%v and %d KB for %.100s", took, memory>>10, got.body)
			}
			if got.code() != "" && s.calls > 0 {
				t.Error("it was refused and executed")
			}
		})
	}
}

// A chain of 97 fragments that each spread the next one twice is a document of
// about 1,000 tokens that asks for 2^97 fields.
func TestFragmentChainIsRefused(t *testing.T) {
	chain := func(start, on, end string) string {
		var b strings.Builder
		b.WriteString(start)
		for i := range 97 {
			fmt.Fprintf(&b, "fragment F%d on %s{...F%d ...F%d}", i, on, i+1, i+1)
		}
		fmt.Fprintf(&b, "fragment F97 on %s{%s}", on, end)
		return b.String()
	}
	for query, key := range map[string]string{
		chain("{...F0}", "Query", "viewer{id}"):          "query.root_fields",
		chain("{viewer{...F0}}", "Person", "friend{id}"): "query.too_costly",
	} {
		s := newServer()
		if got := s.query(t, query); got.code() != "QUERY_TOO_COSTLY" || got.key() != key || s.calls != 0 {
			t.Errorf("%s", got.body)
		}
	}
}

// The content of a fragment is compared again for each operation that spreads it.
func TestRepeatedComparisonsAreRefused(t *testing.T) {
	fragment := "fragment A on Query{viewer{" + strings.Repeat("name ", 150) + "}}"
	few := fragment + "query Q0{...A}"
	many := fill(fragment, "", func(i int) string { return fmt.Sprintf("query Q%d{...A}", i) })
	if got := newServer().query(t, few); got.status != 200 {
		t.Errorf("one operation: %s", got.body)
	}
	if got := newServer().query(t, many); got.key() != "query.too_costly" {
		t.Errorf("many operations: %s", got.body)
	}
}

func TestValidationStopsCollectingErrors(t *testing.T) {
	doc, err := parser.ParseQuery(&ast.Source{Input: "{echo" + strings.Repeat(" @nope", 100) + "}"})
	if err != nil {
		t.Fatal(err)
	}
	if errs := validator.ValidateWithRules(testSchema, doc, testRules(false)()); len(errs) != maxErrors {
		t.Errorf("%d errors", len(errs))
	}
}

// Both passes look at each node of the document once: there are fewer nodes
// than tokens.
func checkLinear(t *testing.T, query string) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, 1000)
	if err != nil {
		return
	}
	found := measure(doc)
	if found.steps > 1000 {
		t.Errorf("measured in %d steps: %.200s", found.steps, query)
	}
	l := &limiter{options: Options{}.withDefaults()}
	if l.check(t.Context(), found) != nil {
		return
	}
	if errs := validator.ValidateWithRules(testSchema, doc, testRules(false)()); len(errs) > 0 {
		return
	}
	for _, op := range doc.Operations {
		cost, steps := operationCost(testSchema, DefaultLimits, op, nil)
		if steps > 1000 || cost < 0 {
			t.Errorf("cost %d in %d steps: %.200s", cost, steps, query)
		}
	}
}

func TestLimiterIsLinear(t *testing.T) {
	for _, query := range hostile() {
		checkLinear(t, query)
	}
}

func FuzzLimiter(f *testing.F) {
	for _, query := range hostile() {
		if len(query) < 5000 {
			f.Add(query)
		}
	}
	f.Add(`query Q($n:Int=3){groups(first:$n){nodes{...F}pageInfo{endCursor}}}fragment F on Group{members(last:2){edges{node{id}}}}`)
	f.Add(`{groups(first:99999999999999999999){nodes{id}}}`)
	f.Fuzz(checkLinear)
}

func BenchmarkHostile(b *testing.B) {
	for name, query := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				newServer().query(b, query)
			}
		})
	}
}
