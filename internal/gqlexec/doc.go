// Package gqlexec executes operations in place of parts of gqlgen's runtime, with the same answers and a
// fraction of its allocations. schema/gen has the generated code call it.
//
// gqlgen gives each field a context, a description and half a dozen closures, and each leaf a closure that
// writes it. Here only fields that lead to objects have a context, which holds their description as well;
// leaves that are plain are kept as values, side by side for each object, and the names of the fields of a
// selection are collected once for a document. A field says in no other way than before what it becomes, or
// why it is null: whatever is not plain goes the way of gqlgen.
package gqlexec
