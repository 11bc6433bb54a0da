// Package area knows the local areas of the municipality.
//
// An area has exactly one lokalforum group, contact persons of two kinds (local and municipal),
// and fælles-skabere, who are municipal employees that support it. Areas are loaded and not made
// by users. Staff keep their contact persons up to date.
package area
