//go:build race

package main

// The race detector makes the embedded database about ten times slower. Under it the tests crash
// only at every fifth write (CRASHES=full: at every one), and the killed server has half as many phones.
const (
	crashStride = 5
	killPhones  = 1000
	killTimes   = 3
)
