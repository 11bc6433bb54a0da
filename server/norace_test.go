//go:build !race

package main

// crashStride is how many writes lie between two crashes.
const crashStride = 1
