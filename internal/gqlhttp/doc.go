// Package gqlhttp is the edge: GraphQL over HTTP.
//
// It reads a request, refuses what nobody needs (bodies and documents that are too large, too
// deep or too costly, broken text, cross-site calls) before any resolver runs, gives each
// operation a deadline, and writes one answer and one log line. It does not know what operations
// mean.
//
// # Statuses
//
// A request that is not a GraphQL request at all (broken JSON, no query, broken text) gets 400, a
// body over the limit 413, one that breaks off 408, a wrong content type 415, an Accept without
// any of our types 406, a mutation by GET or another method 405, a call from another site 403,
// and more than a caller's share 429 (a socket is closed with 1013). A document that is named
// only by its hash gets 200, since its clients expect that from Apollo Server. A GraphQL request
// that cannot be executed (syntax, validation, variables, limits) gets 400 if the client accepts
// application/graphql-response+json, and 200 if it only knows application/json, as GraphQL over
// HTTP says. An operation that was executed gets 200, even if resolvers failed.
package gqlhttp
