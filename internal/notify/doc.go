// Package notify says what people are told, and only what concerns them.
//
// Something happens (a Cause); who it concerns is found out (an audience); for
// each person one pure function, Decide, says whether it becomes a push, a line
// in a summary, an entry in the inbox, or nothing, and by which rule. Nothing here
// reads or writes: package inbox keeps what people were told, package delivery
// walks, decides and sends. Domains import this package alone.
package notify
