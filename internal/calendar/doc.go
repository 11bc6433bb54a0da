// Package calendar puts together what happens in order of time: what a person has signed up for, and what a group or an
// area does. It knows no event and no course; each noun with dates hands over lists of its own entries, which tell who may
// see what.
//
// People can follow these calendars in a calendar program, by a secret address. Whoever has the address reads what its
// person may see at that moment, and nothing once they may not: after an erasure, a ban, or leaving the group the address
// leads nowhere. A feed keeps only digests of its secret.
package calendar
