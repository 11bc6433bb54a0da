package ical

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"faellesskab/internal/clock"
	"faellesskab/internal/schedule"
)

// ContentType is the media type of what Write writes.
const ContentType = "text/calendar; charset=utf-8"

// product names the program that wrote a calendar.
const product = "-//Faellesskab//Faellesskab//DA"

// Status is how sure it is that an event takes place, or that the reader comes.
type Status string

// The statuses, as RFC 5545 names them.
const (
	Confirmed Status = "CONFIRMED"
	Tentative Status = "TENTATIVE" // the reader waits for a seat
	Cancelled Status = "CANCELLED"
)

// Event is one date in a calendar.
type Event struct {
	// UID names the date for ever, in every calendar in which it stands.
	UID string
	// Sequence counts the changes of its time and place, and whether it was cancelled or brought back.
	Sequence int
	// ChangedAt is when it last changed. It must not be the moment at which the calendar is asked for.
	ChangedAt time.Time
	schedule.Date
	IsAllDay    bool // only the days of the date count
	Status      Status
	Summary     string
	Description string
	Location    string
	// Latitude and Longitude are degrees (WGS 84); both nil or neither.
	Latitude, Longitude *float64
	URL                 string
	Category            string
}

// Sort puts events in the order of their starts.
func Sort(list []Event) {
	slices.SortFunc(list, func(a, b Event) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.UID, b.UID)) })
}

// Calendar is what a program shows as one calendar.
type Calendar struct {
	Name   string
	Events []Event
	// Refresh is how often programs should ask for it again; 0: they are not told, and it is a file to be read once.
	Refresh time.Duration
}

// Write writes a calendar. Lines are folded between letters at 75 octets at most. Each zone of a date has one VTIMEZONE.
func Write(w io.Writer, c Calendar) error {
	out := ics.NewCalendarFor(product)
	out.SetProductId(product)
	out.SetCalscale("GREGORIAN")
	out.SetMethod(ics.MethodPublish)
	if c.Name != "" {
		out.SetXWRCalName(written(c.Name))
	}
	if c.Refresh > 0 {
		every := fmt.Sprintf("PT%dM", int(c.Refresh.Minutes()))
		out.SetRefreshInterval(every)
		out.SetXPublishedTTL(every)
	}
	for _, z := range zonesOf(c.Events) {
		out.AddVTimezone(z.component())
	}
	for _, e := range c.Events {
		out.AddVEvent(e.component())
	}
	if err := out.SerializeTo(w, ics.WithNewLineWindows); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

func (e Event) component() *ics.VEvent {
	v := ics.NewEvent(e.UID)
	v.SetDtStampTime(e.ChangedAt)
	v.SetModifiedAt(e.ChangedAt)
	v.SetSequence(e.Sequence)
	v.SetStatus(ics.ObjectStatus(e.Status))
	v.SetSummary(written(e.Summary))
	e.putTime(v)
	if e.Description != "" {
		v.SetDescription(written(e.Description))
	}
	if e.Location != "" {
		v.SetLocation(written(e.Location))
	}
	if e.Latitude != nil && e.Longitude != nil {
		v.SetProperty(ics.ComponentPropertyGeo, fmt.Sprintf("%.6f;%.6f", *e.Latitude, *e.Longitude))
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	if e.Category != "" {
		v.AddCategory(written(e.Category))
	}
	return v
}

// putTime writes when it is. The end of whole days is the day after the last.
func (e Event) putTime(v *ics.VEvent) {
	start, end := e.StartsAtLocal.OnPaper(), e.EndsAtLocal.OnPaper()
	if !e.IsAllDay {
		putMoment(v, ics.ComponentPropertyDtStart, e.StartsAtLocal, e.Start())
		putMoment(v, ics.ComponentPropertyDtEnd, e.EndsAtLocal, e.End())
		return
	}
	if end.Format(time.TimeOnly) != "00:00:00" {
		end = end.AddDate(0, 0, 1)
	}
	v.SetProperty(ics.ComponentPropertyDtStart, start.Format(dayForm), ics.WithValue("DATE"))
	v.SetProperty(ics.ComponentPropertyDtEnd, end.Format(dayForm), ics.WithValue("DATE"))
}

// putMoment writes a time by the clock of its zone. One that comes twice is written by that of UTC: RFC 5545 means the first
// of the two, and not all programs do.
func putMoment(v *ics.VEvent, property ics.ComponentProperty, wall clock.Local, m clock.Moment) {
	if m.Zone == utc || wall.IsTwice(m.Zone) {
		v.SetProperty(property, m.At.UTC().Format(localForm)+"Z")
		return
	}
	v.SetProperty(property, wall.OnPaper().Format(localForm), ics.WithTZID(string(m.Zone)))
}

// These are a time by the clock on the wall and a day, as RFC 5545 writes them.
const (
	localForm = "20060102T150405"
	dayForm   = "20060102"
)

// written is a text as it may stand in a calendar: with one sort of line break, and without other control characters.
func written(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
