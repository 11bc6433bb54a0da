package course_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// teach names the teachers of a course.
func teach(staff context.Context, t *testing.T, w *ct.World, courseID string, names ...string) {
	t.Helper()
	ids := []string{}
	for _, name := range names {
		w.Person(name)
		ids = append(ids, ct.PersonID(name))
	}
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: courseID, TeacherIDs: optional.ListOf(ids...)}))(t)
}

// can are the actions that somebody has for a course.
func can(t *testing.T, w *ct.World, name, courseID string) []course.Action {
	t.Helper()
	ctx := w.As(name)
	return w.Courses.Can(ctx, ct.Must(w.Courses.Get(ctx, courseID))(t), nil, nil)
}

// A teacher sees who is enrolled, records who comes, checks in and writes to them, and nothing else. When the course has another
// teacher, all of this ends at once.
func TestATeacherTeachesAndDoesNothingElse(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	teach(staff, t, w, c.ID, "tove")
	_, err := w.Courses.Get(w.As("tove"), c.ID)
	ct.WantKind(t, err, fault.KindNotFound) // a draft is for staff
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Drain()
	enrol(t, w, "bo", c.ID)
	w.Clock.Advance(23 * time.Hour)
	tove, first := w.As("tove"), c.Sessions[0].ID
	want := []course.Action{course.ActionTeach, course.ActionRecordAttendance, course.ActionViewEnrolments, course.ActionMessage, course.ActionEnrol}
	if got := can(t, w, "tove", c.ID); !slices.Equal(got, want) {
		t.Errorf("tove can %v, want %v", got, want)
	}
	list := ct.Must(w.Courses.Enrolments(tove, ct.Must(w.Courses.Get(tove, c.ID))(t), nil, page.Args{First: 10}))(t)
	bookingID := booking.IDOf(c.ID, ct.PersonID("bo"))
	if len(list.Edges) != 1 || list.Edges[0].Node.ID != bookingID {
		t.Fatalf("tove sees %v", list.Edges)
	}
	if found := ct.Must(w.Courses.EnrolmentsByIDs(tove, []string{bookingID}))(t); found[bookingID] == nil {
		t.Error("tove does not see the enrolment by its id")
	}
	ct.Must(w.CheckIns.CheckIn(tove, checkin.Input{BookingID: &bookingID, SessionID: &first}))(t)
	ct.Must(w.Courses.Record(tove, course.RecordInput{SessionID: first, PersonIDs: []string{ct.PersonID("bo")}}))(t)
	_, err = w.Courses.Update(tove, course.UpdateInput{CourseID: c.ID, Capacity: optional.Of(9)})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Bookings.Remove(tove, booking.DecideInput{BookingID: bookingID})
	ct.WantKind(t, err, fault.KindForbidden)

	teach(staff, t, w, c.ID, "ulla")
	w.Drain()
	_, err = w.Courses.Record(tove, course.RecordInput{SessionID: first})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.Courses.Enrolments(tove, ct.Must(w.Courses.Get(tove, c.ID))(t), nil, page.Args{First: 10})
	ct.WantKind(t, err, fault.KindForbidden)
	if found := ct.Must(w.Courses.EnrolmentsByIDs(tove, []string{bookingID}))(t); len(found) != 0 {
		t.Errorf("tove still sees %v", found)
	}
	if got := can(t, w, "tove", c.ID); slices.Contains(got, course.ActionTeach) {
		t.Errorf("tove still can %v", got)
	}
	for name, want := range map[string][]string{"tove": {"Du underviser på kurset Hjertestart", "Du underviser ikke længere: Hjertestart"}, "ulla": {"Du underviser på kurset Hjertestart"}} {
		if got := titlesTold(w, name); !slices.Equal(got, want) {
			t.Errorf("%s is told %q, want %q", name, got, want)
		}
	}
}

// titlesTold are the titles of the news of somebody about teaching, in the order in which it came.
func titlesTold(w *ct.World, name string) []string {
	var titles []string
	for _, n := range w.Notices(name) {
		switch n.Kind {
		case course.NoticeTeacherNamed, course.NoticeTeacherRemoved, course.NoticeTeacherSubstituted:
			title, _ := w.Read(name, n)
			titles = append(titles, title)
		}
	}
	return titles
}

