package gqlhttp

import (
	"net/http"
	"regexp"
	"time"

	"github.com/rs/cors"

	"faellesskab/internal/fault"
)

// preflightLife is how long a browser may remember what a page may send; none remembers longer.
const preflightLife = 2 * time.Hour

// acrossOrigins refuses pages of other sites, except for those of Options.Origins. Browsers ask
// for these beforehand, and are told that the page may send any header, since a token is one and
// clients add headers of their own. Cookies stay away.
func (h *handler) acrossOrigins(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(h.denyCrossOrigin))
	for _, origin := range h.options.Origins {
		// Only an origin with a path is refused, and such a one names no page.
		_ = sameOrigin.AddTrustedOrigin(origin)
	}
	guarded := sameOrigin.Handler(next)
	if len(h.options.Origins) == 0 {
		return guarded
	}
	return cors.New(cors.Options{
		AllowedOrigins: h.options.Origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"*"},
		ExposedHeaders: []string{requestIDHeader, "Retry-After"},
		MaxAge:         int(preflightLife.Seconds()),
	}).Handler(guarded)
}

func (h *handler) denyCrossOrigin(w http.ResponseWriter, r *http.Request) {
	a := requestErrors(http.StatusForbidden, h.fail(r.Context(), fault.Forbidden("request.cross_origin")))
	h.send(r.Context(), w, r, a, &logEntry{start: time.Now()})
}

// special are the characters with a meaning of their own in the patterns of websocket.Accept.
var special = regexp.MustCompile(`[*?\[\]\\]`)

// literal makes patterns that match these origins and nothing else. The address [::1] would
// otherwise stand for one of the characters in it.
func literal(origins []string) []string {
	var patterns []string
	for _, origin := range origins {
		patterns = append(patterns, special.ReplaceAllString(origin, `\$0`))
	}
	return patterns
}
