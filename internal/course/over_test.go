package course_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// At each moment of a course of two sessions, one a day: who attends a session can be recorded from
// two hours before it, and the course can be completed once the last session has ended. viewerCan
// says the same.
func TestNothingIsRecordedBeforeItHappens(t *testing.T) {
	t.Parallel()
	const ahead, open, notEnded = "course.session.ahead", "", "course.not_ended"
	for name, row := range map[string]struct {
		after                   time.Duration // the course was made
		first, second, complete string        // the refusals
	}{
		"long before":                      {0, ahead, ahead, notEnded},
		"a second too early":               {22*time.Hour - time.Second, ahead, ahead, notEnded},
		"two hours before":                 {22 * time.Hour, open, ahead, notEnded},
		"after the first":                  {30 * time.Hour, open, ahead, notEnded},
		"two hours before the second":      {46 * time.Hour, open, open, notEnded},
		"a second before the end":          {49*time.Hour - time.Second, open, open, notEnded},
		"at the end of the second session": {49 * time.Hour, open, open, open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 2)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			enrol(t, w, "bo", c.ID)
			w.Clock.Advance(row.after)
			can := w.Courses.Can(staff, ct.Must(w.Courses.Get(staff, c.ID))(t), nil, nil)
			if got := slices.Contains(can, course.ActionRecordAttendance); got != (row.first == open) {
				t.Errorf("attendance: can %v", can)
			}
			if got := slices.Contains(can, course.ActionComplete); got != (row.complete == open) {
				t.Errorf("completion: can %v", can)
			}
			wantRefusal(t, "the first session", record(staff, w, c.Sessions[0], "bo"), row.first)
			wantRefusal(t, "the second session", record(staff, w, c.Sessions[1], "bo"), row.second)
			_, err := w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID})
			wantRefusal(t, "the end", err, row.complete)
		})
	}
}

func wantRefusal(t *testing.T, what string, err error, key string) {
	t.Helper()
	if key != "" {
		ct.WantKey(t, err, key)
	} else if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// The last session to end counts, which need not be the last to start where sessions overlap, as they could once. Those stay,
// and no others come to overlap them.
func TestACourseEndsWithTheSessionThatEndsLast(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	w.Set(t.Context(), "courses", c.ID, map[string]any{"sessions.0.startsAt": time.Date(2026, 5, 2, 16, 0, 0, 0, time.UTC), "sessions.0.startsAtLocal": "2026-05-02T18:00:00",
		"sessions.0.endsAt": time.Date(2026, 5, 3, 13, 30, 0, 0, time.UTC), "sessions.0.endsAtLocal": "2026-05-03T15:30:00"})
	sessions := inputOf(ct.Must(w.Courses.Get(staff, c.ID))(t))
	update(staff, t, w, c.ID, sessions...)
	more := append(sessions, course.SessionInput{StartsAt: "2026-05-03T11:00:00", EndsAt: "2026-05-03T12:00:00"})
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(more...)})
	ct.WantKey(t, err, "course.session.overlap")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	until(t, w, "2026-05-03T15:15")
	_, err = w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID})
	ct.WantKey(t, err, "course.not_ended")
	until(t, w, "2026-05-03T15:30")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
}

// A seat that is only offered is none yet, so nobody attends by it.
func TestAnOfferedSeatAttendsNothing(t *testing.T) {
	t.Parallel()
	w, staff, c := held(t, 2)
	for _, state := range []booking.State{booking.Offered, booking.Waitlisted, booking.Cancelled, booking.Declined} {
		w.Set(t.Context(), "bookings", booking.IDOf(c.ID, ct.PersonID("bo")), map[string]any{"state": state, "offerExpiresAt": w.Clock.Now().Add(time.Hour)})
		ct.WantKind(t, record(staff, w, c.Sessions[0], "bo"), fault.KindNotFound)
	}
}

// A session that somebody attended has taken place, so it is not moved to a time still to come.
// Its end, its place and an earlier start can be corrected, and it can be moved once the record is
// taken back. A record that is made at the same moment counts too.
func TestAnAttendedSessionIsNotMovedIntoTheFuture(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, staff, c := held(t, 3, m.Option())
	edit := func(i int, change func(*course.SessionInput)) error {
		all := inputOf(ct.Must(w.Courses.Get(staff, c.ID))(t))
		change(&all[i])
		_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(all...)})
		return err
	}
	later := func(s *course.SessionInput) { s.StartsAt, s.EndsAt = "2026-06-20T10:00:00", "2026-06-20T11:00:00" }
	m.Before("update", "courses", func() { mustRecord(staff, t, w, c.Sessions[0], "bo") })
	ct.WantKey(t, edit(0, later), "version.conflict")
	for range 2 {
		ct.WantKey(t, edit(0, later), "course.session.attended_moved")
	}
	if err := edit(0, func(s *course.SessionInput) { s.EndsAt = "2026-05-02T15:30:00" }); err != nil {
		t.Errorf("another end: %v", err)
	}
	if err := edit(2, later); err != nil {
		t.Errorf("a session that nobody attended: %v", err)
	}
	mustRecord(staff, t, w, c.Sessions[0])
	if err := edit(0, func(s *course.SessionInput) { s.StartsAt, s.EndsAt = "2026-06-21T10:00:00", "2026-06-21T11:00:00" }); err != nil {
		t.Errorf("after the record was taken back: %v", err)
	}
}

