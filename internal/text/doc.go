// Package text says what a text that people write may hold, how its length is counted, and how it is
// shortened. Every input goes through it.
package text
