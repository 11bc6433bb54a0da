// Package skill keeps the list of skills that people have or want to learn, and that courses teach.
// Staff add to it, rename what is in it, and retire what is taught no more. Two skills never have the same
// Danish name, so that a person's wish and a course mean the same skill. A retired skill stays with the
// courses and people that have it, and nothing new refers to it. It comes back when staff add it again.
package skill
