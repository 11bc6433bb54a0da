// Package notify says what people are told: news that concerns them, and nothing else.
//
// Something happens (a Cause), and it is meant for some people (its audiences). For
// each of them one pure function, Decide, says whether the news becomes a push, a line
// in a summary, an entry in the inbox, or nothing, and by which rule. This package
// reads and writes nothing: package inbox keeps what people were told, and package
// delivery walks audiences, decides and sends. Domains import only this one of the
// three.
package notify
