package gqlhttp

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestKeepsShortDocumentsOnly(t *testing.T) {
	c := newQueryCache()
	c.Add(t.Context(), "{echo}", &ast.QueryDocument{})
	c.Add(t.Context(), strings.Repeat(" ", maxKnownQuery)+"{echo}", &ast.QueryDocument{})
	if _, ok := c.Get(t.Context(), "{echo}"); !ok {
		t.Error("a short document is not kept")
	}
	if _, ok := c.Get(t.Context(), strings.Repeat(" ", maxKnownQuery)+"{echo}"); ok {
		t.Error("a long document is kept")
	}
}

func TestLargeDocumentsFitInMemory(t *testing.T) {
	const documents = 200
	s := newServer()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range documents {
		query := fmt.Sprintf("query Q%d{viewer{%s}}", i, strings.Repeat("id name tags friend{id name} ", 55))
		if got := s.query(t, query); got.status != 200 {
			t.Fatal(got.body)
		}
		s.log.Reset()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(s)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > documents*200<<10 {
		t.Errorf("%d KB each", kept/documents>>10)
	}
}
