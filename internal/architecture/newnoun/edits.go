package main

// edit replaces a text that an existing file holds exactly once.
type edit struct {
	file, old, new string
	isText         bool // one of the texts that people read
}

var edits = []edit{
	{file: "internal/community/community.go", old: `	"faellesskab/internal/person"
`, new: `	"faellesskab/internal/person"
	"faellesskab/internal/poll"
`},
	{file: "internal/community/community.go", old: `	Announcements *announcement.Service
`, new: `	Announcements *announcement.Service
	Polls         *poll.Service
`},
	{file: "internal/community/community.go", old: `	c.registerErasure()`, new: `	c.Polls = poll.New(poll.Deps{DB: o.DB, Outbox: c.Outbox, Keys: c.Keys, Groups: c.Groups})
	c.registerErasure()`},
	{file: "internal/community/community.go", old: `c.Skills.Part(),`, new: `c.Skills.Part(), c.Polls.Part(),`},
	{file: "server/nouns_test.go", old: `skillNoun(), groupNoun(), `, new: `skillNoun(), groupNoun(), pollNoun(), `},
	{file: "internal/architecture/imports_test.go", old: `	"announcement": {"area", "person", "group", "booking"},
`, new: `	"announcement": {"area", "person", "group", "booking"},
	"poll":         {"area", "person", "group"},
`},
	{file: "docs/ARCHITECTURE.md", old: "| `internal/push` |", new: "| `internal/poll` | What groups ask their members. |\n| `internal/push` |"},
	{file: "docs/OPERATIONS.md", old: "`announcements`, `areas`, `skills` |", new: "`announcements`, `polls`, `areas`, `skills` |"},
	{file: "internal/i18n/texts/da.toml", isText: true, old: `"notice.not_found" = `, new: `"poll.not_found" = "Vi kan ikke finde afstemningen."
"notice.poll_opened.title" = "{{.Group}} spørger"
"notice.poll_opened.body" = "{{.Title}}"
"notice.not_found" = `},
	{file: "internal/i18n/texts/en.toml", isText: true, old: `"notice.not_found" = `, new: `"poll.not_found" = "We cannot find the poll."
"notice.poll_opened.title" = "{{.Group}} asks"
"notice.poll_opened.body" = "{{.Title}}"
"notice.not_found" = `},
}

// guards are the tests of the server that fail if a noun lacks a part.
var guards = []string{
	"TestEveryRootFieldHasItsRows", "TestEveryCollectionHasItsRow", "TestEveryCollectionIsInTheRegister", "TestEveryIndexHasItsQuestion", "TestEveryKindOfNoticeReachesSomebody",
	"TestEveryConnectionHoldsEachItemOnce", "TestEveryRelationMayBeNullOrSaysWhyNot", "TestEveryNodeHasItsRow",
}
