package meeting_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/meeting"
	"faellesskab/internal/notify"
	"faellesskab/internal/testkit"
)

// viewerMayGiveFeedback is what giveFeedback accepts, in every state of a booking, and from the end on and when it has closed.
func TestWhoMayAnswerIsWhoIsAccepted(t *testing.T) {
	t.Parallel()
	for _, state := range booking.States {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w, e, names := over(t, 2)
			date := ct.DateOf(e.ID)
			ends := e.EndsAt
			if state == "" {
				names[0] = "zoe"
			} else {
				w.Set(t.Context(), "bookings", booking.IDOf(date, ct.PersonID(names[0])), map[string]any{"state": state})
			}
			for _, c := range []struct {
				at   time.Duration
				open bool
			}{{2 * time.Hour, true}, {30*24*time.Hour - time.Second, true}, {30 * 24 * time.Hour, false}} {
				w.Clock.Advance(ends.Add(c.at).Sub(w.Clock.Now()))
				may := ct.Must(w.Meetings.MayAnswer(w.As(names[0]), []string{date}))(t)[date]
				want := c.open && (state == booking.Confirmed || state == booking.Attended)
				err := give(w, names[0], e, 3, "")
				if bool(may) != want || (err == nil) != want {
					t.Errorf("%v after the end: may %t, %v; want %t", c.at, may, err, want)
				}
				if want {
					for _, m := range testkit.Take(t, w.DB).Docs(t, "feedback_marks") {
						w.Remove("feedback_marks", m["_id"].(string)) // they have not answered yet
					}
				}
			}
		})
	}
}

// Where somebody was checked in, those who were not did not come.
func TestWhoWasNotCheckedInDidNotCome(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 2)
	w.Set(t.Context(), "bookings", booking.IDOf(ct.DateOf(e.ID), ct.PersonID(names[0])), map[string]any{"state": booking.Attended})
	if err := give(w, names[0], e, 3, ""); err != nil {
		t.Error(err)
	}
	if err := give(w, names[1], e, 3, ""); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("somebody who was not checked in: %v", err)
	}
	if came := ct.Must(w.Meetings.CameTo(w.As("anna"), []string{ct.DateOf(e.ID)}))(t)[ct.DateOf(e.ID)]; came == nil || *came != 1 {
		t.Errorf("%v came", came)
	}
}

// Feedback opens at the end and not before, and not to what was cancelled; who has left a group for members is told nothing.
func TestFeedbackOpensAtTheEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
	w.Join(g.ID, "bo", "cara")
	e, off := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
	for _, of := range []*event.Event{e, off} {
		for _, name := range []string{"bo", "cara"} {
			ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: ct.DateOf(of.ID)}))(t)
		}
	}
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: off.ID}))(t)
	ct.Must(w.Groups.Leave(w.As("cara"), group.LeaveInput{GroupID: g.ID}))(t)
	w.Clock.Advance(e.EndsAt.Add(-time.Second).Sub(w.Clock.Now()))
	if err := give(w, "bo", e, 3, ""); !fault.Is(err, fault.KindConflict) {
		t.Errorf("before the end: %v", err)
	}
	w.Clock.Advance(time.Second)
	if err := give(w, "bo", e, 3, ""); err != nil {
		t.Errorf("at the end: %v", err)
	}
	if err := give(w, "bo", off, 3, ""); !fault.Is(err, fault.KindConflict) {
		t.Errorf("to what was cancelled: %v", err)
	}
	if err := give(w, "cara", e, 3, ""); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("somebody who has left: %v", err)
	}
}

