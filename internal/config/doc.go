// Package config is everything that can be set from outside.
//
// One struct holds it all: what the environment says, what the flags say, and
// the words that explain both, so the server's -h and the table in the README
// are made from one list. A configuration that is half set or contradicts
// itself is refused at start, with every problem named at once.
package config
