// Package push sends one message to one phone or browser, through Firebase Cloud Messaging, and says
// what became of it.
//
// It decides nothing about people: who gets a message, when, and in which language is decided before.
// It returns an Outcome, which says what to do next: count it, delete the device, try again, or
// pause.
//
// # Attempts
//
// One Send is one attempt. It is repeated once, at once, if the connection broke before an answer
// came, and never takes longer than Options.Timeout. The SDK alone would go on: after a network error
// or a 503 it tries up to five times, and waits 0, 1, 2 and 4 seconds in between, or as long as
// Retry-After says if that is longer, up to two minutes each time. If FCM is down, each device would
// occupy a slot for 7 seconds, in the worst case 8 minutes, and the deadline would hide the 503 and
// its Retry-After behind "context deadline exceeded". The SDK has no setting for this, so the
// transport notes FCM's answer and ends the send's context (see attempts.go). Patient retries are
// left to the caller, who can give the slot to another device meanwhile.
//
// A broken connection may hide a push that arrived. The repeat carries the same
// collapse id, so the phone shows it once.
package push
