//go:build !race

package testkit

import "time"

const (
	isWatched    = false           // whether the race detector is on
	callPatience = 5 * time.Second // how long a call to the database may take, as in production
)
