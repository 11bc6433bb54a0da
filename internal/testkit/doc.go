// Package testkit gives every test a real database of its own, and watches how
// it is used.
//
// Tests run against whichever database is there: the one named by MONGODB_URI,
// else a mongod that is installed, else the embedded one. The kit fails a test
// whose queries no declared index serves (such a query is fast with ten groups
// and slow with ten thousand), counts the commands a use case sends, and can
// pretend that the process dies after its n-th write, so that tests see what a
// crash leaves behind. It is for tests only.
package testkit
