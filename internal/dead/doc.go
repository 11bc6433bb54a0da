// Package dead keeps what was tried again and again in vain, so that it is put
// aside instead of lost: effects, timers, causes of news and chunks of pushes.
//
// Whoever carries something out gives it ten tries, with growing waits. After the
// last it puts the thing aside and raises the alert, one line in the log. An
// operator looks at what was put aside, mends the reason, and has it tried again.
package dead
