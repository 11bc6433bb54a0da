package privacy

import (
	"cmp"
	"maps"
)

// Hashed is a shard key as the database's shell writes it.
func Hashed(field string) string { return "{" + field + `: "hashed"}` }

// Spread says how one collection would be spread over several servers.
type Spread struct {
	Key    string            // the field of the shard key
	AskAll map[string]string // see Collection
}

// Spreads are the collections that have a shard key, by name. What is kept within other collections
// says of all of them why all servers are asked.
func (r Register) Spreads() map[string]Spread {
	within := map[string]string{}
	for _, c := range r {
		if c.isWithin() {
			maps.Copy(within, c.AskAll)
		}
	}
	spreads := map[string]Spread{}
	for _, c := range r {
		if c.isWithin() || c.ShardKey == Unsharded {
			continue
		}
		s := Spread{Key: cmp.Or(c.ShardKey, HashedID), AskAll: maps.Clone(within)}
		maps.Copy(s.AskAll, c.AskAll)
		spreads[c.Name] = s
	}
	return spreads
}
