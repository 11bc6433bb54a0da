package gate

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/httprate"
)

// Rate counts how many requests each caller makes within a minute, up to a limit. Safe for concurrent use.
type Rate struct{ limiter *httprate.RateLimiter }

// NewRate makes one that lets each caller make as many requests within a minute as limit says.
func NewRate(limit int) *Rate {
	return &Rate{httprate.NewRateLimiter(limit, time.Minute, httprate.WithResponseHeaders(httprate.ResponseHeaders{}))}
}

// IsOver reports whether the caller of a request has made too many, by HomeFrom, and counts the request if not. It answers
// nothing.
func (l *Rate) IsOver(w http.ResponseWriter, r *http.Request) bool {
	return l.limiter.OnLimit(w, r, HomeFrom(r.Context()).String())
}

// IsOverIn is IsOver for a caller of whom only the context is known.
func (l *Rate) IsOverIn(ctx context.Context) bool {
	return l.IsOver(nowhere{}, new(http.Request).WithContext(ctx))
}

// nowhere takes an answer that is none: the limiter has nothing to say to it, since no header is asked for.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
