// Package mongodb is the house's way to its database.
//
// Everything people write (their groups, events, answers) is kept in MongoDB,
// or in something that speaks its language. This package connects, knows what
// the database at the other end can do, keeps its indexes as the program
// declares them, tells the time by its clock, and turns its errors into faults
// that the rest of the program understands. What is stored, and how it is
// asked for, is each domain's own business in its store.go.
package mongodb
