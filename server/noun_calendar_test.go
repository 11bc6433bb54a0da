package main

// calendarNoun has the rows of entries of calendars. They are dates and sessions, whose nouns have the rest.
func calendarNoun() noun { return noun{name: "calendar"} }
