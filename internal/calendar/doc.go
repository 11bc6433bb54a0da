// Package calendar puts together what a person has in front of them and behind them: the dates of
// events and the sessions of courses for which they have signed up, in one order. It keeps nothing
// and knows no noun. Each noun with dates hands over lists of its own entries, which tell who may see
// what.
package calendar