// A substitute does what a teacher does for one session, from a day before it to a day after it.
func TestASubstituteStandsInAroundOneSession(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	teach(staff, t, w, c.ID, "tove")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	w.Person("vera")
	second, bookingID := c.Sessions[1], booking.IDOf(c.ID, ct.PersonID("bo"))
	vera := ct.PersonID("vera")
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: second.ID, PersonID: &vera}))(t)
	w.Drain()
	if got := titlesTold(w, "vera"); !slices.Equal(got, []string{"Du er vikar på kurset Hjertestart"}) {
		t.Errorf("vera is told %q", got)
	}
	if got := titlesTold(w, "tove"); !slices.Equal(got, []string{"Du underviser på kurset Hjertestart", "Du får vikar: Hjertestart"}) {
		t.Errorf("tove is told %q", got)
	}
	if got := can(t, w, "vera", c.ID); slices.Contains(got, course.ActionTeach) {
		t.Errorf("two days before, vera can %v", got)
	}
	w.Clock.Advance(second.StartsAt.Add(-time.Hour).Sub(w.Clock.Now()))
	ct.Must(w.CheckIns.CheckIn(w.As("vera"), checkin.Input{BookingID: &bookingID, SessionID: &second.ID}))(t)
	ct.Must(w.Courses.Record(w.As("vera"), course.RecordInput{SessionID: second.ID, PersonIDs: []string{ct.PersonID("bo")}}))(t)
	_, err := w.Courses.Record(w.As("vera"), course.RecordInput{SessionID: c.Sessions[0].ID})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.CheckIns.CheckIn(w.As("vera"), checkin.Input{BookingID: &bookingID, SessionID: &c.Sessions[0].ID})
	ct.WantKind(t, err, fault.KindForbidden)
	_, err = w.CheckIns.Undo(w.As("vera"), checkin.UndoInput{BookingID: bookingID, SessionID: &c.Sessions[2].ID})
	ct.WantKind(t, err, fault.KindForbidden)
	w.Clock.Advance(second.EndsAt.Sub(w.Clock.Now()))
	_, err = w.Courses.Substitute(staff, course.SubstituteInput{SessionID: second.ID})
	ct.WantKey(t, err, "course.session.over")
	tove := ct.PersonID("tove")
	_, err = w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[2].ID, PersonID: &tove})
	ct.WantKey(t, err, "course.teacher.already")
	w.Clock.Advance(24 * time.Hour)
	_, err = w.Courses.Record(w.As("vera"), course.RecordInput{SessionID: second.ID})
	ct.WantKind(t, err, fault.KindForbidden)
}

// Whoever is erased teaches nothing any more.
func TestErasureTakesTeachersOut(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	teach(staff, t, w, c.ID, "tove", "ulla")
	w.Person("vera")
	vera := ct.PersonID("vera")
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[0].ID, PersonID: &vera}))(t)
	for _, name := range []string{"tove", "vera"} {
		w.Entomb(name)
		ct.EraseFrom(t, entries(w), name)
	}
	got := ct.Must(w.Courses.Get(staff, c.ID))(t)
	if !slices.Equal(got.TeacherIDs, []string{ct.PersonID("ulla")}) || got.Sessions[0].SubstituteID != "" {
		t.Errorf("the course keeps %v and %q", got.TeacherIDs, got.Sessions[0].SubstituteID)
	}
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, TeacherIDs: optional.ListOf(ct.PersonID("tove"))})
	ct.WantKey(t, err, "person.not_found")
}

// A person shows their code at each session, the teacher scans it, and the completed course gives its skill.
func TestFromTheDoorOfEachSessionToTheSkill(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 2)
	teach(staff, t, w, c.ID, "tove")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range []string{"bo", "cara"} {
		enrol(t, w, name, c.ID)
	}
	w.RunPending()
	own := ct.Must(w.Bookings.OwnOf(w.As("bo"), []string{c.ID}))(t)[c.ID]
	code := w.CheckIns.Code(w.As("bo"), own)
	if code == nil || w.CheckIns.Code(w.As("tove"), own) != nil {
		t.Fatal("bo has no code, or tove sees it")
	}
	for i, s := range c.Sessions {
		w.Clock.Advance(s.StartsAt.Add(-time.Minute).Sub(w.Clock.Now()))
		got := ct.Must(w.CheckIns.CheckIn(w.As("tove"), checkin.Input{Code: code, SessionID: &s.ID}))(t)
		if again := ct.Must(w.CheckIns.CheckIn(w.As("tove"), checkin.Input{Code: code, SessionID: &s.ID}))(t); got.IsAlready || !again.IsAlready {
			t.Errorf("session %d: %+v, then %+v", i, got, again)
		}
		other := c.Sessions[1-i].ID
		if _, err := w.CheckIns.CheckIn(w.As("tove"), checkin.Input{Code: code, SessionID: &other}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("at the door of another session: %v", err)
		}
		w.RunPending()
	}
	w.Clock.Advance(2 * time.Hour)
	_, err := w.Courses.Complete(w.As("tove"), course.CompleteInput{CourseID: c.ID})
	ct.WantKind(t, err, fault.KindForbidden)
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.RunPending()
	for name, want := range map[string]booking.State{"bo": booking.Attended, "cara": booking.NoShow} {
		_, p := w.Person(name)
		if b := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]; b.State != want || (len(p.Skills) == 1) != (want == booking.Attended) {
			t.Errorf("%s is %s with %d skills", name, b.State, len(p.Skills))
		}
	}
}

