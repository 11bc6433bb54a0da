package schedule

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/clock"
)

// The names of facts. Those of a date follow its id.
const (
	startFact = "/start"
	endFact   = "/end"
	placeFact = "/place"
	datesFact = "dates" // how many there are
	titleFact = "title"
	textFact  = "text"
	goneFact  = "/gone" // of a date that is not there any more
)

type fact struct{ name, value string }

// facts are what people know by a snapshot. A value is empty for nobody knows what.
func (s Snapshot) facts() []fact {
	list := []fact{{datesFact, strconv.Itoa(len(s.Plan))}, {titleFact, digestOf(s.Title)}, {textFact, digestOf(s.Description)}}
	for _, e := range s.Plan {
		f := e.facts()
		list = append(list, fact{e.ID + startFact, f.start}, fact{e.ID + endFact, f.end}, fact{e.ID + placeFact, f.place})
	}
	return list
}

// follow is the snapshot with the ids that its dates have in a later one.
func (s Snapshot) follow(later Snapshot) Snapshot {
	s.Plan = s.Plan.renamed(s.Plan.successors(later.Plan))
	return s
}

func (s Snapshot) isSame(other Snapshot) bool {
	return slices.Equal(slices.SortedFunc(slices.Values(s.facts()), byName), slices.SortedFunc(slices.Values(other.facts()), byName))
}

func byName(a, b fact) int { return strings.Compare(a.name, b.name) }

// find is the value that a fact has in a list; empty if it is not there.
func find(list []fact, f fact) string {
	i := slices.IndexFunc(list, func(other fact) bool { return other.name == f.name })
	if i < 0 {
		return ""
	}
	return list[i].value
}

// isPlaceOfNew reports whether it is the place of a date that was not there before. News of
// the date says where it is.
func (f fact) isPlaceOfNew(before []fact) bool {
	return strings.HasSuffix(f.name, placeFact) && find(before, f) == ""
}

// renamed are the marks with the ids that dates have now.
func renamed(marks []Mark, ids map[string]string) []Mark {
	marks = slices.Clone(marks)
	for i, m := range marks {
		if at := strings.LastIndexByte(m.Fact, '/'); at >= 0 && ids[m.Fact[:at]] != "" {
			marks[i].Fact = ids[m.Fact[:at]] + m.Fact[at:]
		}
	}
	return marks
}

func (m Mark) isOf(f fact) bool { return m.Fact == f.name }

// isNews reports whether people who know one value of a fact must hear of another. Of the
// number of dates they must hear if there are fewer. New dates are told each by itself.
func isNews(name, known, now string) bool {
	if name == datesFact {
		return number(known) > number(now)
	}
	return known != now
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // nobody knows of any
	}
	return n
}

// needed are the marks that can still matter: the last of each fact, and of the number of
// dates each that had more before than all after it. For if there are more dates again, people
// who know of still more must hear that there are fewer.
func needed(marks []Mark) []Mark {
	var kept []Mark
	for i, m := range marks {
		if !slices.ContainsFunc(marks[i+1:], m.isCoveredBy) {
			kept = append(kept, m)
		}
	}
	return kept
}

func (m Mark) isCoveredBy(later Mark) bool {
	return later.Fact == m.Fact && (m.Fact != datesFact || number(later.Since) >= number(m.Since))
}

// goneMarks say which dates a piece of news tells are gone. Its zone is that of the date.
func goneMarks(known, now Plan, version int) []Mark {
	var marks []Mark
	for _, e := range Diff(known, now).Removed {
		marks = append(marks, Mark{Fact: e.ID + goneFact, Version: version, StartsAt: &e.StartsAt, Zone: e.TimeZone})
	}
	return marks
}

// isGone reports whether the mark tells of a date that is gone, which a plan does not have again.
func (m Mark) isGone(now Plan) bool {
	dateID, ok := strings.CutSuffix(m.Fact, goneFact)
	return ok && now.of(dateID) == nil && now.StartingAt(*m.StartsAt) == nil
}

// zoneOf is the zone of the date of a fact; empty if the plan has no such date.
func (p Plan) zoneOf(f fact) clock.Zone {
	if e := p.of(f.name[:max(0, strings.LastIndexByte(f.name, '/'))]); e != nil {
		return e.TimeZone
	}
	return ""
}

// turnsUp is when people who know the snapshot would come if they did not hear of a fact of a
// later plan; nil if the fact has nothing to do with it. A new date may stand in place of one
// that is gone, of which nothing else tells while there are as many as before.
func (s Snapshot) turnsUp(f fact, later Plan, at time.Time) *time.Time {
	i := strings.LastIndexByte(f.name, '/')
	if i < 0 && f.name != datesFact {
		return nil
	}
	if i >= 0 {
		if e := s.Plan.of(f.name[:i]); e != nil {
			return &e.StartsAt
		}
	}
	var next *time.Time
	for _, gone := range Diff(s.Plan, later).Removed {
		next = sooner(next, &gone.StartsAt, at)
	}
	return next
}
