package course_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/place"
)

func TestEightyPercentAreEnough(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ sessions, attended, enough int }{
		{1, 0, 0}, {1, 1, 1}, {2, 1, 0}, {4, 3, 0}, {4, 4, 1}, {5, 3, 0}, {5, 4, 1}, {6, 4, 0}, {6, 5, 1}, {10, 7, 0}, {10, 8, 1},
	} {
		c := &course.Course{Sessions: make([]course.Session, row.sessions)}
		var attended []*course.Session
		for i := range row.attended {
			attended = append(attended, &c.Sessions[i])
		}
		if got := c.IsEnough(attended); got != (row.enough == 1) {
			t.Errorf("%d of %d: %t", row.attended, row.sessions, got)
		}
	}
}

// school is a world with a draft of that many sessions, and its staff.
func school(t *testing.T, sessions int) (w *ct.World, staff context.Context, c *course.Course) {
	t.Helper()
	return schoolIn(t, ct.New(t), sessions)
}

// schoolIn makes it in a world that is there already.
func schoolIn(t *testing.T, w *ct.World, sessions int) (_ *ct.World, staff context.Context, c *course.Course) {
	t.Helper()
	staff = w.Grant("staff", auth.RoleStaff)
	skill := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Førstehjælp"}}))(t)
	in := course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: "Hjertestart"}}, SkillIDs: []string{skill.ID},
		TimeZone: clock.Copenhagen, Capacity: ct.Seats(2)}
	for i := range sessions {
		start := w.Clock.Now().Add(time.Duration(i+1) * 24 * time.Hour)
		in.Sessions = append(in.Sessions, course.SessionInput{StartsAt: clock.LocalOf(start, clock.Copenhagen),
			EndsAt: clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)})
	}
	return w, staff, ct.Must(w.Courses.Create(staff, in))(t)
}

func enrol(t *testing.T, w *ct.World, name, courseID string) booking.State {
	t.Helper()
	return ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{CourseID: courseID}))(t).Booking.State
}

