package schedule

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// Hold is how long news of a change is held. Further changes within this time become part of
// the same news.
const Hold = 2 * time.Minute

// Snapshot is what people may know of something: its dates, its name and what it is about.
type Snapshot struct {
	Plan        Plan      `bson:"plan"`
	Title       i18n.Text `bson:"title"`
	Description i18n.Text `bson:"description"`
}

// Telling is how far people have been told of changes. What tells them is a piece of news,
// which bears the version of the noun after the last change that it tells. News is told to
// one person at once and to another in the morning, so that people know different things at
// a time; each piece of news says then what no later one says.
type Telling struct {
	// Known is the noun as the last news told it, or as it was before the first change. Nil:
	// nothing has changed yet. What differs from it now has not been told.
	Known *Snapshot `bson:"known,omitempty"`
	// Changed is the version of the noun after the last change.
	Changed int `bson:"changed,omitempty"`
	// Told are the facts that news has told, the oldest first.
	Told []Mark `bson:"told,omitempty"`
	// TellsAt are the instants at which the last moves were told, the oldest first.
	TellsAt []time.Time `bson:"tellsAt,omitempty"`

	begins bool // Known has been set by this change
}

// Mark says that a piece of news has told a fact.
type Mark struct {
	Fact    string `bson:"fact"`
	Version int    `bson:"version"` // of the news
	// Since is the fact before; empty if the date was not there.
	Since string `bson:"since,omitempty"`
	// At is when it was told.
	At *time.Time `bson:"at,omitempty"`
	// Title is the name that people know who do not hear of it, if it is the name that has changed.
	Title i18n.Text `bson:"title,omitempty"`
	// StartsAt is when people would come who do not hear of it, and Zone the zone that the date had.
	StartsAt *time.Time `bson:"startsAt,omitempty"`
	Zone     clock.Zone `bson:"zone,omitempty"`
	// IsAnother says that news of less than a day before told the fact too. Some may have heard it and
	// some not, so that the news cannot say what they know.
	IsAnother bool `bson:"isAnother,omitempty"`
}

// Note notes a change of a noun that people know, which is made at an instant. If there is
// something new, ok is true, and people must be told at an instant by news of this version:
// two minutes later, or at once if a date starts or ends before. If they have been told of several changes
// within a day, they hear of the next ones later and all at once.
func (t *Telling) Note(before, after Snapshot, version int, at time.Time) (tellAt time.Time, ok bool) {
	if before.isSame(after) {
		return time.Time{}, false
	}
	if t.begins = t.Known == nil; t.begins {
		t.Known = &before
	}
	t.Changed = version
	// Whoever has not heard of the last change comes when they know.
	return t.tellAt(slices.Concat(t.Known.Plan, before.Plan, after.Plan).nextTurn(at), at), true
}

const (
	// freelyADay is how many moves people hear of within a day without waiting. Corrections of a text ring nobody.
	freelyADay = 3
	// soon is how long before a start or an end people hear of a change in any case, and betweenSoon how long
	// after the last news they hear it then. The reminder of the day before comes later, also in a night of 25
	// hours: it reminds only of a date that people know.
	soon, betweenSoon = 31 * time.Hour, 30 * time.Minute
)

// nextTurn is when the next date starts or ends; nil if none does.
func (p Plan) nextTurn(at time.Time) *time.Time {
	var next *time.Time
	for _, e := range p {
		next = sooner(sooner(next, &e.StartsAt, at), &e.EndsAt, at)
	}
	return next
}

// tellAt is when a change that is made at an instant is told, if the next date starts or ends at next; nil:
// none does. An organiser who moves something to and fro would otherwise ring everybody each time.
func (t *Telling) tellAt(next *time.Time, at time.Time) time.Time {
	tellAt := at.Add(Hold)
	if n := len(t.TellsAt); n >= freelyADay {
		later := t.TellsAt[n-freelyADay].Add(24 * time.Hour)
		if next != nil {
			inTime, last := next.Add(-soon), t.TellsAt[n-1].Add(betweenSoon)
			if inTime.Before(last) {
				inTime = last
			}
			if inTime.Before(later) {
				later = inTime
			}
		}
		if later.After(tellAt) {
			tellAt = later
		}
	}
	if next != nil && !next.After(tellAt) {
		return at
	}
	return tellAt
}

// Begins reports whether Note has noted the first change. Only then may Known be written
// with the change, since news may be told at the same time.
func (t *Telling) Begins() bool { return t.begins }

