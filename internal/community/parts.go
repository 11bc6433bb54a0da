package community

import (
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/job"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/part"
	"faellesskab/internal/privacy"
	"faellesskab/internal/timer"
)

// foundations lists the parts of the packages below the nouns. Those packages know
// nothing of parts, since package part stands above them.
func (c *Community) foundations() []part.Part {
	letters := dead.NewStore(c.DB)
	return []part.Part{
		{
			Indexes:     c.Outbox.Indexes(),
			Letters:     []dead.Source{c.Outbox.Letters()},
			Collections: []privacy.Collection{c.Outbox.Collection()},
		},
		{
			Indexes:     timer.Indexes(),
			Letters:     []dead.Source{c.Timers.Letters()},
			Collections: []privacy.Collection{c.Timers.Collection()},
		},
		{
			Indexes:     dead.Indexes(),
			Jobs:        []job.Job{{Name: "old dead letters", Every: time.Hour, Run: letters.Purge}},
			Collections: []privacy.Collection{letters.Collection()},
		},
		{
			Indexes:     idempotency.Indexes(),
			Jobs:        []job.Job{{Name: "idempotency purge", Every: 10 * time.Minute, Run: c.Keys.Purge}},
			Collections: []privacy.Collection{c.Keys.Collection()},
		},
	}
}

// all gathers one thing of all parts.
func all[T any](parts []part.Part, of func(p part.Part) []T) []T {
	var list []T
	for _, p := range parts {
		list = append(list, of(p)...)
	}
	return list
}

// Indexes are all indexes the community needs.
func (c *Community) Indexes() []mongodb.Index {
	return all(c.parts, func(p part.Part) []mongodb.Index { return p.Indexes })
}

// Jobs are the tasks that must be done again and again.
func (c *Community) Jobs() []job.Job {
	return all(c.parts, func(p part.Part) []job.Job { return p.Jobs })
}

// Nodes are all types of things that have an id of their own.
func (c *Community) Nodes() []part.Node {
	return all(c.parts, func(p part.Part) []part.Node { return p.Nodes })
}

// Lookups find things by the ids of other things.
func (c *Community) Lookups() []part.Lookup {
	return all(c.parts, func(p part.Part) []part.Lookup { return p.Lookups })
}
