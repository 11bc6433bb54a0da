// Package replay answers as a database without being one. A Recorder listens to the connections of a
// program and keeps each command with its reply; a Server hands out the replies again, so that what
// the program costs can be measured without what a database costs.
//
// A command finds its reply by its shape (what it does, in which collection, by which fields and
// operators, in which order and how much) and by its values, except times, which differ in every run.
// A find by ids is answered with the documents of those ids, whichever ids were asked for together.
// Writes change nothing: they are answered as they were answered once. A command that was never
// recorded is answered with an error that names it.
package replay
