// Package embedded is the database of a machine that has no MongoDB.
//
// People who try the program for the first time, show it to others or run its tests should not
// have to install anything. So the program carries a small database of its own (FerretDB on
// SQLite) that speaks MongoDB's language. The rest of the program cannot tell the difference, and
// the data lies as files in one folder. It is not meant for a city. If a mongod is installed, the
// program starts that as its child instead (mongod.go).
//
// FerretDB has two weaknesses that matter, and the connections made by the Dialer remove them. An
// update looks first and writes afterwards, so two people could both take the last seat. The
// dialer therefore lets one command through at a time, from its request to the end of its reply.
// And FerretDB reads whole collections for nearly every question. A command that names its
// documents, or that an index can serve, is therefore carried out as questions that FerretDB
// answers quickly (byid.go, lookup.go, walk.go).
package embedded

// Carries says how far it carries, as measured (BenchmarkEmbedded… at server), and what
// comes after: at the server's start and in the README.
const Carries = "Measured with 3,500 people, 120 groups and 1,000 events on two cores: a feed of 20 takes about 0.1 s, signing up 0.02 s. " +
	"Beyond 5,000 people, or with more than a few at once, set MONGODB_URI."
