// Package embedded is the database of a machine that has no MongoDB.
//
// Whoever tries the program for the first time, shows it to others or runs its
// tests should not have to install anything. So the program carries a small
// database of its own (FerretDB on SQLite) that speaks MongoDB's language: the
// rest of the program cannot tell the difference, and the data lies as files
// in one folder. It is not meant for a city: it reads whole collections for
// most questions.
//
// It has one weakness that matters, and this package removes it: an update
// looks first and writes afterwards, so two people could both take the last
// seat. The connections made by the Dialer therefore let one command through
// at a time, from its request to the end of its reply.
package embedded
