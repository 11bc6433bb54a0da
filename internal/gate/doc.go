// Package gate decides who may come in, and how many of them at once.
//
// Anybody on the network can open connections, send half a request, and never read
// an answer. So connections are counted by where they come from, each part of an
// answer must be taken within a time, and what a client has under way or holds open
// is counted by its address. Behind a proxy all clients would have one address:
// those that are trusted say whose request they pass on, and nobody else is believed.
package gate
