// Package schedule has dates: when something happens, by the clock on the wall and as the
// instants that follow, and where.
//
// It is a leaf. It knows neither events nor courses, which have their own words and limits.
package schedule
