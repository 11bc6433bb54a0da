// Package booking gives out seats and keeps waiting lists.
//
// A bookable thing is one date of an event, or a course. Its own document keeps its free
// seats. They are taken by one conditional update that also records the claim, so that of
// a thousand people who want the last seat exactly one gets it. The booking itself (one per
// person and bookable thing) follows as an effect. A claim that a crash has left behind is
// finished or given back.
//
// People who find no seat wait in line, first come first served. When a seat becomes free,
// it is offered to the first in line. It is kept for them until they answer, or until a
// deadline, which is never in their quiet hours; then the next one is asked. Less than a
// day before the start there is no time for asking, and the first in line gets the seat at
// once.
//
// Before people are given a seat, the program checks that they may still take it. People
// who have left the group, or were banned, are taken out of line.
//
// A party larger than the capacity is refused, or taken out of line when the capacity is
// lowered. If a party needs more seats than are free, the seats wait for it for a while,
// and longer each time; then smaller parties may pass it.
//
// The bookings of a person who is erased are removed: their seats at things still to come
// go to the line, and a seat at something that has begun stays taken and is nobody's.
//
// Who was there is recorded for each part of a thing, such as a session of a course. The later
// of two records stands, whichever of them is carried out last.
//
// Leaving is always allowed, and lowering the capacity takes no seat away. Nobody is ever
// given a seat that does not exist.
package booking
