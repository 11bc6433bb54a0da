//go:build !race

package main

const (
	crashStride = 4    // how many writes lie between two crashes, unless CRASHES=full
	killPhones  = 2000 // how many phones the killed server was serving
	killTimes   = 5    // how often it is killed
)
