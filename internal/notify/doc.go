// Package notify tells people what concerns them, and only that.
//
// Something happens (a Cause); who it concerns is found out (an Audience); for
// each person one pure function, Decide, says whether it becomes a push, a line
// in a summary, an entry in the inbox, or nothing, and by which rule; what was
// decided is kept as a Notice, the entry of the person's inbox. Pushes go out
// in chunks that any worker may take up where another left off. Nothing is sent
// for a draft, to someone who has left, or twice for two reasons.
//
// The package knows no other domain: whoever has an audience or a subject
// registers how to walk or check it.
package notify
