// Package booking gives out seats and keeps waiting lists.
//
// A bookable thing is one date of an event, or a course. Its free seats are
// kept in its own document and taken by one conditional update that also
// records the claim, so that of a thousand people who want the last seat one
// gets it. The place itself (one per person and bookable thing) follows as an
// effect; a claim left behind by a crash is finished or given back.
//
// Whoever finds no seat waits in line, first come first served. A seat that
// becomes free is offered to the first in line by itself: it is theirs until they
// answer or a deadline comes, which is never in their quiet hours; then it is the next
// one's. Less than a day before the start there is no time for asking, and the
// first in line gets the seat at once.
//
// Before somebody is given a seat it is asked whether they may still take it: who
// has left the group, or was banned, is taken out of line, and the next one gets it.
//
// A party larger than there is room for is refused, or taken out of line once the
// capacity is lowered. One that needs more seats than are free may be passed by
// smaller ones behind it, once the seats have waited for it for a while, and longer
// each time.
//
// Leaving is always allowed; lowering the capacity throws nobody out. Nobody is
// ever given a seat that is not there.
package booking
