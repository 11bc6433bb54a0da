package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"faellesskab/internal/mongodb"
)

// health answers whether the process lives and whether it can serve.
type health struct {
	ready atomic.Bool
	db    *mongodb.DB
}

// live says that the process answers.
func (h *health) live(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") }

// serves says whether calls should be sent to this server: not before it has started, not while
// it stops, and not without a database.
func (h *health) serves(w http.ResponseWriter, r *http.Request) {
	if !h.ready.Load() {
		answer(w, http.StatusServiceUnavailable, "starting or stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := h.db.Ping(ctx); err != nil {
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	answer(w, http.StatusOK, "ok")
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) //nolint:gosec // it is plain text, which no browser takes for a page
}
