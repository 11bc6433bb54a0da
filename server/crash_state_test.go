package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/testkit"
)

// effectIDs and instants match the values that differ between two runs that did the same.
var (
	effectIDs = regexp.MustCompile(`eff_[0-9a-z]{26}`)
	instants  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

// uncounted matches values that are not compared. They count attempts and not outcomes and are
// shown to nobody, such as the quota of a minute, or say how soon old releases are removed. The
// stored outcome is compared as an answer. Answers of feedback have ids from chance, and a crash may double one. Codes of
// certificates are from chance too.
var uncounted = regexp.MustCompile(`^(occurrences|courses) \S+ (seatsVersion|released(UpTo)?|admitted(UpTo)?) |^groups \S+ (counted(UpTo)?|countVersion) |^persons \S+ version|^idempotency_keys \S+ (outcome|owner)|^push_gates |^events \S+ series looks |^feedback_answers |^certificates \S+ (code|newCode) `)

// describe is everything the database holds, one line for each value, without ids of effects
// and instants. Documents that have not changed since before the call are described once.
func (r *crashRig) describe(s testkit.Snapshot) []string {
	r.t.Helper()
	var all []string
	for _, name := range s.Collections() {
		lines, known := r.lines[name]
		isSame := s.Shares(r.from, name)
		if !known || !isSame {
			lines = describeDocs(name, s.Docs(r.t, name))
		}
		if isSame {
			r.lines[name] = lines
		}
		all = append(all, lines...)
	}
	slices.Sort(all)
	return all
}

func describeDocs(collection string, docs []map[string]any) []string {
	var lines []string
	for _, doc := range docs {
		lines = append(lines, describeValue(fmt.Sprintf("%s %v", collection, doc["_id"]), doc)...)
	}
	lines = slices.DeleteFunc(lines, uncounted.MatchString)
	for i, line := range lines {
		lines[i] = instants.ReplaceAllString(effectIDs.ReplaceAllString(line, "eff"), "instant")
	}
	return lines
}

func describeValue(path string, v any) []string {
	var lines []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			lines = append(lines, describeValue(path+" "+key, value)...)
		}
	case []any:
		for i, value := range v {
			lines = append(lines, describeValue(fmt.Sprintf("%s %d", path, i), value)...)
		}
	case time.Time:
		lines = append(lines, path+" = instant")
	default:
		lines = append(lines, fmt.Sprintf("%s = %v", path, v))
	}
	return lines
}

// crashState is a snapshot in the form that the invariants read.
type crashState map[string][]map[string]any

func (s crashState) byID(collection string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for _, doc := range s[collection] {
		found[doc["_id"].(string)] = doc
	}
	return found
}

// checkInvariants checks what must hold in every state after a sweep.
func (r *crashRig) checkInvariants(when string) testkit.Snapshot {
	r.t.Helper()
	snapshot := r.from.Next(r.t, r.db)
	if wrong := complaintsAbout(r.t, snapshot, r.clock.Now()); len(wrong) > 0 {
		r.t.Errorf("%s:\n\t%s", when, strings.Join(wrong, "\n\t"))
	}
	return snapshot
}

type complaint func(format string, args ...any)
