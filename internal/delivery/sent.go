package delivery

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// sent knows which news that was sent may still stand on screens, so that who writes what it depends on is enough to
// have it looked at.
type sent struct {
	mu    sync.Mutex
	jobs  map[string]sentJob             // by key
	about map[string]map[string]struct{} // keys by subject
	moved map[string]struct{}            // keys of what something was written about
	whole bool                           // whether it knows of all that was sent before this process began
	wake  chan struct{}
}

type sentJob struct {
	subject string
	lookAt  time.Time
}

func newSent() *sent {
	return &sent{jobs: map[string]sentJob{}, about: map[string]map[string]struct{}{}, moved: map[string]struct{}{}, wake: make(chan struct{}, 1)}
}

// note remembers until when a job is not looked at, or forgets it.
func (s *sent) note(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if j.LookAt == nil {
		delete(s.jobs, j.Key)
		if delete(s.about[j.Subject], j.Key); len(s.about[j.Subject]) == 0 {
			delete(s.about, j.Subject)
		}
		return
	}
	s.jobs[j.Key] = sentJob{j.Subject, *j.LookAt}
	if s.about[j.Subject] == nil {
		s.about[j.Subject] = map[string]struct{}{}
	}
	s.about[j.Subject][j.Key] = struct{}{}
}

// written hears of documents that were written: a subject itself, or something of it, whose id begins with the
// subject's, such as a booking.
func (s *sent) written(ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, docID := range ids {
		subject, _, _ := strings.Cut(docID, ":")
		for key := range s.about[subject] {
			s.moved[key] = struct{}{}
			wake(s.wake)
		}
	}
}

// take takes the keys of some jobs about which something was written.
func (s *sent) take(most int) (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.moved {
		if len(keys) == most {
			wake(s.wake)
			break
		}
		delete(s.moved, key)
		keys = append(keys, key)
	}
	return keys
}

// putBack gives back keys that were taken.
func (s *sent) putBack(keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		s.moved[key] = struct{}{}
	}
}

// isDue reports whether a job is to be looked at.
func (s *sent) isDue(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobs {
		if !j.lookAt.After(now) {
			return true
		}
	}
	return false
}

// isComplete reports whether it knows of all news that is looked at, if no other process sends any.
func (s *sent) isComplete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.whole
}

// complete says that it has been told of all.
func (s *sent) complete() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.whole = true
}

func has(list []*job, key string) bool {
	return slices.ContainsFunc(list, func(j *job) bool { return j.Key == key })
}
