// Package keyring has the keys by which the program signs what others check without asking it: Ed25519 keys, as JSON
// Web Keys. The first signs. All of them are published, so that what an earlier one has signed can still be checked.
// The algorithm belongs to the key: a token says which key has signed it, and never how it is to be checked.
package keyring
