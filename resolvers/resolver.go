// Package resolvers translates between the schema and the services of the domains. A resolver
// calls one service or one loader and wraps the answer. It holds no rules.
package resolvers

import (
	"log/slog"

	"faellesskab/internal/community"
	"faellesskab/internal/crew"
	"faellesskab/internal/gqlexec"
)

// Resolver has the services of all nouns, which are the community's.
type Resolver struct {
	*community.Community
	Log   *slog.Logger
	Parts *gqlexec.Parts
	Crew  *crew.Crew // has the goroutines of operations
}
