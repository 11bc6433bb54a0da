//go:build race

package testkit

import "time"

// The race detector makes FerretDB and SQLite about ten times as slow, and finds nothing there that
// we could mend. So they run in a process of their own under it. The rest is slower too, so calls
// get more time.
const (
	isWatched    = true
	callPatience = 30 * time.Second
)
