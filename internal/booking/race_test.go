//go:build race

package booking_test

// The race detector makes the embedded database about ten times slower, so the crowds are
// a tenth as large under it.
const (
	crowdShare = 10
	atOnce     = 10
)
