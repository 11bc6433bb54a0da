// Package auth knows who is calling.
//
// A call carries a Firebase ID token. The Verifier checks it; the person
// behind it is found (or, at the first sign-in, made) by package person; what
// the rest of the program sees is a Viewer: a small value that says who is
// looking and what they belong to. Services take the viewer from the context
// and decide, on the loaded object, what this viewer may do.
package auth
