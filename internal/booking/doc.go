// Package booking gives out seats and keeps waiting lists.
//
// A bookable thing is one date of an event, or a course. Its free seats are
// kept in its own document and taken by one conditional update that also
// records the claim, so that of a thousand people who want the last seat one
// gets it. The place itself (one per person and bookable thing) follows as an
// effect; a claim left behind by a crash is finished or given back.
//
// Whoever finds no seat waits in line, first come first served. A seat that
// becomes free goes to the first in line by itself, until the thing starts.
// Leaving is always allowed; lowering the capacity throws nobody out. Nobody is
// ever given a seat that is not there.
package booking