// Staff turn down whom they do not approve, and people decline a seat that is offered to them, as at events.
func TestStaffAndPeopleDecline(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	w.Clock.Advance(-24 * time.Hour)
	teach(staff, t, w, c.ID, "tove")
	ct.Must(w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, SignUp: optional.Of(booking.TermsInput{NeedsApproval: true}), Capacity: optional.Of(1)}))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.RunPending()
	of := func(name string) string { return booking.IDOf(c.ID, ct.PersonID(name)) }
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		if s := enrol(t, w, name, c.ID); s != booking.PendingApproval {
			t.Errorf("%s is %s", name, s)
		}
		w.Clock.Advance(time.Second)
	}
	reason := "Kurset er for begyndere."
	_, err := w.Bookings.DeclineBooking(w.As("tove"), booking.DecideInput{BookingID: of("eva"), Reason: &reason})
	ct.WantKind(t, err, fault.KindForbidden)
	ct.Must(w.Bookings.DeclineBooking(staff, booking.DecideInput{BookingID: of("eva"), Reason: &reason}))(t)
	for _, name := range []string{"bo", "cara", "dan"} {
		ct.Must(w.Bookings.Approve(staff, booking.DecideInput{BookingID: of(name)}))(t)
		w.Clock.Advance(time.Second)
	}
	ct.Must(w.Courses.Leave(w.As("bo"), course.LeaveInput{CourseID: c.ID}))(t)
	w.RunPending()
	ct.Must(w.Bookings.DeclineOffer(w.As("cara"), booking.OfferInput{BookingID: of("cara")}))(t)
	w.RunPending()
	for name, want := range map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Declined, "dan": booking.Offered, "eva": booking.Declined} {
		if b := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)[c.ID]; b.State != want {
			t.Errorf("%s is %s, want %s", name, b.State, want)
		}
	}
}

// A teacher can be taken from a course that has ended, also when it is completed, and then sees nothing of it any more. Nothing
// else of it changes.
func TestATeacherIsTakenFromACourseThatHasEnded(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 1)
	teach(staff, t, w, c.ID, "tove", "ulla", "vera")
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Drain()
	w.Clock.Advance(48 * time.Hour)
	teach(staff, t, w, c.ID, "tove", "ulla")
	ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
	w.Drain()
	if !slices.Contains(can(t, w, "tove", c.ID), course.ActionTeach) {
		t.Error("tove no longer sees the completed course")
	}
	teach(staff, t, w, c.ID, "ulla")
	w.Drain()
	for name, want := range map[string]bool{"tove": false, "ulla": true, "vera": false} {
		if got := can(t, w, name, c.ID); slices.Contains(got, course.ActionTeach) != want {
			t.Errorf("%s can %v", name, got)
		}
	}
	for _, in := range []course.UpdateInput{
		{TeacherIDs: optional.ListOf(ct.PersonID("ulla"), ct.PersonID("tove"))},
		{TeacherIDs: optional.ListOf[string](), Capacity: optional.Of(9)},
		{Capacity: optional.Of(9)},
	} {
		in.CourseID = c.ID
		_, err := w.Courses.Update(staff, in)
		ct.WantKey(t, err, "course.over")
	}
	if got := ct.Must(w.Courses.Get(staff, c.ID))(t); got.State != course.StateCompleted || !slices.Equal(got.TeacherIDs, []string{ct.PersonID("ulla")}) {
		t.Errorf("it is %s with %v", got.State, got.TeacherIDs)
	}
}

// Whoever was to stand in at a session that is taken out of the course hears of it, with the time that it had.
func TestASubstituteHearsThatTheirSessionIsGone(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, 3)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	w.Person("vera")
	w.Phone("vera", "vera")
	vera := ct.PersonID("vera")
	ct.Must(w.Courses.Substitute(staff, course.SubstituteInput{SessionID: c.Sessions[1].ID, PersonID: &vera}))(t)
	w.Drain()
	w.Phones.Reset()
	change(staff, t, w, c.ID, func(s []course.SessionInput) []course.SessionInput { return append(s[:1:1], s[2]) })
	if got := told(w, "vera"); !slices.Equal(got, []string{"Du er ikke længere vikar: Hjertestart | Det gælder kursusgangen søndag den 3. maj kl. 14.00."}) {
		t.Errorf("vera is told %q", got)
	}
}
