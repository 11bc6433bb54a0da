package site_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/site"
)

var jsonLD = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

// Nothing that people write ends an element, an attribute, the data for search engines or a line of a calendar.
func TestWhatPeopleWriteStaysText(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	const nasty = `</script><script>alert(1)</script><!--"'><img src=x onerror=alert(1)>{{.}}&amp;`
	e := w.PublishedEvent("anna", g, nil)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(nasty), Description: optional.Of("javascript:alert(1)\nEND:VEVENT\n" + nasty),
		Place: optional.Of(place.Input{Name: new(nasty), Address: new(nasty)})}))(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID, Reason: new(nasty)}))(t)
	body := get(t.Context(), h, "/events/"+e.ID).Body.String()
	for _, bad := range []string{"<script>alert", "<img", `content=""'`, "<!--"} {
		if strings.Contains(body, bad) {
			t.Errorf("%q stands in\n%s", bad, body)
		}
	}
	found := jsonLD.FindAllStringSubmatch(body, -1)
	var data []struct{ Name, Description, EventStatus string }
	if len(found) != 1 || strings.Count(body, "</script>") != 1 {
		t.Fatalf("not one script:\n%s", body)
	}
	if err := json.Unmarshal([]byte(found[0][1]), &data); err != nil || len(data) != 1 || data[0].Name != nasty || !strings.HasSuffix(data[0].Description, nasty) || data[0].EventStatus != "https://schema.org/EventCancelled" {
		t.Errorf("for search engines: %v %+v", err, data)
	}
	file := get(t.Context(), h, "/events/"+e.ID+".ics").Body.String()
	if strings.Count(file, "\r\nEND:VEVENT\r\n") != 1 {
		t.Errorf("the file:\n%s", file)
	}
}

// What is somebody's own is kept by nobody in between, shown to no search engine, and its address is passed on to no other page.
func TestHeadersOfPagesAndCalendars(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	e := w.PublishedEvent("anna", g, nil)
	for _, c := range []struct {
		name, path, kind, cache, robots string
		ctx                             context.Context
	}{
		{"a feed", feedOf(w.As("bo"), w, me), "text/calendar; charset=utf-8", "private, no-cache", "noindex", t.Context()},
		{"a date", "/occurrences/" + ct.DateOf(e.ID) + ".ics", "text/calendar; charset=utf-8", "public, max-age=60", "", t.Context()},
		{"a date for somebody", "/occurrences/" + ct.DateOf(e.ID) + ".ics", "text/calendar; charset=utf-8", "private, no-cache", "noindex", w.As("bo")},
		{"a page", "/events/" + e.ID, "text/html; charset=utf-8", "public, max-age=60", "", t.Context()},
		{"nothing", "/events/x", "text/plain; charset=utf-8", "no-store", "", t.Context()},
	} {
		res := get(c.ctx, h, c.path)
		head := res.Header()
		for name, want := range map[string]string{"Content-Type": c.kind, "Cache-Control": c.cache, "X-Robots-Tag": c.robots, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Set-Cookie": "", "Location": "", "Access-Control-Allow-Origin": ""} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got, want)
			}
		}
		if policy := head.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", c.name, policy)
		}
		r := httptest.NewRequestWithContext(c.ctx, http.MethodHead, c.path, nil)
		got := httptest.NewRecorder()
		h.ServeHTTP(got, r)
		if got.Code != res.Code || got.Header().Get("ETag") != head.Get("ETag") || got.Header().Get("Content-Type") != c.kind || c.name != "nothing" && got.Body.Len() > 0 {
			t.Errorf("%s by HEAD: %d %v, %d bytes", c.name, got.Code, got.Header(), got.Body.Len())
		}
		if tag := head.Get("ETag"); tag != "" {
			if again := get(c.ctx, h, c.path, "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("Cache-Control") != c.cache {
				t.Errorf("%s asked for again: %d %v", c.name, again.Code, again.Header())
			}
		}
		r = httptest.NewRequestWithContext(c.ctx, http.MethodPost, c.path, nil)
		posted := httptest.NewRecorder()
		h.ServeHTTP(posted, r)
		if posted.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s by POST: %d", c.name, posted.Code)
		}
	}
}

// No path leads to another server.
func TestNoPathLeadsElsewhere(t *testing.T) {
	t.Parallel()
	h := pages(ct.New(t))
	for _, path := range []string{"//evil.example/", "/events//evil.example", "/events/..//evil.example", "/events/%2F%2Fevil.example", `/events/\evil.example`, "/calendar/../events/x"} {
		if to := get(t.Context(), h, path).Header().Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, ":") || strings.HasPrefix(to, `/\`) {
			t.Errorf("%s leads to %s", path, to)
		}
	}
}

// The log of a failure does not tell the address of a feed.
func TestASecretStandsInNoLog(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	path := feedOf(w.As("bo"), w, me)
	var log bytes.Buffer
	h := site.Handler(site.Deps{Events: w.Events, Courses: w.Courses, Calendar: w.Calendar, Now: w.DB.Now, PublicURL: ct.PublicURL, Log: slog.New(slog.NewJSONHandler(&log, nil)),
		Refused: func(context.Context) error { return nil },
		Admit:   func(http.ResponseWriter, *http.Request) (func(), *fault.Error) { return func() {}, nil }})
	ctx, cancel := context.WithCancel(auth.WithViewer(t.Context(), auth.Viewer{}))
	cancel()
	res := get(ctx, h, path)
	secret := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics")
	if res.Code < http.StatusInternalServerError || strings.Contains(log.String(), secret) || strings.Contains(res.Body.String(), secret) {
		t.Errorf("%d %q, logged: %s", res.Code, res.Body, log.String())
	}
}
