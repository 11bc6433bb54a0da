// Package inbox keeps what people have been told, and what became of it.
//
// A Notice is one entry of a person's inbox, with the decision that was made about
// it; the ledger says of each try to hand it to a device how it ended. People read
// their notices, follow them live, and say in their settings what they want to be
// told and when. The package tells nobody anything: package delivery writes through
// a Keeper what people find here.
package inbox
