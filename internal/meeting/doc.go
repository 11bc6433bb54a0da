// Package meeting keeps what belongs to a meeting besides its time and its people: what it is about (the agenda of an
// event), what came out of it (the minutes of a date), how it was (the feedback of those who came, to a date or to a
// session of a course), and where people meet online.
//
// Those who may change an event write its agenda, until it is over, and the minutes of its dates, from the start on.
// Whoever may see the event reads both. The day after a date, its organisers are reminded of minutes that are not
// written, and those who came are asked how it was.
//
// Feedback is confidential. An answer is kept with an id from chance and a day, and without a person; that somebody has
// answered is kept apart. The answer is written first and the mark second, so that a crash may double one and lose
// none. Nothing else holds an answer: no record of a call, no effect and no line of a log. It can be given for 30 days,
// once by each person who came, and those who organise see it when there are at least five answers.
package meeting