// People who enrol, or accept an offer, once the course is completed are told so, and not that it
// was cancelled.
func TestACompletedCourseSaysThatItIsCompleted(t *testing.T) {
	t.Parallel()
	for state, want := range map[course.State][3]string{
		course.StateCompleted: {"booking.closed", "CLOSED", "afsluttet"},
		course.StateCancelled: {"booking.cancelled", "CANCELLED", "aflyst"},
		course.StatePublished: {"booking.started", "STARTED", "begyndt"},
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 2)
			w.Clock.Advance(-48 * time.Hour)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			for _, name := range []string{"bo", "cara", "dan"} {
				enrol(t, w, name, c.ID)
			}
			ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
			dans := booking.OfferInput{BookingID: booking.IDOf(c.ID, ct.PersonID("dan"))}
			if b := bookingOf(w, c, "dan"); b.State != booking.Offered {
				t.Fatalf("dan is %s", b.State)
			}
			end(staff, t, w, c, state)
			if state != course.StatePublished { // the offer has lapsed before the start
				_, err := w.Bookings.AcceptOffer(w.As("dan"), dans)
				ct.WantKey(t, err, want[0])
			}
			// The offer stands as an older program may have left it.
			w.Set(t.Context(), "bookings", dans.BookingID, map[string]any{"state": booking.Offered, "offerExpiresAt": w.Clock.Now().Add(time.Hour)})
			_, err := w.Bookings.AcceptOffer(w.As("dan"), dans)
			ct.WantKey(t, err, want[0])
			r := ct.Must(w.Courses.Enrol(w.As("eva"), course.EnrolInput{CourseID: c.ID}))(t)
			if string(r.Refusal) != want[1] || !strings.Contains(r.Message, want[2]) {
				t.Errorf("eva is told %+v", r)
			}
		})
	}
}

// end lets a course come to a state, with all its sessions over unless it is cancelled.
func end(staff context.Context, t *testing.T, w *ct.World, c *course.Course, state course.State) {
	t.Helper()
	if state == course.StateCancelled {
		ct.Must(w.Courses.Cancel(staff, course.CancelInput{CourseID: c.ID}))(t)
		return
	}
	w.Clock.Advance(c.EndsAt.Sub(w.Clock.Now()))
	if state == course.StateCompleted {
		ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	}
	w.Fire()
	w.RunPending()
}

// Nobody waits for a course that is over, whatever it became, and however long the line was.
func TestNobodyWaitsForACourseThatIsOver(t *testing.T) {
	t.Parallel()
	for _, state := range []course.State{course.StateCompleted, course.StateCancelled, course.StatePublished} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w, staff, c := school(t, 1)
			w.Clock.Advance(-48 * time.Hour)
			ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
			for i := range 60 { // more than one step ends
				enrol(t, w, fmt.Sprint("resident-", i), c.ID)
			}
			ct.Must(w.Courses.Leave(w.As("resident-0"), course.LeaveInput{CourseID: c.ID}))(t)
			before := states(w, c)
			if before[booking.Waitlisted] != 57 || before[booking.Offered] != 1 {
				t.Fatalf("before: %v", before)
			}
			end(staff, t, w, c, state)
			w.Fire() // goes on with a long line
			for _, waits := range []booking.State{booking.Waitlisted, booking.Offered, booking.PendingApproval} {
				if n := states(w, c)[waits]; n > 0 {
					t.Errorf("%d are still %s", n, waits)
				}
			}
		})
	}
}

func states(w *ct.World, c *course.Course) map[booking.State]int {
	n := map[booking.State]int{}
	for _, b := range enrolmentsOf(w, c.ID) {
		n[b.State]++
	}
	return n
}

