package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/testkit"
)

// effectIDs and instants are what differs between two runs that did the same.
var (
	effectIDs = regexp.MustCompile(`eff_[0-9a-z]{26}`)
	instants  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

// uncounted is what counts attempts, not outcomes, and is shown to nobody, such
// as the quota of a minute, and how soon old releases are forgotten; and the
// stored outcome, which is compared as an answer.
var uncounted = regexp.MustCompile(`^(occurrences|courses) \S+ (queueSeq|released) |^persons \S+ version|^idempotency_keys \S+ outcome|^push_gates `)

// describe is everything the database holds, one line a value, without ids of
// effects and instants.
func (r *crashRig) describe(s testkit.Snapshot) []string {
	r.t.Helper()
	var lines []string
	for _, name := range s.Collections() {
		for _, doc := range s.Docs(r.t, name) {
			lines = append(lines, describeValue(fmt.Sprintf("%s %v", name, doc["_id"]), doc)...)
		}
	}
	lines = slices.DeleteFunc(lines, uncounted.MatchString)
	for i, line := range lines {
		lines[i] = instants.ReplaceAllString(effectIDs.ReplaceAllString(line, "eff"), "instant")
	}
	slices.Sort(lines)
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

// crashState is a snapshot as the invariants ask it.
type crashState map[string][]map[string]any

func (s crashState) byID(collection string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for _, doc := range s[collection] {
		found[doc["_id"].(string)] = doc
	}
	return found
}

// checkInvariants says what must hold in every state once the sweep has been.
func (r *crashRig) checkInvariants(when string) testkit.Snapshot {
	r.t.Helper()
	snapshot := testkit.Take(r.t, r.db)
	s := crashState{}
	for _, name := range snapshot.Collections() {
		s[name] = snapshot.Docs(r.t, name)
	}
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	s.checkEffects(say)
	s.checkSeats(say, "occurrences", "attendances")
	s.checkSeats(say, "courses", "enrolments")
	s.checkMemberships(say)
	s.checkDates(say)
	s.checkNotices(say)
	s.checkSkills(say)
	if len(wrong) > 0 {
		slices.Sort(wrong)
		r.t.Errorf("%s:\n\t%s", when, strings.Join(wrong, "\n\t"))
	}
	return snapshot
}

type complaint func(format string, args ...any)

// checkEffects: nothing is left to do.
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

// holding are the states of a place that has a seat.
var holding = []string{"CONFIRMED", "OFFERED", "ATTENDED", "NO_SHOW"}

// checkSeats: the seats taken are those of the places, none is sold twice, and
// nobody waits for a seat that is free.
func (s crashState) checkSeats(say complaint, bookables, places string) {
	for _, b := range s[bookables] {
		taken, waiting, least := 0, 0, 1<<20
		for _, p := range s[places] {
			if p["bookableId"] != b["_id"] {
				continue
			}
			seats := 1 + p["guests"].(int)
			switch st := p["state"].(string); {
			case slices.Contains(holding, st):
				taken += seats
			case st == "WAITLISTED":
				waiting, least = waiting+1, min(least, seats)
			}
			if !p["startsAt"].(time.Time).Equal(b["startsAt"].(time.Time)) {
				say("%s %v starts at another time than its %s", places, p["_id"], bookables)
			}
		}
		left := b["seatsLeft"].(int)
		if b["seatsTaken"] != taken {
			say("%s %v: %v seats taken, the places hold %d", bookables, b["_id"], b["seatsTaken"], taken)
		}
		if c, limited := b["capacity"].(int); limited && (left != c-taken || left < 0) {
			say("%s %v: %d seats left of %d with %d taken", bookables, b["_id"], left, c, taken)
		}
		if hasQueue, _ := b["hasQueue"].(bool); waiting > 0 && !hasQueue {
			say("%s %v: %d wait without a line", bookables, b["_id"], waiting)
		}
		// They may be kept for a larger party at the head of the line.
		kept, _ := b["kept"].(map[string]any)
		if b["state"] == "PUBLISHED" && waiting > 0 && left >= least && kept["since"] == nil {
			say("%s %v: %d wait though %d seats are free", bookables, b["_id"], waiting, left)
		}
	}
}

// checkMemberships: a person's copy is what the membership is, leaders lead, and
// the count counts.
func (s crashState) checkMemberships(say complaint) {
	people, groups := s.byID("persons"), s.byID("groups")
	active := map[string]int{}
	for _, m := range s["group_memberships"] {
		groupID, personID := m["groupId"].(string), m["personId"].(string)
		g := groups[groupID]
		if g == nil {
			say("membership %v has no group", m["_id"])
			continue
		}
		isActive := m["state"] == "ACTIVE"
		if isActive {
			active[groupID]++
		}
		leads := slices.Contains(g["leaderIds"].([]any), any(personID))
		if leads != (isActive && m["role"] == "LEADER") {
			say("membership %v is %v %v, the group's leaders are %v", m["_id"], m["state"], m["role"], g["leaderIds"])
		}
		copies, _ := people[personID]["groups"].(map[string]any)
		c, _ := copies[groupID].(map[string]any)
		level, _ := m["level"].(string)
		copyLevel, _ := c["level"].(string)
		isInvited, _ := c["invited"].(bool)
		if c == nil || c["active"] != isActive || isInvited != (m["state"] == "INVITED") || c["role"] != m["role"] || c["version"] != m["version"] || copyLevel != level {
			say("membership %v is %v %v %v, the person's copy %v", m["_id"], m["state"], m["role"], m["version"], c)
		}
	}
	for groupID, g := range groups {
		if g["memberCount"] != active[groupID] {
			say("group %s counts %v members, there are %d", groupID, g["memberCount"], active[groupID])
		}
		if len(g["leaderIds"].([]any)) == 0 && g["kind"] != "LOKALFORUM" {
			say("group %s has no leader", groupID)
		}
	}
}

// checkDates: every date has its event and follows it, and the event its group.
func (s crashState) checkDates(say complaint) {
	events, groups := s.byID("events"), s.byID("groups")
	dates := map[any]int{}
	for _, o := range s["occurrences"] {
		e := events[o["eventId"].(string)]
		if e == nil {
			say("date %v has no event", o["_id"])
			continue
		}
		dates[e["_id"]]++
		for _, field := range []string{"state", "startsAt", "startsAtLocal", "endsAt", "timeZone", "openTo", "capacity"} {
			if o[field] != e[field] {
				say("date %v has %s %v, its event %v", o["_id"], field, o[field], e[field])
			}
		}
	}
	for eventID, e := range events {
		if dates[eventID] != 1 {
			say("event %s has %d dates", eventID, dates[eventID])
		}
		g, card := groups[e["groupId"].(string)], e["group"].(map[string]any)
		public := e["openTo"] == "*"
		if card["version"] != g["version"] || card["name"] != g["name"] || public != (g["visibility"] == "PUBLIC") {
			say("event %s: card %v, open to %v; its group has version %v and is %v", eventID, card, e["openTo"], g["version"], g["visibility"])
		}
	}
}

// checkNotices: every job is done, and a person has one notice of a cause.
func (s crashState) checkNotices(say complaint) {
	jobs := s.byID("notify_jobs")
	announcements := s.byID("announcements")
	for _, name := range []string{"notify_jobs", "notify_chunks"} {
		for _, doc := range s[name] {
			about := announcements[strings.Split(doc["_id"].(string), ":")[0]]
			isStopped := doc["state"] == "STOPPED" && about != nil && about["state"] == "STOPPED"
			if doc["state"] != "DONE" && !isStopped {
				say("%s %v is %v", name, doc["_id"], doc["state"])
			}
		}
	}
	for _, n := range s["notices"] {
		key := strings.TrimPrefix(n["_id"].(string), n["personId"].(string)+":")
		if jobs[key] == nil {
			say("notice %v has no cause", n["_id"])
		}
	}
}

// checkSkills: a skill comes of a completed course that was attended, and such
// a course gives it.
func (s crashState) checkSkills(say complaint) {
	people := s.byID("persons")
	for _, c := range s["courses"] {
		earned := map[string]bool{}
		for _, e := range s["enrolments"] {
			if e["bookableId"] != c["_id"] {
				continue
			}
			if c["state"] == "COMPLETED" && e["state"] == "CONFIRMED" {
				say("enrolment %v stands open after the course", e["_id"])
			}
			earned[e["personId"].(string)] = c["state"] == "COMPLETED" && e["state"] == "ATTENDED"
		}
		for personID, p := range people {
			has, _ := p["skills"].(map[string]any)
			for _, skillID := range c["skillIds"].([]any) {
				if _, ok := has[skillID.(string)]; ok != earned[personID] {
					say("%v has the skill %v: %t, earned it: %t", p["displayName"], skillID, ok, earned[personID])
				}
			}
		}
	}
}
