// Package scheduletest holds what is promised to people who are told of changes against
// random orders of changes, tellings, deaths of processes and deliveries.
package scheduletest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/schedule"
)

// Noun is something whose changes people are told: a copy that one process has read.
type Noun interface {
	Snapshot() schedule.Snapshot
	// Change changes it as an editor might.
	Change(t *rapid.T)
	// Clone is a copy that does not change with it.
	Clone() Noun
}

// Told holds the promises for a noun that make makes.
//
//   - Nobody hears as new what is no longer so: what news says is what was told last.
//   - Nobody hears a thing twice, unless people were told another in between.
//   - Nobody misses the last state: once everything is told and delivered, everybody knows it.
func Told(t *testing.T, make func(t *rapid.T) Noun) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		noun := make(t)
		w := &world{t: t, at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), doc: document{noun: noun, version: 1}, told: []schedule.Snapshot{noun.Snapshot()}}
		for range 3 {
			w.readers = append(w.readers, newReader(noun.Snapshot()))
		}
		t.Repeat(map[string]func(*rapid.T){
			"change":        w.change,
			"read":          w.read,
			"write":         w.write,
			"begin to tell": w.beginToTell,
			"note as told":  w.noteAsTold,
			"queue":         w.queue,
			"die":           w.die,
			"deliver":       w.deliver,
			"":              func(*rapid.T) {},
		})
		w.finish()
	})
}

// document is the noun in the database.
type document struct {
	noun    Noun
	version int
	telling schedule.Telling
}

func (d document) clone() document {
	d.noun = d.noun.Clone()
	return d
}

// process tells the news of a version, in steps that others come between.
type process struct {
	version int
	read    document
	noted   bool
}

type world struct {
	t       *rapid.T
	at      time.Time
	doc     document
	edit    *edit
	timers  []int // the versions whose timers have not been done
	process *process
	readers []*reader
	told    []schedule.Snapshot // what people knew at first, and what they were told then
}

// edit is a change that an editor is about to write.
type edit struct {
	before int // the version that was read
	after  document
}

func (w *world) change(t *rapid.T) {
	w.edit = nil
	w.read(t)
	w.write(t)
}

func (w *world) read(t *rapid.T) {
	after := w.doc.clone()
	before := after.noun.Snapshot()
	after.noun.Change(t)
	after.version++
	after.telling.Note(before, after.noun.Snapshot(), after.version, w.at)
	w.edit = &edit{before: w.doc.version, after: after}
}

// write writes what the stores write of a change.
func (w *world) write(*rapid.T) {
	if w.edit == nil || w.edit.before != w.doc.version {
		return
	}
	after := w.edit.after
	w.doc.noun, w.doc.version = after.noun, after.version
	if after.telling.Changed == after.version {
		w.doc.telling.Changed = after.version
		w.timers = append(w.timers, after.version)
	}
	if after.telling.Begins() {
		w.doc.telling.Known = after.telling.Known
	}
	w.edit = nil
}

func (w *world) beginToTell(t *rapid.T) {
	if w.process == nil && len(w.timers) > 0 {
		w.process = &process{version: rapid.SampledFrom(w.timers).Draw(t, "timer"), read: w.doc.clone()}
	}
}

func (w *world) noteAsTold(*rapid.T) {
	p := w.process
	if p == nil || p.noted {
		return
	}
	p.noted = true
	told, ok := p.read.telling.Tell(p.read.noun.Snapshot(), p.version, w.at)
	switch {
	case !ok:
	case w.doc.telling.Changed != told.Changed:
		w.done()
	default:
		w.doc.telling, p.read.telling = told, told
		w.rename(*told.Known)
		w.told = append(w.told, *told.Known)
	}
}

func (w *world) queue(*rapid.T) {
	p := w.process
	if p == nil || !p.noted {
		return
	}
	if news := p.read.telling.News(p.read.noun.Snapshot(), p.version, w.at); news.IsMove() || news.IsText() {
		for _, r := range w.readers {
			if !slices.Contains(r.waits, p.version) && !slices.Contains(r.had, p.version) {
				r.waits = append(r.waits, p.version)
			}
		}
	}
	w.done()
}

func (w *world) done() {
	w.timers = slices.DeleteFunc(w.timers, func(version int) bool { return version == w.process.version })
	w.process = nil
}

// die leaves the timer to another process.
func (w *world) die(*rapid.T) { w.process = nil }

func (w *world) deliver(t *rapid.T) {
	r := rapid.SampledFrom(w.readers).Draw(t, "reader")
	if len(r.waits) > 0 {
		w.hear(r, rapid.SampledFrom(r.waits).Draw(t, "news"))
	}
}

func (w *world) hear(r *reader, version int) {
	r.waits = slices.DeleteFunc(r.waits, func(v int) bool { return v == version })
	r.had = append(r.had, version)
	news := w.doc.telling.News(w.doc.noun.Snapshot(), version, w.at)
	if !news.IsMove() && !news.IsText() {
		return
	}
	if err := r.hear(news, w.told); err != nil {
		w.t.Fatalf("news %d: %v", version, err)
	}
}

// finish tells and delivers everything, and asks what people know in the end.
func (w *world) finish() {
	w.process = nil
	for len(w.timers) > 0 {
		w.process = &process{version: w.timers[0], read: w.doc.clone()}
		w.noteAsTold(w.t)
		w.queue(w.t)
	}
	for i, r := range w.readers {
		for len(r.waits) > 0 {
			w.hear(r, r.waits[0])
		}
		if err := r.knows(w.doc.noun.Snapshot()); err != nil {
			w.t.Fatalf("in the end reader %d %v", i, err)
		}
	}
}

// rename lets the readers know dates by their new ids that are just as before, or else start
// as they did.
func (w *world) rename(now schedule.Snapshot) {
	before, taken := w.told[len(w.told)-1].Plan, map[string]bool{}
	for _, same := range [][]string{facts, {"start"}} {
		for _, e := range before {
			i := slices.IndexFunc(now.Plan, func(l schedule.Entry) bool {
				return entry(now.Plan, e.ID) == nil && entry(before, l.ID) == nil && !taken[e.ID] && !taken[l.ID] &&
					!slices.ContainsFunc(same, func(f string) bool { return value(e, f) != value(l, f) })
			})
			if i < 0 {
				continue
			}
			taken[e.ID], taken[now.Plan[i].ID] = true, true
			for _, r := range w.readers {
				r.rename(e.ID, now.Plan[i].ID)
			}
		}
	}
}

// facts are what readers know of a date.
var facts = []string{"start", "end", "place"}

// value is what is known of a fact, in words.
func value(e schedule.Entry, fact string) string {
	switch fact {
	case "start":
		return fmt.Sprint(e.StartsAt, e.StartsAtLocal)
	case "end":
		return fmt.Sprint(value(e, "start"), e.EndsAt, e.EndsAtLocal)
	}
	if e.Place == nil {
		return "nowhere"
	}
	return fmt.Sprintf("%#v", *e.Place)
}
