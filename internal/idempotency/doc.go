// Package idempotency makes sure that a mutation that is sent twice happens once.
//
// The phone makes a UUID for each thing a person does (clientMutationId) and
// sends the same one when it tries again. The first call under a key leaves a
// record. The outcome is stored there for 24 hours, as an effect of the write that
// made the change, so that a crash cannot leave the change without its outcome. A
// repeat gets the same outcome, with its object as it is now, and the same key with
// another input is refused. Only a caller who has the clientMutationId can read what is stored: the database holds a
// digest of it, and the outcome sealed with it.
package idempotency
