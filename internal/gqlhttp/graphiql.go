package gqlhttp

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql/playground"
)

// GraphiQL is a page for trying queries, for development. Its scripts come from
// a public CDN, so a browser without network shows an empty page.
func GraphiQL(endpoint string) http.Handler {
	return playground.Handler("Fællesskab", endpoint)
}
