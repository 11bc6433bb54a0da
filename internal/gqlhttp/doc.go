// Package gqlhttp is the edge: GraphQL over HTTP.
//
// It reads a request, refuses what nobody needs (bodies and documents that are
// too large, too deep or too costly, broken text, cross-site calls) before any
// resolver runs, gives each operation a deadline, and writes one answer and
// one log line. What the operations mean is not its business.
//
// # Statuses
//
// A request that is not a GraphQL request at all (broken JSON, no query, broken
// text) is 400, a body over the limit 413, one that breaks off 408, a wrong content
// type 415, an Accept that takes none of our types 406, a mutation by GET or
// another method 405, a call from another site 403, more than a caller's share 429
// (a socket is closed with 1013). A document named by its hash
// alone is 200, as its clients have it from Apollo Server. A GraphQL request
// that cannot be carried out (syntax, validation, variables, limits) is 400 for
// clients that accept application/graphql-response+json and 200 for those that
// only know application/json, as GraphQL over HTTP has it. An operation that
// was carried out is 200, also when resolvers failed.
package gqlhttp
