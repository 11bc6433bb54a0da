// Package architecture has the tests that keep the house in order: which package may import which,
// how long a file and a resolver may be, and that the documents fit the code. It has nothing else.
package architecture
