package course_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/calendar"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/page"
)

// inCalendar are the entries of a calendar, read in pages of that length, by their titles and the hours until
// their starts.
func inCalendar(t *testing.T, first int, from time.Time, read func(page.Args) (*calendar.EntryConnection, error)) []string {
	t.Helper()
	list := []string{}
	for a := (page.Args{First: first}); ; {
		c := ct.Must(read(a))(t)
		for _, e := range c.Edges {
			title := ""
			switch n := e.Node.(type) {
			case *event.Occurrence:
				title = n.Title
			case *course.Session:
				title = n.Title(t.Context())
			}
			list = append(list, fmt.Sprintf("%s %.0f", title, e.Node.Start().At.Sub(from).Hours()))
		}
		if !c.PageInfo.HasNextPage {
			return list
		}
		a.After = *c.PageInfo.EndCursor
	}
}

// What somebody has signed up for stands in one order, dates and sessions alike. An entry is upcoming
// until it ends, and past from then on.
func TestDatesAndSessionsStandInOneCalendar(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3) // one session a day, from tomorrow on, of an hour
	start := w.Clock.Now()
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	g := w.Group("anna")
	for _, hours := range []int{36, 60, 12} {
		w.MustAttend("bo", w.PublishedAt("anna", g.ID, start.Add(time.Duration(hours)*time.Hour), nil).ID, 0)
	}
	want := func(name string, got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	upcoming := func(a page.Args) (*calendar.EntryConnection, error) { return w.Calendar.Upcoming(w.As("bo"), a) }
	past := func(a page.Args) (*calendar.EntryConnection, error) { return w.Calendar.Past(w.As("bo"), a) }
	for _, first := range []int{1, 2, 50} {
		want("at first", inCalendar(t, first, start, upcoming), []string{"Fællesspisning 12", "Hjertestart 24", "Fællesspisning 36", "Hjertestart 48", "Fællesspisning 60", "Hjertestart 72"})
		want("nothing has been", inCalendar(t, first, start, past), []string{})
	}
	w.Clock.Advance(48*time.Hour + 30*time.Minute) // the second session runs
	for _, first := range []int{1, 2, 50} {
		want("later", inCalendar(t, first, start, upcoming), []string{"Hjertestart 48", "Fællesspisning 60", "Hjertestart 72"})
		want("what has been", inCalendar(t, first, start, past), []string{"Fællesspisning 36", "Hjertestart 24", "Fællesspisning 12"})
	}
	ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
	want("without the course", inCalendar(t, 50, start, upcoming), []string{"Fællesspisning 60"})
}
