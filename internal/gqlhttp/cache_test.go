package gqlhttp

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

type strangerKey struct{}

func isStranger(ctx context.Context) bool { return ctx.Value(strangerKey{}) != nil }

// number makes a distinct document from a format.
func number(i int, format string) string { return strings.Replace(format, "Q", fmt.Sprint("Q", i), 1) }

// shapes are documents that hold much memory for their text.
var shapes = map[string]string{
	"fields":     `query Q{viewer{` + strings.Repeat("id name tags friend{id name} ", 40) + `}}`,
	"short":      `query Q{viewer{id}}`,
	"arguments":  `query Q{viewer{` + strings.Repeat("groups(first:1){totalCount} ", 40) + `}}`,
	"values":     `query Q{groups(filter:{tags:[` + strings.Repeat(`"a",`, 300) + `]}){totalCount}}`,
	"objects":    `query Q{groups(filter:{and:[` + strings.Repeat(`{area:"a"} `, 100) + `]}){totalCount}}`,
	"comments":   `query Q{viewer{` + strings.Repeat("\n#\n#\nid", 90) + `}}`,
	"long text":  `query Q{echo(text:"` + strings.Repeat("x", 6000) + `")}`,
	"fragments":  `query Q{viewer{` + strings.Repeat("...F ", 90) + `}} fragment F on Person{id}`,
	"directives": `query Q{viewer{` + strings.Repeat("id @skip(if:false) ", 15) + `}}`,
	"variables":  `query Q($a:String,$b:[String!],$c:Int=1){echo(text:$a) person(id:"x"){groups(first:$c){totalCount}} groups(filter:{tags:$b}){totalCount}}`,
}

// The estimate of a document's memory is right to about a third.
func TestADocumentsSizeIsKnown(t *testing.T) {
	for name, text := range shapes {
		const documents = 100
		h := newHandler(Options{Schema: &stub{}}.withDefaults())
		var docs []*ast.QueryDocument
		before := heap()
		var estimate int
		for i := range documents {
			params := &graphql.RawParams{Query: number(i, text)}
			_, op, errs := h.prepare(graphql.StartOperationTrace(t.Context()), params, &logEntry{})
			if len(errs) > 0 {
				t.Fatalf("%s: %v", name, errs)
			}
			docs = append(docs, op.Doc)
			estimate += documentSize(params.Query, op.Doc)
		}
		held := heap() - before
		runtime.KeepAlive(docs)
		t.Logf("%s: %d bytes of text hold %d, taken for %d", name, len(text), held/documents, estimate/documents)
		if estimate < held*2/3 || estimate > held*4/3+documents*2000 {
			t.Errorf("%s: %d documents hold %d bytes, and are taken for %d", name, documents, held, estimate)
		}
	}
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Documents of strangers hold no more memory than allowed, however many and large they are.
func TestStrangersDocumentsFitInMemory(t *testing.T) {
	s := newServer()
	before := heap()
	for i := range 400 {
		if got := s.query(t, number(i, shapes["fields"])); got.status != 200 {
			t.Fatal(got.body)
		}
		s.log.Reset()
	}
	if held := heap() - before; held > strangerBytes*3/2 {
		t.Errorf("they hold %d MB", held>>20)
	}
	runtime.KeepAlive(s)
}

func TestTheCacheHoldsWhatItMay(t *testing.T) {
	t.Parallel()
	c := newQueryCache(isStranger)
	stranger, person := context.WithValue(t.Context(), strangerKey{}, true), t.Context()
	doc := &ast.QueryDocument{}
	text := func(i int) string { return fmt.Sprint(i, strings.Repeat(" ", 40<<10)) }
	c.Add(person, text(0), doc)
	c.Add(stranger, text(1), doc)
	for i := range 1000 {
		c.Add(stranger, text(2+i), doc)
		if c.strangers.bytes > strangerBytes || c.known.bytes > knownBytes {
			t.Fatalf("%d and %d bytes", c.strangers.bytes, c.known.bytes)
		}
	}
	if _, ok := c.Get(person, text(0)); !ok {
		t.Error("strangers have pushed out what somebody signed in asks")
	}
	if _, ok := c.Get(stranger, text(1)); ok {
		t.Error("the oldest of the strangers' is still there")
	}
	if _, ok := c.Get(stranger, text(1001)); !ok {
		t.Error("the newest of the strangers' is not there")
	}
	if len(c.strangers.byText) != c.strangers.recent.Len() || c.strangers.recent.Len() < 80 {
		t.Errorf("%d texts, %d documents", len(c.strangers.byText), c.strangers.recent.Len())
	}
	// A document that a signed-in person asks for counts as theirs from then on.
	if _, ok := c.Get(person, text(1001)); !ok {
		t.Error("somebody signed in does not find it")
	}
	for i := range 1000 {
		c.Add(stranger, text(2000+i), doc)
	}
	if _, ok := c.Get(stranger, text(1001)); !ok {
		t.Error("it was pushed out all the same")
	}
	// The same document counts once.
	before := c.strangers.bytes
	c.Add(stranger, text(2999), doc)
	if c.strangers.bytes != before {
		t.Errorf("%d bytes have become %d", before, c.strangers.bytes)
	}
	c.Add(person, strings.Repeat(" ", documentBytes), doc)
	if _, ok := c.Get(person, strings.Repeat(" ", documentBytes)); ok {
		t.Error("one document may fill the memory")
	}
}

// A document that is refused is not remembered.
func TestOnlyWhatIsValidIsRemembered(t *testing.T) {
	t.Parallel()
	h := newHandler(Options{Schema: &stub{}, Logger: slog.New(slog.DiscardHandler)}.withDefaults())
	s := &server{Handler: RequestID(h)}
	for _, text := range []string{`{nothing}`, `{echo`, `{viewer{` + strings.Repeat("friend{", 12) + "id" + strings.Repeat("}", 12) + `}}`} {
		if got := s.query(t, text); got.status != 400 {
			t.Error(got.body)
		}
		if _, ok := h.known.Get(t.Context(), text); ok {
			t.Errorf("%s is remembered", text)
		}
	}
	if got := s.query(t, `{echo}`); got.status != 200 {
		t.Error(got.body)
	}
	if _, ok := h.known.Get(t.Context(), `{echo}`); !ok {
		t.Error("a good one is not")
	}
}
