package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// knownDocuments is how many documents are remembered.
	knownDocuments = 1000
	// maxKnownQuery keeps large documents out of memory, so that a thousand
	// hostile ones cannot fill it. A document that repeats has its values in
	// variables, and is shorter.
	maxKnownQuery = 8 << 10
)

// queryCache keeps validated documents.
type queryCache struct{ *lru.LRU[*ast.QueryDocument] }

func newQueryCache() queryCache {
	return queryCache{lru.New[*ast.QueryDocument](knownDocuments)}
}

// Add keeps the document unless its text is long.
func (c queryCache) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= maxKnownQuery {
		c.LRU.Add(ctx, query, doc)
	}
}
