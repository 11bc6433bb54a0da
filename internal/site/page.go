package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // for the template and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/calendar"
	"faellesskab/internal/event"
	"faellesskab/internal/i18n"
)

//go:embed templates/event.html
var eventPage string

//go:embed templates/style.css
var style string

var eventTemplate = template.Must(template.New("event").Parse(eventPage))

// policy lets the page of an event have its own style, and nothing else.
var policy = policyOf(style)

func policyOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// shownDates is how many dates a page shows.
const shownDates = 20

// summary is how many letters of a description other programs show beside a link.
const summary = 200

// page is the page of a public event, as somebody sees it who is not signed in. Returns NotFound for every other event.
func (s *site) page(ctx context.Context, eventID string) (*answer, error) {
	language := auth.LanguageOf(auth.WithViewer(ctx, auth.Viewer{}), nil)
	e, dates, err := s.Events.Page(auth.WithViewer(ctx, auth.Viewer{}), eventID, shownDates)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := eventTemplate.Execute(&body, s.content(language, e, dates)); err != nil {
		return nil, fmt.Errorf("write the page of an event: %w", err)
	}
	return &answer{contentType: "text/html; charset=utf-8", body: body.Bytes(), policy: policy}, nil
}

// shown is a date as a page shows it.
type shown struct{ Start, Words, Cancelled string }

// content is what the template of an event needs.
type content struct {
	Language, Locale, Title, Summary, URL, Group, Cancelled, Reason, Place, File, App string

	WhenWord, WhereWord, AboutWord, FileWord, AppWord string

	Dates      []shown
	Paragraphs []string
	Style      template.CSS
	Data       any
}

func (s *site) content(l i18n.Language, e *event.Event, dates []*event.Occurrence) content {
	word := func(key string) string { return i18n.Translate(l, "page."+key, nil) }
	c := content{Language: l.Tag().String(), Locale: "da_DK", Title: e.Title, URL: s.PublicURL + event.PagePath + e.ID, Group: strings.Join(e.PublicHosts(), ", "), Place: e.Place.Written(),
		File: event.PagePath + e.ID + calendar.FeedEnd, WhenWord: word("when"), WhereWord: word("where"), AboutWord: word("about"), FileWord: word("file"), AppWord: word("app"),
		Style: template.CSS(style)} //nolint:gosec // it is the program's own
	if l == i18n.English {
		c.Locale = "en_GB"
	}
	if s.AppURL != "" {
		c.App = s.AppURL + event.PagePath + e.ID
	}
	if e.State == event.StateCancelled {
		c.Cancelled = word("cancelled")
		if e.CancelReason != nil {
			c.Reason = *e.CancelReason
		}
	}
	for _, p := range strings.Split(e.Description, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			c.Paragraphs = append(c.Paragraphs, p)
		}
	}
	reader := i18n.Reader{Language: l, Zone: e.TimeZone, Now: s.Now()}
	for _, o := range dates {
		d := shown{Start: o.StartsAt.In(time.UTC).Format(time.RFC3339), Words: reader.Span(o.Start(), o.End(), o.IsAllDay)}
		if o.State == event.StateCancelled {
			d.Cancelled = word("cancelled")
		}
		c.Dates = append(c.Dates, d)
	}
	c.Summary = e.Title
	if len(c.Dates) > 0 {
		c.Summary = c.Dates[0].Words
	}
	if short := []rune(strings.Join(c.Paragraphs, " ")); len(short) > 0 {
		c.Summary += ". " + string(short[:min(len(short), summary)])
	}
	c.Data = data(e, dates, c.URL)
	return c
}

// data is what search engines read: schema.org's Event, for each date.
func data(e *event.Event, dates []*event.Occurrence, url string) any {
	list := make([]map[string]any, 0, len(dates))
	for _, o := range dates {
		d := map[string]any{"@context": "https://schema.org", "@type": "Event", "name": o.Title, "startDate": o.Start().Zone.At(o.StartsAt).Format(time.RFC3339),
			"endDate": o.End().Zone.At(o.EndsAt).Format(time.RFC3339), "eventStatus": "https://schema.org/EventScheduled", "url": url,
			"organizer": organisers(e)} //nolint:misspell // schema.org's word
		if o.State == event.StateCancelled {
			d["eventStatus"] = "https://schema.org/EventCancelled"
		}
		if e.Description != "" {
			d["description"] = e.Description
		}
		if o.Place != nil {
			d["location"] = map[string]any{"@type": "Place", "name": o.Place.Label(), "address": o.Place.Written()}
		}
		list = append(list, d)
	}
	return list
}

// organisers are the groups of an event for search engines.
func organisers(e *event.Event) []map[string]any {
	var list []map[string]any
	for _, name := range e.PublicHosts() {
		list = append(list, map[string]any{"@type": "Organization", "name": name}) //nolint:misspell // schema.org's word
	}
	return list
}
