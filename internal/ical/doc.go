// Package ical writes calendars as iCalendar (RFC 5545), which calendar programs read. It knows no noun. What it writes
// depends on the events alone, so that a calendar in which nothing has changed is the same bytes.
package ical
