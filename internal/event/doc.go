// Package event knows what groups do: events, their dates, and who comes.
//
// An event belongs to a group and has dates (occurrences; one for now). People attend a
// date. The time on the wall and its zone are stored, and instants follow from them. People
// who may post in the group write, publish, move and cancel events, and everyone who sees
// an event may attend it until it starts. An event is a draft until it is published. If it
// never was, even if it is cancelled, only people who may post in the group see it, and
// nobody is told of it. Package booking keeps seats and waiting lists. Members who were named for one event do with it what
// people who may post in the group do, as long as they are members.
package event
