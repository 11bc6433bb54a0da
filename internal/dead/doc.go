// Package dead keeps work that has failed too often, so that it is put aside and not lost:
// effects, timers, causes of news and chunks of pushes.
//
// A worker gives each piece of work ten tries, with growing waits. After the last it puts the work
// aside and raises the alert, which is one line in the log. An operator looks at the work, mends
// the cause of the failures, and has it tried again.
package dead