// People who get skills by a course are told which, once, in their own language, also if the
// process dies in between. Others are told nothing, nor are people of a skill that they had.
func TestPeopleAreToldOfTheSkillsTheyEarned(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	second := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Mødeledelse"}, {Language: "EN", Text: "Chairing meetings"}}))(t)
	other := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: danish("Hold møder"), SkillIDs: append([]string{second.ID}, c.SkillIDs...), TimeZone: "Europe/Copenhagen",
		Sessions: []course.SessionInput{at(nil, "2026-05-03T14:00:00")}}))(t)
	for _, courseID := range []string{c.ID, other.ID} {
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: courseID}))(t)
		for _, name := range []string{"bo", "cara"} {
			w.Phone(name, name)
			enrol(t, w, name, courseID)
		}
	}
	enrol(t, w, "dan", other.ID)
	until(t, w, "2026-05-03T16:00")
	mustRecord(staff, t, w, c.Sessions[0], "bo")
	mustRecord(staff, t, w, other.Sessions[0], "bo", "dan")
	w.Phones.Reset()
	for _, courseID := range []string{c.ID, other.ID} {
		in := course.CompleteInput{ClientMutationID: ptr("5f0c7dd0-6a3f-4c59-9e0e-0000000000" + fmt.Sprint(30+len(w.Notices("bo"))%10)), CourseID: courseID}
		ct.Must(w.Courses.Complete(staff, in))(t)
		ct.Must(w.Courses.Complete(staff, in))(t)
		w.Drain()
	}
	// Bo had first aid from the first course.
	want := []string{"Du har fået en ny kompetence: Førstehjælp | Kompetencen står nu på din profil, fordi du har gennemført kurset Hjertestart",
		"Du har fået en ny kompetence: Mødeledelse | Kompetencen står nu på din profil, fordi du har gennemført kurset Hold møder"}
	if diff := cmp.Diff(want, told(w, "bo")); diff != "" {
		t.Errorf("bo was told (-want +got):\n%s", diff)
	}
	if got := told(w, "cara"); len(got) != 0 {
		t.Errorf("cara was told %q", got)
	}
	earned := w.Notices("dan")[len(w.Notices("dan"))-1]
	for _, n := range w.Notices("dan") {
		if n.Kind == course.NoticeSkillsEarned {
			earned = n
		}
	}
	title, body := w.Read("dan", earned)
	if got := title + " | " + body; got != "Du har fået nye kompetencer | Mødeledelse, Førstehjælp · Kompetencerne står nu på din profil, fordi du har gennemført kurset Hold møder" {
		t.Errorf("dan reads %q", got)
	}
	if why := earned.Why()[0].Text(w.As("dan")); why != "Fordi du har gennemført kurset Hold møder" {
		t.Errorf("because %q", why)
	}
}

// Courses that have ended are listed for those who ask for them, the latest first, so that staff find
// what they have to complete.
func TestCoursesThatHaveEndedAreListed(t *testing.T) {
	t.Parallel()
	w, staff, first := school(t, 1)
	second := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: danish("Senere"), SkillIDs: first.SkillIDs, TimeZone: "Europe/Copenhagen", Sessions: []course.SessionInput{at(nil, "2026-05-03T14:00:00")}}))(t)
	ahead := ct.Must(w.Courses.Create(staff, course.CreateInput{Title: danish("Forude"), SkillIDs: first.SkillIDs, TimeZone: "Europe/Copenhagen", Sessions: []course.SessionInput{at(nil, "2026-07-03T14:00:00")}}))(t)
	for _, c := range []*course.Course{first, second, ahead} {
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	}
	until(t, w, "2026-05-04T16:00")
	yes, no, completed := true, false, course.StateCompleted
	list := func(f course.Filter) []string {
		var ids []string
		a := page.Args{First: 1}
		for {
			c := ct.Must(w.Courses.List(w.As("bo"), &f, a))(t)
			for _, e := range c.Edges {
				ids = append(ids, e.Node.ID)
				a.After = e.Cursor
			}
			if !c.PageInfo.HasNextPage {
				return ids
			}
		}
	}
	for name, row := range map[string]struct {
		filter course.Filter
		want   []string
	}{
		"nothing said":        {course.Filter{}, []string{ahead.ID}},
		"not ended":           {course.Filter{HasEnded: &no}, []string{ahead.ID}},
		"ended":               {course.Filter{HasEnded: &yes}, []string{second.ID, first.ID}},
		"ended, of a skill":   {course.Filter{HasEnded: &yes, SkillID: &first.SkillIDs[0]}, []string{second.ID, first.ID}},
		"completed, none yet": {course.Filter{State: &completed}, nil},
	} {
		if diff := cmp.Diff(row.want, list(row.filter)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: first.ID}))(t)
	if got := list(course.Filter{State: &completed}); !slices.Equal(got, []string{first.ID}) {
		t.Errorf("completed: %v", got)
	}
	if can := w.Courses.Can(auth.WithViewer(t.Context(), auth.Viewer{}), first, nil, nil); len(can) > 0 {
		t.Errorf("nobody can %v", can)
	}
}
