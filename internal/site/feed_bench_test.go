package site_test

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"
	"time"

	"faellesskab/internal/calendar"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/id"
)

// A feed of 1,000 dates, which is as many as a calendar program is given, asked for anew, and again by its ETag.
func BenchmarkFeedOfAThousandDates(b *testing.B) {
	w := ct.New(b)
	g, h := w.Group("anna").ID, pages(w)
	for n := range 20 {
		e := w.PublishedAt("anna", g, w.Clock.Now().Add(time.Duration(48+n)*time.Hour), nil)
		for _, o := range ct.All[event.Occurrence](w, "occurrences", map[string]any{"eventId": e.ID}) {
			for i := 1; i < 50; i++ {
				w.Put("occurrences", map[string]any{"_id": id.Derive(id.Occurrence, e.ID, strconv.Itoa(i)), "eventId": e.ID, "groupId": g, "state": o.State, "openTo": o.OpenTo, "facets": []string{"group:" + g},
					"title": o.Title, "timeZone": o.TimeZone, "createdAt": o.CreatedAt, "version": 1,
					"startsAt": o.StartsAt.AddDate(0, 0, i), "endsAt": o.EndsAt.AddDate(0, 0, i),
					"startsAtLocal": o.StartsAtLocal.Plus(time.Duration(i) * 24 * time.Hour), "endsAtLocal": o.EndsAtLocal.Plus(time.Duration(i) * 24 * time.Hour)})
			}
		}
	}
	path := feedOf(w.As("anna"), w, calendar.FeedScopeInput{GroupID: &g})
	res := get(b.Context(), h, path)
	if n := bytes.Count(res.Body.Bytes(), []byte("\r\nBEGIN:VEVENT")); n != 1000 {
		b.Fatalf("%d dates", n)
	}
	for _, c := range []struct {
		name string
		code int
		tag  string
	}{{"anew", http.StatusOK, ""}, {"again", http.StatusNotModified, res.Header().Get("ETag")}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := get(b.Context(), h, path, "If-None-Match", c.tag); got.Code != c.code {
					b.Fatal(got.Code)
				}
			}
			b.ReportMetric(float64(res.Body.Len()), "feed-B")
		})
	}
}
