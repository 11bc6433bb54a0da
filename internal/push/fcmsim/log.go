package fcmsim

import (
	"net/http"
	"slices"
	"time"
)

// Try is a message that a client tried to send, and the answer it got.
type Try struct {
	Device   string    `json:"device"`
	Platform string    `json:"platform"`
	NoticeID string    `json:"noticeId"`
	Answer   string    `json:"answer"` // FCM's word ("UNREGISTERED"), or OK, RESET, RESET_AFTER, HANG
	At       time.Time `json:"at"`
}

// word is an answer's name in the log.
func (a Answer) word() string {
	switch a.kind {
	case kindOK:
		return "OK"
	case kindReset:
		return "RESET"
	case kindResetAfter:
		return "RESET_AFTER"
	case kindHang:
		return "HANG"
	}
	for _, d := range a.failure.Error.Details {
		if d.ErrorCode != "" {
			return d.ErrorCode
		}
	}
	return a.failure.Error.Status
}

// Tries is the log of tries, oldest first. It keeps as many as the log of pushes.
func (s *Simulator) Tries() []Try {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries.all()
}

// showLog answers GET /log with JSON: what phones showed, what was taken off their screens, and the tries with
// their answers, oldest first. ?device=, ?platform=, ?noticeId= and, for tries, ?answer= filter them.
func (s *Simulator) showLog(w http.ResponseWriter, r *http.Request) {
	left := func(query, value string) bool { return r.FormValue(query) != "" && r.FormValue(query) != value }
	others := func(p Push) bool {
		return left("device", p.Device) || left("platform", p.Platform) || left("noticeId", p.Data["noticeId"])
	}
	tries := slices.DeleteFunc(s.Tries(), func(t Try) bool {
		return left("device", t.Device) || left("platform", t.Platform) || left("noticeId", t.NoticeID) || left("answer", t.Answer)
	})
	writeJSON(w, http.StatusOK, map[string]any{"requests": s.Requests(), "received": s.Received(), "pushes": slices.DeleteFunc(s.Pushes(), others),
		"removals": slices.DeleteFunc(s.Removals(), others), "tries": tries})
}

// ring keeps the newest of the added values.
type ring[T any] struct {
	list   []T
	oldest int // where it begins, once it is full
}

func (r *ring[T]) add(v T, keep int) {
	if len(r.list) < keep {
		r.list = append(r.list, v)
		return
	}
	r.list[r.oldest] = v
	r.oldest = (r.oldest + 1) % keep
}

// all are the kept values, the oldest first.
func (r *ring[T]) all() []T {
	return append(append(make([]T, 0, len(r.list)), r.list[r.oldest:]...), r.list[:r.oldest]...)
}
