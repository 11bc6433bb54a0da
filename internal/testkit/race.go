//go:build race

package testkit

import "time"

// callPatience is how long a call to the database may take: the race detector makes
// the embedded one about ten times as slow.
const callPatience = 30 * time.Second
