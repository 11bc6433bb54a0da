package id

// Node is anything with an id of its own: the Go type of the schema's interface Node. It has no
// method, because each type has its id as a field.
type Node any
