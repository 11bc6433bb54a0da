// Package outbox carries out what follows a write, at least once.
//
// Every use case turns on one write of one document. Whatever else must happen
// (other documents, counters, notices) is an effect: a small record written
// into that same document by that same write. Effects are carried out right
// afterwards in the same request. If the process dies in between, a sweep on any
// replica finds them within seconds and carries them out.
//
// Several named subscribers may follow one kind of effect; each is called until
// it has succeeded once. An effect that fails stops no other, unless it is a
// claim, or one of some effects in order: the rest of its batch waits for it. What waits
// for a claim is put aside with it; what stands behind another effect goes on then.
//
// An effect may therefore run twice, and two processes may run it at once:
// its handler must be idempotent, by derived ids and conditional updates.
package outbox
