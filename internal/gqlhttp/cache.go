package gqlhttp

import (
	"container/list"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// These limits say how much memory remembered documents may hold. An app has some hundreds of
// documents, of 50 to 100 KB each. Anybody can send as many as they like, so documents of
// strangers have a place of their own, and no single document may fill a place.
const (
	knownBytes    = 32 << 20
	strangerBytes = 8 << 20
	documentBytes = 1 << 20
)

// queryCache remembers validated documents by their text, with the limiter's measurements. A
// signed-in person also finds documents of strangers, which then move to the people's place. A
// stranger's documents never push out people's.
type queryCache struct {
	isStranger func(context.Context) bool

	mu               sync.Mutex
	known, strangers shelf
}

var _ graphql.Cache[*ast.QueryDocument] = (*queryCache)(nil)

func newQueryCache(isStranger func(context.Context) bool) *queryCache {
	return &queryCache{isStranger: isStranger, known: newShelf(knownBytes), strangers: newShelf(strangerBytes)}
}

// Get is called by the executor.
func (c *queryCache) Get(ctx context.Context, query string) (*ast.QueryDocument, bool) {
	b := c.find(ctx, query)
	if b == nil {
		return nil, false
	}
	return b.doc, true
}

// Add is called by the executor with a document that it has validated.
func (c *queryCache) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	b := &book{query: query, doc: doc, structure: measure(doc), bytes: documentSize(query, doc)}
	if b.bytes > documentBytes {
		return
	}
	isStranger := c.isStranger(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if isStranger {
		c.strangers.put(b)
		return
	}
	c.known.put(b)
}

// measured is the structure of a document that is remembered.
func (c *queryCache) measured(ctx context.Context, query string) (structure, bool) {
	b := c.find(ctx, query)
	if b == nil {
		return structure{}, false
	}
	return b.structure, true
}

func (c *queryCache) find(ctx context.Context, query string) *book {
	isStranger := c.isStranger(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.known.get(query); b != nil {
		return b
	}
	b := c.strangers.get(query)
	if b != nil && !isStranger {
		c.strangers.drop(query)
		c.known.put(b)
	}
	return b
}

// book is a document with its measurements.
type book struct {
	query     string
	doc       *ast.QueryDocument
	structure structure
	bytes     int
}

// shelf holds books up to a number of bytes. The least recently used book goes first.
type shelf struct {
	limit, bytes int
	byText       map[string]*list.Element
	recent       *list.List
}

func newShelf(limit int) shelf {
	return shelf{limit: limit, byText: map[string]*list.Element{}, recent: list.New()}
}

func (s *shelf) get(query string) *book {
	at, ok := s.byText[query]
	if !ok {
		return nil
	}
	s.recent.MoveToFront(at)
	b, _ := at.Value.(*book)
	return b
}

func (s *shelf) put(b *book) {
	s.drop(b.query)
	s.byText[b.query] = s.recent.PushFront(b)
	for s.bytes += b.bytes; s.bytes > s.limit; {
		last, _ := s.recent.Back().Value.(*book)
		s.drop(last.query)
	}
}

func (s *shelf) drop(query string) {
	at, ok := s.byText[query]
	if !ok {
		return
	}
	b, _ := at.Value.(*book)
	s.recent.Remove(at)
	delete(s.byText, query)
	s.bytes -= b.bytes
}
