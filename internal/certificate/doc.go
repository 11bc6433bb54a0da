// Package certificate knows what people get who have completed a course.
//
// A certificate is a page at an address from chance, which whoever has it can read, print and check. It says whose it is,
// which course, when, how many hours and what was learned, in the words of the day on which it was issued. Beside the page
// the same stands in a credential that is signed (Open Badges 3, a W3C verifiable credential), so that other programs can
// check it without asking. Neither has an id of a person, or a number by which the state knows them.
//
// A certificate is issued once for each completion. People with COURSES revoke one, with a reason that everybody reads
// who has the address, and issue one anew whose name is wrong: then the old one says so, and leads to the new one. What
// is revoked or replaced stays so. If its holder is erased, the name goes, and the certificate stays valid.
package certificate
