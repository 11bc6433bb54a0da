package course_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/calendar"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/ical"
	"faellesskab/internal/page"
)

// courseFor is a course for areas (none: for all), with a session of an hour at each of these hours from now.
func courseFor(staff context.Context, t *testing.T, w *ct.World, title string, areaIDs []string, hours ...int) *course.Course {
	t.Helper()
	in := course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: title}}, AreaIDs: areaIDs, TimeZone: clock.Copenhagen}
	for _, h := range hours {
		start := w.Clock.Now().Add(time.Duration(h) * time.Hour)
		in.Sessions = append(in.Sessions, course.SessionInput{StartsAt: clock.LocalOf(start, clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)})
	}
	return ct.Must(w.Courses.Create(staff, in))(t)
}

// The calendar of an area has the sessions of its courses between the dates of its groups, in pages of any length; so has
// its feed, which also tells that a course was cancelled.
func TestAnAreasCalendarHasItsCourses(t *testing.T) {
	t.Parallel()
	w, staff, _ := school(t, 1) // a draft, which nobody sees
	ct.Must(w.LoadAreas(t.Context()))(t)
	areas := ct.Must(w.Areas.List(t.Context()))(t)
	now := w.Clock.Now()
	for _, c := range []*course.Course{
		courseFor(staff, t, w, "Her", []string{areas[0].ID}, 30, 300),
		courseFor(staff, t, w, "Overalt", nil, 20, 40, 60),
		courseFor(staff, t, w, "Andetsteds", []string{areas[1].ID}, 25),
		courseFor(staff, t, w, "Aflyst", []string{areas[0].ID}, 35),
	} {
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
		if c.Title(t.Context(), nil) == "Aflyst" {
			ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
		}
	}
	g := w.Group("anna", func(in *group.CreateInput) { in.AreaID = &areas[0].ID })
	for _, h := range []int{10, 50} {
		w.PublishedAt("anna", g.ID, now.Add(time.Duration(h)*time.Hour), nil)
	}
	want := []string{"Fællesspisning 10", "Overalt 20", "Her 30", "Overalt 40", "Fællesspisning 50", "Overalt 60", "Her 300"}
	for _, first := range []int{1, 2, 3, 50} {
		got := inCalendar(t, first, now, func(a page.Args) (*calendar.EntryConnection, error) {
			return w.Calendar.OfArea(w.As("bo"), areas[0].ID, calendar.Span{}, a)
		})
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %q, want %q", first, got, want)
		}
	}
	from, to := now.Add(20*time.Hour+30*time.Minute), now.Add(40*time.Hour)
	got := inCalendar(t, 1, now, func(a page.Args) (*calendar.EntryConnection, error) {
		return w.Calendar.OfArea(w.As("bo"), areas[0].ID, calendar.Span{From: &from, To: &to}, a)
	})
	if within := []string{"Overalt 20", "Her 30"}; !slices.Equal(got, within) {
		t.Errorf("while one runs, until one starts: %q, want %q", got, within)
	}
	feed := ct.Must(w.Courses.AreaFeed(w.As("bo"), areas[0].ID, now, 100))(t)
	var told []string
	for _, e := range feed {
		told = append(told, fmt.Sprintf("%s %.0f %s", e.Summary, e.StartsAt.Sub(now).Hours(), e.Status))
	}
	if want := []string{"Overalt 20 CONFIRMED", "Her 30 CONFIRMED", "Aflyst 35 CANCELLED", "Overalt 40 CONFIRMED", "Overalt 60 CONFIRMED", "Her 300 CONFIRMED"}; !slices.Equal(told, want) {
		t.Errorf("the feed: %q, want %q", told, want)
	}
}

// A course that began long ago has a session behind those of many that begin later.
func TestManyCoursesOfAnAreaStayInOrder(t *testing.T) {
	t.Parallel()
	w, staff, _ := school(t, 1)
	ct.Must(w.LoadAreas(t.Context()))(t)
	areas := ct.Must(w.Areas.List(t.Context()))(t)
	publish := func(c *course.Course) {
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	}
	publish(courseFor(staff, t, w, "Lang", nil, 1, 112, 400))
	for i := range 120 {
		publish(courseFor(staff, t, w, fmt.Sprint(i), nil, i+2))
	}
	now := w.Clock.Now()
	w.Clock.Advance(90 * time.Minute)
	all := inCalendar(t, 7, now, func(a page.Args) (*calendar.EntryConnection, error) {
		return w.Calendar.OfArea(w.As("bo"), areas[0].ID, calendar.Span{}, a)
	})
	if len(all) != 123 || all[0] != "Lang 1" || all[1] != "0 2" || all[121] != "119 121" || all[122] != "Lang 400" || !slices.Contains(all[110:113], "Lang 112") {
		t.Errorf("%d entries: %q", len(all), all)
	}
}

// 23, 27: a session that is moved has a higher number, and the moment of the change, under the same name; nothing else changes
// what is read.
func TestKnownBreak23ASessionThatIsMovedSaysSo(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	from := w.Clock.Now()
	read := func() ical.Event { return ct.Must(w.Courses.OwnFeed(w.As("bo"), from, 10))(t)[0] }
	before := read()
	w.Clock.Advance(time.Hour)
	enrol(t, w, "cara", c.ID)
	if again := read(); again.Sequence != before.Sequence || !again.ChangedAt.Equal(before.ChangedAt) {
		t.Errorf("after somebody else has signed up: %+v, before %+v", again, before)
	}
	sessions := inputOf(ct.Must(w.Courses.Get(staff, c.ID))(t))
	sessions[0].StartsAt, sessions[0].EndsAt = sessions[0].StartsAt.Plus(time.Hour), sessions[0].EndsAt.Plus(time.Hour)
	update(staff, t, w, c.ID, sessions...)
	if after := read(); after.UID != before.UID || after.Sequence != before.Sequence+1 || !after.ChangedAt.Equal(w.Clock.Now()) || after.StartsAt.Equal(before.StartsAt) {
		t.Errorf("after the move: %+v, before %+v", after, before)
	}
}
