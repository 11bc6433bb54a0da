//go:build unix

package embedded

import (
	"errors"
	"os"
	"syscall"
)

// locksWork says that a lock which can be taken has no living owner.
const locksWork = true

// lockFile takes the file for this process alone; the system frees it when
// the file is closed or the process ends.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errInUse
	}
	return err
}
