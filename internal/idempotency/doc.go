// Package idempotency makes a mutation that is sent twice happen once.
//
// The phone makes a UUID for each thing a person does (clientMutationId) and
// sends the same one when it tries again. The first call under a key leaves a
// record; its outcome is stored there for 24 hours, as an effect of the very
// write that made the change, so that even a crash in between cannot part the
// two. A repeat gets the same answer; the same key with another input is
// refused. What is kept of it can be read only by who has the clientMutationId: the
// database holds a digest of that, and the outcome sealed with it.
package idempotency
