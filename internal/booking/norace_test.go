//go:build !race

package booking_test

// The crowds in full, and how many of them try at the same moment.
const (
	crowdShare = 1
	atOnce     = 30
)