// A session of a course has its own feedback, of those who attended it.
func TestFeedbackToASession(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	in := course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: "Hjertestart"}}, TimeZone: clock.Copenhagen}
	for day := 1; day <= 2; day++ {
		start := clock.LocalOf(w.Clock.Now().Add(time.Duration(day)*24*time.Hour), clock.Copenhagen)
		in.Sessions = append(in.Sessions, course.SessionInput{StartsAt: start, EndsAt: start.Plus(time.Hour)})
	}
	c := ct.Must(w.Courses.Create(staff, in))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	names := []string{"a", "b", "c", "d", "e", "f"}
	var attended []string
	for _, name := range names {
		ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{CourseID: c.ID}))(t)
		attended = append(attended, ct.PersonID(name))
	}
	w.Clock.Advance(26 * time.Hour)
	first, second := c.Sessions[0].ID, c.Sessions[1].ID
	ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: first, PersonIDs: attended[:5]}))(t)
	for i, name := range names {
		_, err := w.Meetings.GiveFeedback(w.As(name), meeting.GiveFeedbackInput{SessionID: &first, Rating: 4})
		if i < 5 && err != nil || i == 5 && !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.Meetings.GiveFeedback(w.As("a"), meeting.GiveFeedbackInput{SessionID: &second, Rating: 4}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("to the session to come: %v", err)
	}
	of := []string{first, second}
	if f := ct.Must(w.Meetings.FeedbackOf(w.As("staff"), of))(t); len(f) != 1 || f[first] == nil || f[first].Count != 5 || f[first].Average != 4 {
		t.Errorf("staff see %+v", f)
	}
	if f := ct.Must(w.Meetings.FeedbackOf(w.As("a"), of))(t); len(f) > 0 {
		t.Errorf("who came sees %+v", f)
	}
}

// Two processes that look at the same moment for what is over tell people once; who has written the minutes is not
// reminded, and a reminder that waits is no longer true once they are written.
func TestMinutesThatAreWrittenAreNotAskedFor(t *testing.T) {
	t.Parallel()
	w, e, _ := over(t, 1)
	other := w.Again()
	w.Clock.Advance(36 * time.Hour)
	done := make(chan error)
	for _, p := range []*ct.World{w, other} {
		go func() { done <- p.Meetings.FollowUp(t.Context()) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	w.Drain()
	due := func(name string) int {
		n := 0
		for _, notice := range w.Notices(name) {
			if notice.Kind == meeting.NoticeMinutesDue {
				n++
			}
		}
		return n
	}
	if n := due("anna"); n != 1 {
		t.Errorf("anna is reminded %d times", n)
	}
	if jobs := w.Jobs(meeting.NoticeHowWasIt); len(jobs) != 1 {
		t.Errorf("%d jobs ask for feedback", len(jobs))
	}
	written := w.PublishedEvent("anna", e.GroupID, nil)
	w.Clock.Advance(written.EndsAt.Add(time.Hour).Sub(w.Clock.Now()))
	ct.Must(w.Meetings.SaveMinutes(w.As("anna"), meeting.SaveMinutesInput{OccurrenceID: ct.DateOf(written.ID), Text: "Vi valgte"}))(t)
	w.Clock.Advance(36 * time.Hour)
	if err := w.Meetings.FollowUp(t.Context()); err != nil {
		t.Error(err)
	}
	w.Drain()
	if n := due("anna"); n != 1 {
		t.Errorf("anna has %d reminders, with minutes that are written", n)
	}
}

// Of a series, those who organise are only reminded if it is a meeting, or has had an agenda or minutes.
func TestNobodyIsAskedForTheMinutesOfAClass(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		category *event.Category
		agenda   bool
		want     int
	}{
		"a class": {new(event.CategoryExercise), false, 0}, "a meeting": {new(event.CategoryMeeting), false, 1}, "with an agenda": {nil, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			e := weekly(w, g.ID, 3, func(in *event.CreateInput) { in.Category = c.category })
			if c.agenda {
				ct.Must(w.Meetings.SaveAgenda(w.As("anna"), meeting.SaveAgendaInput{EventID: e.ID, Items: []meeting.AgendaItemInput{{Text: "Kaffe"}}}))(t)
			}
			w.Clock.Advance(e.EndsAt.Add(36 * time.Hour).Sub(w.Clock.Now()))
			if err := w.Meetings.FollowUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.Drain()
			kinds := []notify.Kind{}
			for _, n := range w.Notices("anna") {
				kinds = append(kinds, n.Kind)
			}
			if got := slices.Contains(kinds, meeting.NoticeMinutesDue); got != (c.want == 1) {
				t.Errorf("anna is told of %v", kinds)
			}
		})
	}
}

// Whoever has given feedback before the morning after is not asked for it.
func TestWhoHasAnsweredIsNotAsked(t *testing.T) {
	t.Parallel()
	w, e, names := over(t, 3)
	if err := give(w, names[1], e, 4, ""); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(36 * time.Hour)
	if err := w.Meetings.FollowUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	for i, name := range names {
		isAsked := slices.ContainsFunc(w.Notices(name), func(n inbox.Notice) bool { return n.Kind == meeting.NoticeHowWasIt })
		if isAsked == (i == 1) {
			t.Errorf("%s is asked: %t", name, isAsked)
		}
	}
}
