//go:build race

package testkit

import "time"

// The race detector makes FerretDB and SQLite about ten times as slow, and finds nothing
// there that we could mend: under it they run in a process of their own. Our side is
// slower all the same, and calls are given more time.
const (
	isWatched    = true
	callPatience = 30 * time.Second
)
