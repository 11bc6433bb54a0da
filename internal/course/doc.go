// Package course knows the competence courses of the municipality.
//
// People with COURSES write a course, publish it, record who attended each session, and
// complete it. Then people who attended enough of its sessions have its skills: 80 % of them, unless
// the course asks for another share or for certain ones.
// Publishing tells people who want to learn one of its skills, and people whose home is in
// one of its areas. If a course was never published, even if it is cancelled, only people
// with COURSES see it, and nobody is told of it. Package booking keeps seats and waiting
// lists.
//
// People who teach a course see who is enrolled, write to them and record who came; somebody may stand in for them at one
// session, and does the same around it. A person who takes the course may decline a single session, and keeps their seat.
package course
