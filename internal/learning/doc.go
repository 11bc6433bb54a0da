// Package learning puts together what a person has learned, learns, wishes to learn and could learn next, and says why each
// of it is there.
//
// It keeps nothing: courses, bookings, people and groups know all of it, and this package only reads them. Each list has an
// end, and the number of reads does not depend on how much a person has done. Only the person sees their path.
package learning
