//go:build !race

package main

const (
	crashStride = 1    // how many writes lie between two crashes
	killPhones  = 2000 // how many phones the killed server was serving
	killTimes   = 5    // how often it is killed
)
