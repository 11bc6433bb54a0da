// Package checkin lets people in at the door.
//
// People show a code, which their phone draws as a QR code, or are found on the list by hand. Whoever
// organises an event, or may check in for its group, lets them in, from two hours before the start to the
// midnight of the day on which it ends. Staff let people in to a session of a course. The first record of an
// arrival stands, whoever else records the same; a check-in can be undone.
//
// A phone without a network records when people came, and sends it within 72 hours. Somebody may have been let
// in then whose booking had ended: they stay as admitted, and are marked.
//
// A code names the booking and is signed by the program, so that nobody can make one. It is another one when
// somebody has given up their booking and signs up anew. Looking at one's own code changes nothing.
//
// When attendance is closed, those who were not let in have not come. The program never closes it by itself:
// at a date without anybody at the door all would seem to have stayed away.
package checkin
