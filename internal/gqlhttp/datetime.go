package gqlhttp

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/clock"
)

// MarshalDateTime writes the scalar DateTime.
func MarshalDateTime(t time.Time) graphql.Marshaler { return graphql.MarshalTime(t) }

// UnmarshalDateTime reads the scalar DateTime. Returns Invalid.
func UnmarshalDateTime(value any) (time.Time, error) { return clock.ReadInstant(value) }
