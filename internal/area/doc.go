// Package area knows the local areas of the municipality.
//
// An area has exactly one lokalforum group, contact persons of two kinds (local
// and municipal), and fælles-skabere: municipal employees who support it. Areas
// are loaded, not made by users; staff keep their contacts.
package area