// Tell is the telling once the news of a version is told, of a noun that is like this now. It
// must be written before the news is queued, if Changed is still the version. ok is false if
// there is nothing to write: later news tells it, it has been told, or it was taken back.
func (t *Telling) Tell(now Snapshot, version int, at time.Time) (told Telling, ok bool) {
	if t.Changed != version || t.Known == nil || t.Known.isSame(now) {
		return *t, false
	}
	known := t.Known.follow(now)
	was, is := known.facts(), now.facts()
	marks := slices.DeleteFunc(renamed(t.Told, t.Known.Plan.successors(now.Plan)), func(m Mark) bool {
		return !slices.ContainsFunc(is, m.isOf) && (!m.isGone(now.Plan) || !m.StartsAt.After(at))
	})
	marks = append(marks, goneMarks(known.Plan, now.Plan, version)...)
	for _, f := range is {
		if since := find(was, f); isNews(f.name, since, f.value) && !f.isPlaceOfNew(was) {
			m := Mark{Fact: f.name, Version: version, At: &at, Since: since, StartsAt: known.turnsUp(f, now.Plan, at), Zone: known.Plan.zoneOf(f),
				IsAnother: slices.ContainsFunc(marks, func(m Mark) bool { return m.isOf(f) && m.maySpread(at) })}
			if f.name == titleFact {
				m.Title = t.nameBefore(known.Title, now.Title, at)
			}
			marks = append(marks, m)
		}
	}
	told = Telling{Known: &now, Changed: version, Told: needed(marks), TellsAt: t.TellsAt}
	if told.News(now, version, at).IsMove() {
		tells := append(slices.Clone(t.TellsAt), at)
		told.TellsAt = tells[max(0, len(tells)-freelyADay):]
	}
	return told, true
}

// longestQuiet is how long news may wait for the end of quiet hours.
const longestQuiet = 24 * time.Hour

// maySpread reports whether there may be people at an instant who are told this and have not heard it yet.
func (m Mark) maySpread(at time.Time) bool { return m.At != nil && at.Sub(*m.At) < longestQuiet }

// nameBefore is the name that people know to whom a new one is told. A name that was told less than a
// day ago has perhaps not reached them, and then it is the one before, unless the thing is called that
// again.
func (t *Telling) nameBefore(known, now i18n.Text, at time.Time) i18n.Text {
	for _, m := range t.Told {
		if m.Fact == titleFact && m.maySpread(at) && digestOf(m.Title) != digestOf(now) {
			return m.Title
		}
	}
	return known
}

// Settled is the noun as people know it who have heard everything that was told. What is
// changed and not told yet comes with its own news, or is taken back before.
func (t *Telling) Settled(now Snapshot) Snapshot {
	if t.Known == nil {
		return now
	}
	return *t.Known
}

// News is what the news of a version tells to people who hear it at an instant.
func (t *Telling) News(now Snapshot, version int, at time.Time) News {
	n := News{Snapshot: t.Settled(now)}
	tells := func(name, value string) *Mark {
		if m := t.teller(name, value); m != nil && m.Version == version {
			n.TurnsUpAt = sooner(n.TurnsUpAt, m.StartsAt, at)
			return m
		}
		return nil
	}
	for _, e := range n.Plan {
		if e.IsOver(at) {
			continue
		}
		f := e.facts()
		start, end := tells(e.ID+startFact, f.start), tells(e.ID+endFact, f.end)
		novelty := Novelty{ID: e.ID, Place: tells(e.ID+placeFact, f.place) != nil}
		novelty.Added = start != nil && start.Since == ""
		novelty.Time, novelty.End = start != nil && !novelty.Added, start == nil && end != nil
		if novelty.Time && !start.IsAnother {
			novelty.From = &clock.Moment{At: *start.StartsAt, Zone: start.Zone}
		}
		if !novelty.IsEmpty() {
			n.New = append(n.New, novelty)
			n.TurnsUpAt = sooner(n.TurnsUpAt, &e.StartsAt, at)
			if e.IsRunning(at) {
				n.TurnsUpAt = &at // people may be on their way
			}
		}
	}
	for _, m := range t.Told {
		if m.Version == version && m.isGone(n.Plan) && m.StartsAt.After(at) {
			n.Gone = append(n.Gone, clock.Moment{At: *m.StartsAt, Zone: m.Zone})
			n.TurnsUpAt = sooner(n.TurnsUpAt, m.StartsAt, at)
		}
	}
	n.Fewer = tells(datesFact, strconv.Itoa(len(n.Plan))) != nil
	if m := tells(titleFact, digestOf(n.Title)); m != nil {
		n.NewTitle, n.OldTitle = true, m.Title
	}
	n.NewText = tells(textFact, digestOf(n.Description)) != nil
	return n
}

// teller is the mark of the news that tells a fact, which is like this now: the last that told
// it. Nil: nobody must hear of it.
func (t *Telling) teller(name, value string) *Mark {
	for i := len(t.Told) - 1; i >= 0; i-- {
		if m := &t.Told[i]; m.Fact == name && isNews(name, m.Since, value) {
			return m
		}
	}
	return nil
}
