// Package architecture holds the tests that keep the house in order: who may
// import whom, how long a file and a resolver may be, and that the documents
// say what the code does. There is nothing in it to be used.
package architecture
