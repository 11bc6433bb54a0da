package main

import (
	"maps"
	"slices"
)

// plumbing has the rows of collections that all nouns use and the schema does not know.
func plumbing() noun {
	return noun{
		invariants: []invariant{crashState.checkEffects},
		stored: map[string]enums{
			"audit_entries": {"details.role": "Role", "details.capability": "Capability", "details.state": "BookingState"}, "dead_letters": {}, "idempotency_keys": {}, "timers": {},
		},
		kept: map[string]string{
			"audit_entries *": "who decided what, for five years",
			"timers *":        "the erasure itself, until it is done; what is due soon",
		},
		questions: map[string]string{
			"*: due>":                                "effects that are left over, in every collection that has any",
			"audit_entries: subject= | -at -_id":     "what was done to somebody or something",
			"audit_entries: people= | _id":           "what somebody is given who asks what is kept of them",
			"audit_entries: at<":                     "old entries, to be deleted",
			"dead_letters: | at _id":                 "what was put aside, the oldest first",
			"dead_letters: people=":                  "what speaks of somebody who is erased",
			"idempotency_keys: expiresAt<":           "old outcomes, to be deleted",
			"timers: kind= at< leaseUntil< | at _id": "the next timer",
			"timers: people= at>":                    "what speaks of somebody who is erased",
		},
	}
}

// checkEffects checks that no effect is left.
func (s crashState) checkEffects(say complaint) {
	for name, docs := range s {
		for _, doc := range docs {
			for _, field := range []string{"due", "effects", "claims"} {
				switch left := doc[field].(type) {
				case []any:
					if len(left) > 0 {
						say("%s %v: %s left: %v", name, doc["_id"], field, left)
					}
				case map[string]any:
					if len(left) > 0 {
						say("%s %v: %s left: %v", name, doc["_id"], field, slices.Collect(maps.Keys(left)))
					}
				}
			}
		}
	}
}
