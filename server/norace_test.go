//go:build !race

package main

const (
	crashStride = 1    // how many writes lie between two crashes
	killPhones  = 5000 // how many phones the killed server was serving
)
