package scheduletest

import (
	"fmt"
	"slices"

	"faellesskab/internal/schedule"
)

// reader is somebody who knows of a noun only what news says.
type reader struct {
	waits, had []int             // the versions of news that wait and that have come
	knowsOf    map[string]string // what the reader believes of each date, by its id and fact
	dates      int
	title      string
	heard      map[string]heard
}

// heard is what a reader has heard last of a fact, and how much had been told by then.
type heard struct {
	value string
	told  int
}

func newReader(s schedule.Snapshot) *reader {
	r := &reader{knowsOf: map[string]string{}, heard: map[string]heard{}, dates: len(s.Plan), title: fmt.Sprint(s.Title)}
	for _, e := range s.Plan {
		r.learn(e)
	}
	return r
}

func (r *reader) learn(e schedule.Entry) {
	for _, fact := range facts {
		r.knowsOf[e.ID+"/"+fact] = value(e, fact)
	}
}

func (r *reader) rename(from, to string) {
	for _, fact := range facts {
		r.knowsOf[to+"/"+fact] = r.knowsOf[from+"/"+fact]
		if h, ok := r.heard[from+"/"+fact]; ok {
			r.heard[to+"/"+fact] = h
		}
	}
}

// hear takes a piece of news in. Every text says what the noun is called.
func (r *reader) hear(n schedule.News, told []schedule.Snapshot) error {
	settled := told[len(told)-1]
	r.title = fmt.Sprint(n.Title)
	for _, novelty := range n.New {
		e, is := entry(n.Plan, novelty.ID), entry(settled.Plan, novelty.ID)
		if e == nil || is == nil {
			return fmt.Errorf("tells of the date %s, which is not there", novelty.ID)
		}
		if r.knowsOf[e.ID+"/start"] == "" {
			r.learn(*e) // a text says when and where
		}
		for fact, isNew := range map[string]bool{"start": novelty.Time || novelty.Added, "end": novelty.Time || novelty.End || novelty.Added, "place": novelty.Place} {
			if !isNew {
				continue
			}
			if value(*e, fact) != value(*is, fact) {
				return fmt.Errorf("says %s of %s, but it was told as %s", value(*e, fact), e.ID, value(*is, fact))
			}
			r.knowsOf[e.ID+"/"+fact] = value(*e, fact)
			if fact == "end" && !novelty.End {
				continue // the text says only when it starts
			}
			if err := r.hearAgain(e.ID, fact, value(*e, fact), told); err != nil {
				return err
			}
		}
	}
	r.dates = max(r.dates, len(n.Plan))
	if n.Fewer {
		r.dates = len(n.Plan)
	}
	return nil
}

// hearAgain refuses to hear what the reader has heard before, unless something else was told
// since.
func (r *reader) hearAgain(id, fact, is string, told []schedule.Snapshot) error {
	name := id + "/" + fact
	if last, ok := r.heard[name]; ok && last.value == is {
		between := slices.ContainsFunc(told[last.told-1:], func(s schedule.Snapshot) bool {
			e := entry(s.Plan, id)
			return e == nil || value(*e, fact) != is
		})
		if !between {
			return fmt.Errorf("says %s of %s twice", is, name)
		}
	}
	r.heard[name] = heard{is, len(told)}
	return nil
}

// knows refuses what the reader believes if it is not so.
func (r *reader) knows(s schedule.Snapshot) error {
	for _, e := range s.Plan {
		for _, fact := range facts {
			if got := r.knowsOf[e.ID+"/"+fact]; got != value(e, fact) {
				return fmt.Errorf("believes of the %s of %s %q, but it is %q", fact, e.ID, got, value(e, fact))
			}
		}
	}
	switch {
	case r.dates > len(s.Plan):
		return fmt.Errorf("believes in %d dates of %d", r.dates, len(s.Plan))
	case r.title != fmt.Sprint(s.Title):
		return fmt.Errorf("believes that it is called %s, not %v", r.title, s.Title)
	}
	return nil
}

func entry(p schedule.Plan, id string) *schedule.Entry {
	i := slices.IndexFunc(p, func(e schedule.Entry) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &p[i]
}
