//go:build !race

package booking_test

// The line is read at each try, so a quarter of the crowd takes a sixteenth of the time.
// FAULTS=full asks for the whole crowd.
const (
	crowdShare = 4
	atOnce     = 30 // how many people try at the same moment
)
