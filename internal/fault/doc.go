// Package fault is the vocabulary of what can go wrong.
//
// A fault has a kind (what a client can do about it), a key into the text
// catalogs (what a person reads, in Danish or English), optionally the path of
// the input field that caused it, and a private cause for the log. Services
// return faults; only the GraphQL error presenter turns them into answers.
package fault
