//go:build race

package booking_test

// The race detector makes the embedded database about ten times slower, so
// under it the crowds are a tenth.
const (
	crowdShare = 10
	atOnce     = 10
)
