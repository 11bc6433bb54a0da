// Package event knows what groups do: events, their dates, and who comes.
//
// An event belongs to a group and has dates (occurrences; one for now). People
// attend a date. Wall time and zone are what is stored; instants follow from
// them. An event is a draft until it is published: what was never published, also
// when it is cancelled, is seen by those who may post in the group, and nobody is
// ever told of it. Those who may post in
// the group write, publish, move and cancel; everyone who sees the event may
// attend it until it starts. Seats and waiting list are package booking's.
package event
