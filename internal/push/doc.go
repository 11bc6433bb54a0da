// Package push hands one message to one phone or browser, through Firebase
// Cloud Messaging, and says what became of it.
//
// It decides nothing about people: who gets a message, when, and in which
// language is settled before. An answer comes back as an Outcome, the one word
// that says what to do next: count it, delete the device, try again, or pause.
//
// # Attempts
//
// One Send is one attempt, repeated once and at once when the connection broke
// before an answer came, and never longer than Options.Timeout. The SDK on its
// own would go on: after a network error or a 503 it tries up to five times,
// waiting 0, 1, 2 and 4 seconds or, when that is longer, what Retry-After says,
// up to two minutes each time. That is 7 seconds of an occupied slot per device
// when FCM is down, in the worst case 8 minutes, and the deadline then hides
// the 503 and its Retry-After behind "context deadline exceeded". It has no
// setting for this, so the transport notes what FCM answered and ends the
// send's context (see attempts.go); the patient retries belong to the caller,
// who can give the slot to another device meanwhile.
//
// A broken connection may hide a push that arrived. The repeat carries the same
// collapse id, so the phone shows it once.
package push
