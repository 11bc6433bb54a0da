// Package inbox keeps what people have been told, and what became of it.
//
// A Notice is one entry of a person's inbox, with the decision that was made about it.
// The ledger has a line for each try to hand a notice to a device. People read their
// notices, follow them live, and say in their settings what they want to be told and
// when. This package sends nothing: package delivery writes, through a Keeper, what
// people find here.
package inbox