func TestWhoAttendedEnoughHasTheSkills(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 5)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for name, want := range map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Confirmed} {
		if got := enrol(t, w, name, c.ID); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	if got := enrol(t, w, "dan", c.ID); got != booking.Waitlisted {
		t.Errorf("dan is %s", got)
	}
	w.Clock.Advance(5*24*time.Hour + time.Hour) // to the end of the last session
	record := func(session int, names ...string) error {
		in := course.RecordInput{SessionID: c.Sessions[session].ID}
		for _, name := range names {
			in.PersonIDs = append(in.PersonIDs, ct.PersonID(name))
		}
		_, err := w.Courses.Record(staff, in)
		return err
	}
	for i := range 4 {
		if err := record(i, "bo", "cara"); err != nil {
			t.Fatal(err)
		}
	}
	if err := record(3, "bo"); err != nil { // replaces the record, since cara was not there after all
		t.Fatal(err)
	}
	ct.WantKey(t, record(0, "dan"), "course.not_enrolled")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	for name, want := range map[string]string{"bo": "ATTENDED 1", "cara": "NO_SHOW 0", "dan": "CANCELLED 0"} {
		ctx, p := w.Person(name)
		own := ct.Must(w.Bookings.OwnOf(ctx, []string{c.ID}))(t)[c.ID]
		if got := fmt.Sprint(own.State, " ", len(p.Skills)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	ct.WantKey(t, record(0, "bo"), "course.over")
	_, err := w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.completed")
	if r := ct.Must(w.Courses.Enrol(w.As("eva"), course.EnrolInput{CourseID: c.ID}))(t); r.Refusal != booking.RefusedClosed {
		t.Errorf("a completed course: %+v", r)
	}
}

func TestDraftsAreForStaff(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	bo := w.As("bo")
	_, err := w.Courses.Get(bo, c.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Courses.Enrol(bo, course.EnrolInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.not_found")
	if r := ct.Must(w.Courses.Enrol(staff, course.EnrolInput{CourseID: c.ID}))(t); r.Refusal != booking.RefusedNotOpen {
		t.Errorf("a draft: %+v", r)
	}
	if n := len(ct.Must(w.Courses.List(bo, nil, page.Args{First: 10}))(t).Edges); n != 0 {
		t.Errorf("bo lists %d", n)
	}
	draft := course.StateDraft
	_, err = w.Courses.List(bo, &course.Filter{State: &draft}, page.Args{First: 10})
	ct.WantKind(t, err, fault.KindForbidden)
	if n := len(ct.Must(w.Courses.List(staff, &course.Filter{State: &draft}, page.Args{First: 10}))(t).Edges); n != 1 {
		t.Errorf("staff list %d", n)
	}
	for what, call := range map[string]func() error{
		"publish":  func() error { _, err := w.Courses.Publish(bo, course.PublishInput{CourseID: c.ID}); return err },
		"cancel":   func() error { _, err := w.Courses.Cancel(bo, course.CancelInput{CourseID: c.ID}); return err },
		"update":   func() error { _, err := w.Courses.Update(bo, course.UpdateInput{CourseID: c.ID}); return err },
		"complete": func() error { _, err := w.Courses.Complete(bo, course.CompleteInput{CourseID: c.ID}); return err },
		"create":   func() error { _, err := w.Courses.Create(bo, course.CreateInput{}); return err },
	} {
		if err := call(); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = w.Courses.Record(bo, course.RecordInput{SessionID: c.Sessions[0].ID})
	ct.WantKey(t, err, "course.not_found")
	if w.Count("notify_jobs") != 0 {
		t.Error("somebody is told of a draft")
	}
}

// told are the pushes to a phone since the last look.
func told(w *ct.World, device string) []string {
	var list []string
	for _, p := range w.Phones.Pushes() {
		if p.Device == device {
			list = append(list, p.Title+" | "+p.Body)
		}
	}
	w.Phones.Reset()
	return list
}

// The world's clock stands at 14:00 on Friday, 1 May 2026; the sessions are at
// 14:00 on the days that follow.
func TestEverySessionIsRemindedOf(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Phone("bo", "bo")
	w.Drain()
	w.Phones.Reset()
	var got []string
	for range 60 {
		w.Clock.Advance(time.Hour)
		w.Fire()
		w.Drain()
		for _, text := range told(w, "bo") {
			got = append(got, clock.Day(w.Clock.Now(), clock.Copenhagen)+" "+string(clock.TimeOfDay(w.Clock.Now(), clock.Copenhagen))+" "+text)
		}
	}
	want := []string{
		"2026-05-01 18:00 Husk kurset Hjertestart | i morgen, lørdag den 2. maj kl. 14.00",
		"2026-05-02 12:00 Husk kurset Hjertestart | i dag kl. 14.00",
		"2026-05-02 18:00 Husk kurset Hjertestart | i morgen, søndag den 3. maj kl. 14.00",
		"2026-05-03 10:00 Hvordan var det? Hjertestart | Giv en tilbagemelding. Den er fortrolig.",
		"2026-05-03 12:00 Husk kurset Hjertestart | i dag kl. 14.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

func TestAMovedSessionIsToldOnce(t *testing.T) {
	t.Parallel()
	hall := "Salen"
	for name, row := range map[string]struct {
		change func(sessions []course.SessionInput)
		want   []string
	}{
		"moved": {func(s []course.SessionInput) {
			s[1].StartsAt, s[1].EndsAt = "2026-05-03T18:00:00", "2026-05-03T19:00:00"
		}, []string{"Kurset er ændret: Hjertestart | Flyttet fra søndag den 3. maj kl. 14.00 til søndag den 3. maj kl. 18.00"}},
		"place":  {func(s []course.SessionInput) { s[1].Place = optional.Of(place.Input{Name: &hall}) }, []string{"Kurset er ændret: Hjertestart | søndag den 3. maj kl. 14.00 · Nyt sted: Salen"}},
		"end":    {func(s []course.SessionInput) { s[0].EndsAt = "2026-05-02T16:00:00" }, []string{"Kurset er ændret: Hjertestart | Ny sluttid: lørdag den 2. maj kl. 16.00"}},
		"as was": {func([]course.SessionInput) {}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 2)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			enrol(t, w, "bo", c.ID)
			w.Phone("bo", "bo")
			w.Drain()
			w.Phones.Reset()
			var sessions []course.SessionInput
			for _, s := range c.Sessions {
				sessions = append(sessions, course.SessionInput{ID: &s.ID, StartsAt: s.StartsAtLocal, EndsAt: s.EndsAtLocal})
			}
			ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions...)}))(t)
			row.change(sessions)
			ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions...)}))(t)
			w.Clock.Advance(119 * time.Second)
			w.Fire()
			w.Drain()
			early := told(w, "bo")
			w.Clock.Advance(time.Second)
			w.Fire()
			w.Drain()
			if diff := cmp.Diff(row.want, append(early, told(w, "bo")...)); diff != "" || len(early) > 0 {
				t.Errorf("told early %q; (-want +got):\n%s", early, diff)
			}
		})
	}
}

// A person who wishes for a skill hears once, in the inbox, of the courses in it that exist
// already.
func TestAWishFindsTheCoursesThereAre(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	w.Phone("bo", "bo")
	wish := func(name string, skills ...string) {
		ct.Must(w.People.CompleteProfile(w.As(name), person.ProfileInput{SkillsWanted: optional.ListOf(skills...)}))(t)
		w.Drain()
	}
	wish("dan", c.SkillIDs[0])
	if got := w.Notices("dan"); len(got) != 0 {
		t.Errorf("dan was told of a draft: %+v", got)
	}
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Drain()
	wish("bo", c.SkillIDs[0])
	wish("bo", c.SkillIDs[0])
	wish("bo")
	wish("bo", c.SkillIDs[0])
	list := w.Notices("bo")
	if len(list) != 1 || list[0].Kind != course.NoticeMatched || list[0].SubjectID != c.ID || list[0].Channel != notify.Inbox {
		t.Fatalf("bo has %+v", list)
	}
	title, _ := w.Read("bo", list[0])
	if why := list[0].Why()[0].Text(w.As("bo")); title != "Et kursus i Førstehjælp: Hjertestart" || why != "Fordi du gerne vil lære Førstehjælp" {
		t.Errorf("%q, %q", title, why)
	}
	if n := len(w.Phones.Pushes()); n != 0 {
		t.Errorf("%d pushes", n)
	}
}
