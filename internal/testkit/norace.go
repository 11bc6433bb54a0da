//go:build !race

package testkit

import "time"

// callPatience is how long a call to the database may take, as in production.
const callPatience = 5 * time.Second
