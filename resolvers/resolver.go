// Package resolvers translates between the schema and the domain services. A
// resolver calls one service or one loader and wraps the answer; it holds no
// rule.
package resolvers

import (
	"log/slog"

	"faellesskab/internal/community"
)

// Resolver has the services of all nouns: the community's.
type Resolver struct {
	*community.Community
	Log *slog.Logger
}
