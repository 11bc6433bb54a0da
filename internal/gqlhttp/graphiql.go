package gqlhttp

import (
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strings"
)

// pages are GraphiQL 3.9.0 and React 18.3.1 as npm has them, compressed (make graphiql), and a page
// that starts them.
//
//go:embed graphiql
var pages embed.FS

// pagePolicy lets the page load nothing from elsewhere. The editor writes styles into the page, and
// its fonts are in its style sheet.
const pagePolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// GraphiQL is a page for trying queries, for development, at the path / with all that it needs
// below /graphiql/. It works without a network. The endpoint is at /graphql.
func GraphiQL() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { servePage(w, r, "index.html") })
	mux.HandleFunc("GET /graphiql/{file}", func(w http.ResponseWriter, r *http.Request) { servePage(w, r, r.PathValue("file")) })
	return mux
}

func servePage(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	if page, err := pages.ReadFile("graphiql/" + name); err == nil {
		h.Set("Content-Type", pageType(name))
		h.Set("Content-Security-Policy", pagePolicy)
		_, _ = w.Write(page) //nolint:gosec // the files are our own
		return
	}
	packed, err := pages.Open("graphiql/" + name + ".gz")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer packed.Close()
	h.Set("Content-Type", pageType(name))
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		_, _ = io.Copy(w, packed)
		return
	}
	plain, err := gzip.NewReader(packed)
	if err != nil {
		http.Error(w, "the file is damaged", http.StatusInternalServerError)
		return
	}
	_, _ = io.Copy(w, plain) //nolint:gosec // the files are our own, and small
}

// pageType is the content type of a file. What the machine thinks of its extension does not matter.
func pageType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}
