//go:build race

package main

// The race detector makes the embedded database about ten times slower, so
// under it only every third write is crashed at; all of them come without it.
const crashStride = 3
