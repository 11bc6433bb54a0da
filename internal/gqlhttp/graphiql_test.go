package gqlhttp

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// Everything that the page names is served by the program, and the browser is told to load
// nothing else.
func TestGraphiQLWorksWithoutANetwork(t *testing.T) {
	t.Parallel()
	page := getPage(t, "/", "")
	if got := page.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'self';") || strings.Contains(got, "http") {
		t.Errorf("the page may load what %q says", got)
	}
	named := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(named) != 5 {
		t.Errorf("the page names %q", named)
	}
	for _, name := range named {
		plain, packed := getPage(t, "/"+name[1], ""), getPage(t, "/"+name[1], "br, gzip")
		kind := "text/javascript"
		if strings.HasSuffix(name[1], ".css") {
			kind = "text/css"
		}
		if got := plain.Header().Get("Content-Type"); !strings.HasPrefix(got, kind) || plain.Body.Len() < 500 {
			t.Errorf("%s is %q with %d bytes", name[1], got, plain.Body.Len())
		}
		if far := regexp.MustCompile(`(?:url\(|@import |fetch\(|import\()["']?(?:https?:)?//`).FindString(plain.Body.String()); far != "" {
			t.Errorf("%s loads something from elsewhere: %s", name[1], far)
		}
		if packed.Header().Get("Content-Encoding") == "gzip" && !bytes.Equal(unpack(t, packed.Body), plain.Body.Bytes()) {
			t.Errorf("%s is something else when it is compressed", name[1])
		}
	}
}

func TestGraphiQLServesNothingElse(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/graphiql/", "/graphiql/none.js", "/graphiql/..%2fgraphiql.go", "/other"} {
		w := httptest.NewRecorder()
		GraphiQL().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s is answered with %d", path, w.Code)
		}
	}
}

func getPage(t *testing.T, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	GraphiQL().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s is answered with %d: %s", path, w.Code, w.Body)
	}
	return w
}

func unpack(t *testing.T, r io.Reader) []byte {
	t.Helper()
	plain, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
