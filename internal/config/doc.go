// Package config is everything that can be set from outside.
//
// One struct holds the variables of the environment, the flags, and the texts that explain both,
// so that the server's -h and the table in the README are made from one list. A configuration
// that is incomplete or contradicts itself is refused at start, with every problem named at once.
package config
