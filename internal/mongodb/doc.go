// Package mongodb is the program's way to its database.
//
// Everything people write (their groups, events, answers) is kept in MongoDB, or in
// a database that speaks its language. This package connects to it, finds out what it
// can do, makes the indexes that the program declares, tells the time by its clock,
// and turns its errors into faults that the rest of the program understands. What is
// stored, and by which queries it is read, is in each domain's own store.go.
package mongodb
