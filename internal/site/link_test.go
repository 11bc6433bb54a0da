package site_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"faellesskab/internal/auth"
	"faellesskab/internal/calendar"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
)

// The link of an online venue stands on no page and in no file and feed, also not for those who may have it: whoever gets
// hold of one of these addresses would have the link.
func TestNoPageAndNoCalendarHoldsTheLink(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	w.Join(g, "bo")
	const link = "https://moede.example/hemmelig"
	for name, at := range map[string]place.Input{"only online": {OnlineURL: new(link)}, "also in a room": {Name: new("Salen"), OnlineURL: new(link)},
		"with a position": {Latitude: new(55.7), Longitude: new(11.7), OnlineURL: new(link)}} {
		e := w.PublishedEvent("anna", g, nil)
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Place: optional.Of(at)}))(t)
		w.MustAttend("bo", e.ID, 0)
		w.RunPending()
		anybody := auth.WithViewer(t.Context(), auth.Viewer{})
		for _, c := range []struct {
			path string
			ctx  context.Context
		}{
			{"/events/" + e.ID, anybody}, {"/events/" + e.ID, w.As("bo")},
			{"/events/" + e.ID + ".ics", anybody}, {"/events/" + e.ID + ".ics", w.As("bo")}, {"/events/" + e.ID + ".ics", w.As("anna")},
			{"/occurrences/" + ct.DateOf(e.ID) + ".ics", anybody}, {"/occurrences/" + ct.DateOf(e.ID) + ".ics", w.As("bo")},
			{feedOf(w.As("bo"), w, me), anybody}, {feedOf(w.As("bo"), w, calendar.FeedScopeInput{GroupID: &g}), anybody},
			{"/occurrences/" + ct.DateOf(e.ID) + "/attendances.csv", w.As("anna")}, {"/occurrences/" + ct.DateOf(e.ID) + "/attendances", w.As("anna")},
		} {
			res := get(c.ctx, h, c.path)
			if body := strings.ReplaceAll(res.Body.String(), "\r\n ", ""); res.Code != http.StatusOK || strings.Contains(body, "moede.example") {
				t.Errorf("%s, %s: %d\n%s", name, c.path, res.Code, body)
			}
		}
	}
}
