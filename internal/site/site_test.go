package site_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/calendar"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule"
	"faellesskab/internal/site"
)

// pages are the pages of a world.
func pages(w *ct.World) http.Handler {
	return site.Handler(site.Deps{Events: w.Events, Courses: w.Courses, Calendar: w.Calendar, CheckIns: w.CheckIns, Certificates: w.Certificates, Now: w.DB.Now, AppURL: ct.AppURL, PublicURL: ct.PublicURL, Log: slog.New(slog.DiscardHandler),
		Refused: func(context.Context) error { return nil },
		Admit:   func(http.ResponseWriter, *http.Request) (func(), *fault.Error) { return func() {}, nil }})
}

// get asks for a path, as a person or as nobody.
func get(ctx context.Context, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// feedOf is the path of a person's feed.
func feedOf(ctx context.Context, w *ct.World, of calendar.FeedScopeInput) string {
	w.T.Helper()
	f := ct.Must(w.Calendar.Feed(ctx, of))(w.T)
	path, ok := strings.CutPrefix(f.URL, ct.PublicURL)
	if !ok || f.WebcalURL() != "webcal://server.test"+path {
		w.T.Fatalf("the address %s", f.URL)
	}
	return path
}

var me = calendar.FeedScopeInput{Me: new(true)}

// 17, 26, 27: a person's feed has the date that they have booked and no other; asked again, it is the same bytes.
func TestAFeedHasWhatSomebodyHasBooked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	e, other := w.PublishedEvent("anna", g, nil), w.PublishedEvent("anna", g, nil)
	w.MustAttend("bo", e.ID, 0)
	path := feedOf(w.As("bo"), w, me)
	if again := feedOf(w.As("bo"), w, me); again != path {
		t.Errorf("another address: %s", again)
	}
	first := get(t.Context(), h, path)
	w.Clock.Advance(2 * time.Second)
	second := get(t.Context(), h, path)
	body := first.Body.String()
	if first.Code != http.StatusOK || body != second.Body.String() || !strings.Contains(body, "UID:"+ct.DateOf(e.ID)+"@faellesskab") || strings.Contains(body, ct.DateOf(other.ID)) {
		t.Errorf("%d: %s", first.Code, body)
	}
	if third := get(t.Context(), h, path, "If-None-Match", first.Header().Get("ETag")); third.Code != http.StatusNotModified || third.Body.Len() > 0 {
		t.Errorf("the same calendar again: %d", third.Code)
	}
}

// discourse#39892, #40813: whoever goes to one date of a series goes to that date only. Their feed has one date, and the next starts
// empty.
func TestKnownBreak17OneDateIsNotTheNext(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, first := w.Group("anna").ID, clock.Local("2026-05-04T18:00:00")
	e := ct.Must(w.Events.Create(w.As("anna"), event.CreateInput{GroupID: g, Title: "Madklub", StartsAt: first, EndsAt: first.Plus(2 * time.Hour),
		TimeZone: clock.Copenhagen, Capacity: ct.Seats(1), Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=3"}}))(t)
	e = ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	var dates []string
	for _, edge := range ct.Must(w.Events.Occurrences(w.As("anna"), e, page.Args{First: 3}))(t).Edges {
		dates = append(dates, edge.Node.ID)
	}
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[0]}))(t)
	w.RunPending()
	body := get(t.Context(), pages(w), feedOf(w.As("bo"), w, me)).Body.String()
	if strings.Count(body, "BEGIN:VEVENT") != 1 || !strings.Contains(body, "UID:"+dates[0]+"@faellesskab") {
		t.Errorf("the feed has\n%s", body)
	}
	own := ct.Must(w.Bookings.OwnOf(w.As("bo"), dates))(t)
	for i, date := range dates[1:] {
		if b := w.Bookable(date); own[date] != nil || len(w.BookingsAt(date)) != 0 || b.SeatsTaken != 0 || *b.SeatsLeft() != 1 {
			t.Errorf("date %d: %+v", i+1, b.Seats)
		}
	}
	if r := ct.Must(w.Events.Attend(w.As("cara"), event.AttendInput{OccurrenceID: dates[1]}))(t); r.Gave != booking.Confirmed {
		t.Errorf("cara is %s at the next", r.Gave)
	}
}

// 24: a cancelled date keeps its name, and says so with a higher number.
func TestACancelledDateStaysInTheFeed(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	e := w.PublishedEvent("anna", g, nil)
	w.MustAttend("bo", e.ID, 0)
	path := feedOf(w.As("bo"), w, me)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.RunPending()
	body := get(t.Context(), h, path).Body.String()
	for _, want := range []string{"UID:" + ct.DateOf(e.ID), "STATUS:CANCELLED", "SEQUENCE:1"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
}

// 28: whoever has left a group reads its calendar no longer, also by the old address after coming back; a renewed address
// takes the place of the old one.
func TestAnAddressEndsWithItsAccess(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	w.Join(g, "bo")
	of := calendar.FeedScopeInput{GroupID: &g}
	path := feedOf(w.As("bo"), w, of)
	ct.Must(w.Calendar.Renew(w.As("bo"), calendar.RenewFeedInput{Scope: of}))(t)
	renewed := feedOf(w.As("bo"), w, of)
	if was, is := get(t.Context(), h, path).Code, get(t.Context(), h, renewed).Code; path == renewed || was != http.StatusNotFound || is != http.StatusOK {
		t.Errorf("renewed: the old address gives %d, the new one %d", was, is)
	}
	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g}))(t)
	w.RunPending()
	if code := get(t.Context(), h, renewed).Code; code != http.StatusNotFound {
		t.Errorf("after leaving: %d", code)
	}
	w.Join(g, "bo")
	if code := get(t.Context(), h, renewed).Code; code != http.StatusNotFound {
		t.Errorf("after coming back: %d", code)
	}
}

func TestAnAddressEndsWithTheAccount(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.As("bo")
	path := feedOf(w.As("bo"), w, me)
	if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	if code := get(t.Context(), pages(w), path).Code; code != http.StatusNotFound {
		t.Errorf("after the erasure: %d", code)
	}
}

// What is hidden and what does not exist have the same answer.
func TestThePageOfAnEvent(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, h := w.Group("anna").ID, pages(w)
	e := w.PublishedEvent("anna", g, nil)
	res := get(t.Context(), h, "/events/"+e.ID)
	body := res.Body.String()
	for _, want := range []string{`<html lang="da">`, "<h1>" + e.Title, `property="og:title"`, `"@type":"Event"`, "/events/" + e.ID + ".ics", ct.AppURL + "/events/" + e.ID} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if policy := res.Header().Get("Content-Security-Policy"); res.Code != http.StatusOK || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("%d with the policy %q", res.Code, policy)
	}
	if res := get(t.Context(), h, "/occurrences/"+ct.DateOf(e.ID)+".ics"); res.Code != http.StatusOK || !strings.Contains(res.Body.String(), "BEGIN:VTIMEZONE") {
		t.Errorf("the date as a file: %d %s", res.Code, res.Body)
	}
	hides := group.VisibilityHidden
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g, Visibility: optional.Of(hides)}))(t)
	w.RunPending()
	hidden, missing := get(t.Context(), h, "/events/"+e.ID), get(auth.WithViewer(t.Context(), auth.Viewer{}), h, "/events/evt_00000000000000000000000000")
	if hidden.Code != http.StatusNotFound || hidden.Body.String() != missing.Body.String() || missing.Code != http.StatusNotFound {
		t.Errorf("hidden %d %q, missing %d %q", hidden.Code, hidden.Body, missing.Code, missing.Body)
	}
}
