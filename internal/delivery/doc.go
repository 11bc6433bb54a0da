// Package delivery brings news to the people whom it concerns.
//
// A cause is queued as a job. A worker walks its audiences page by page; notify.Decide
// says for each person what becomes of the news, and package inbox keeps the decision as
// a notice. The people of a page who get a push become a chunk, which any worker may
// take up where another left off. Right before sending, the decision is made again, so
// that nobody gets a push about a draft, after they have left, or twice for two reasons.
// News that was not pushed comes in one summary in the evening.
//
// The package knows no domain: nouns register how to walk their audiences and how to
// check their subjects.
package delivery
