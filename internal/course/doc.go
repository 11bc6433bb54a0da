// Package course knows the competence courses of the municipality.
//
// Those who have COURSES write a course, publish it, say who attended each session, and complete
// it; then those who attended at least 80 % of its sessions have its skills.
// Publishing tells those who want to learn one of its skills and those whose
// home is one of its areas. Seats and waiting list are package booking's. Nobody
// but they see what was never published, a draft or a cancelled one, and nobody
// is ever told of it.
package course
