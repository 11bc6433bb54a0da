//go:build race

package main

// The race detector makes the embedded database about ten times slower, so
// under it only every third write is crashed at and the killed server has half
// of the phones; all of them come without it.
const (
	crashStride = 3
	killPhones  = 1000
	killTimes   = 3
)
