//go:build !unix

package embedded

import "os"

const locksWork = false

// lockFile does nothing here: on these systems SQLite's own locks are the only
// guard against two servers on one folder.
func lockFile(*os.File) error { return nil }
