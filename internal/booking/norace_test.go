//go:build !race

package booking_test

// A line is read at each try, so that a crowd of a quarter costs a sixteenth. The whole
// ones come with FAULTS=full.
const (
	crowdShare = 4
	atOnce     = 30 // how many of them try at the same moment
)
