// Package herald tells people about things that have dates, such as events and courses: what
// has changed, and reminders.
//
// Package schedule decides what is new. A noun says what a thing of its own is like now, and
// has its own words and audiences. The herald sets the timers, notes how far people have been
// told, queues the news, and knows later whether it is still true.
package herald
