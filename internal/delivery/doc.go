// Package delivery brings what has happened to the people it concerns.
//
// A cause is queued as a job; its audiences are walked page by page; notify.Decide
// says for each person what becomes of it, and package inbox keeps that as a
// notice. Those who get a push become a chunk that any worker may take up where
// another left off, and is asked again right before it is sent: nothing is sent of
// a draft, to people who have left, or twice for two reasons. What was not pushed
// comes in one summary in the evening.
//
// The package knows no domain: whoever has an audience or a subject registers how
// to walk or check it.
package delivery
