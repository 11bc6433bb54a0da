package main

// calendarNoun has the rows of calendars. Their entries are dates and sessions, whose nouns have the rest.
func calendarNoun() noun {
	return noun{
		name: "calendar", access: calendarAccess, crash: calendarCrash,
		stored: map[string]enums{"calendar_feeds": {}},
		questions: map[string]string{
			"calendar_feeds: hashes=": "the feed to which a secret leads",
		},
		lists: map[string]pagedList{
			"Area.calendar":   {"resident-1", `area(id: $area) { %s }`, `list: calendar(%s)`, -1},
			"Group.calendar":  {"resident-1", `group(id: $open) { %s }`, `list: calendar(%s)`, -1},
			"Viewer.calendar": {"resident-1", `viewer { %s }`, `list: calendar(%s)`, -1},
		},
		nothingToShow: map[string]string{
			"renewCalendarFeed": "the feed is shown with its present address, which has no field of its own that changes",
		},
	}
}

var calendarAccess = []accessCall{
	asks("calendarFeed of oneself", `calendarFeed(scope: {me: true}) { createdAt }`, ""),
	asks("calendarFeed of members", `calendarFeed(scope: {groupId: $members}) { createdAt }`, ""),
	asks("calendarFeed of a hidden", `calendarFeed(scope: {groupId: $hidden}) { createdAt }`, ""),
	asks("calendarFeed of an area", `calendarFeed(scope: {areaId: $area}) { createdAt }`, ""),
	asks("othersThatEvening", `othersThatEvening(input: {groupId: $members, startsAt: "2030-01-01T19:00:00"})`, ""),
	asks("othersThatEvening of a hidden", `othersThatEvening(input: {groupId: $hidden, startsAt: "2030-01-01T19:00:00"})`, ""),
	does("renewCalendarFeed of members", `renewCalendarFeed(input: {scope: {groupId: $members}}) { feed { createdAt } }`),
}

var calendarCrash = []crashCase{
	{"renewCalendarFeed", func(*crashRig) crashCall {
		return crashCall{"resident", "renewCalendarFeed", vars{"scope": vars{"me": true}}, "feed { url }"}
	}},
}
