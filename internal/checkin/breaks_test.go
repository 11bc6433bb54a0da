package checkin_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/i18n"
	"faellesskab/internal/secret"
)

// Known break 31 (tickets#2397, unlock#9247): two scanners at once leave one "in", one "already in since", and one record.
func TestKnownBreak31TwoScannersAtOnce(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	ready(w, e)
	const scanners = 8
	got := make([]*booking.Arrived, scanners)
	var all sync.WaitGroup
	for i := range scanners {
		all.Go(func() {
			var err error
			if got[i], err = scan(w, c, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	first := 0
	for _, a := range got {
		if a == nil {
			t.Fatal("a scanner was refused")
		}
		if !a.IsAlready {
			first++
		}
		if a.Since == nil || !a.Since.Equal(e.StartsAt) {
			t.Errorf("in since %v", a.Since)
		}
	}
	w.Drain()
	if first != 1 || len(ct.All[booking.Booking](w, "bookings", map[string]any{"bookableId": ct.DateOf(e.ID)})) != 1 {
		t.Errorf("%d scanners were the first", first)
	}
	w.CheckSeats(e.ID)
}

// Known break 32 (pretix#3187): a cancelled ticket that was admitted offline is kept as admitted, and flagged, whoever looks again.
func TestKnownBreak32ACancelledTicketAdmittedOffline(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	ready(w, e)
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	at := w.DB.Now()
	w.Clock.Advance(3 * time.Hour)
	in := ct.Must(scan(w, c, &at))(t)
	again := ct.Must(scan(w, c, &at))(t)
	if !in.HadEnded || in.IsAlready || !again.HadEnded || !again.IsAlready || w.StateOf("bo", e.ID) != booking.Attended {
		t.Errorf("%+v, then %+v", in, again)
	}
	w.CheckSeats(e.ID)
}

// Known break 33 (event-tickets#2941, bn-api#581): a code of one date is good there once, and at no other date, where it is not
// used up.
func TestKnownBreak33EachDateForItself(t *testing.T) {
	t.Parallel()
	w, first := party(t, "bo")
	second := w.PublishedAt("anna", first.GroupID, first.StartsAt.Add(24*time.Hour), nil)
	w.MustAttend("bo", second.ID, 0)
	one, two := code(t, w, "bo", first), code(t, w, "bo", second)
	ready(w, first)
	if a := ct.Must(scan(w, one, nil))(t); a.IsAlready {
		t.Error("the first date is used up")
	}
	if a := ct.Must(scan(w, one, nil))(t); !a.IsAlready {
		t.Error("the first date twice")
	}
	door := ct.DateOf(first.ID)
	_, err := w.CheckIns.CheckIn(w.As("anna"), checkin.Input{Code: &two, OccurrenceID: &door})
	ct.WantKey(t, err, "checkin.wrong_date")
	_, err = scan(w, two, nil) // also if the scanner does not say where it is
	ct.WantKey(t, err, "checkin.wrong_date")
	ct.WantField(t, err, "input.code")
	w.Clock.Advance(24 * time.Hour)
	if a := ct.Must(scan(w, two, nil))(t); a.IsAlready {
		t.Error("the second date is used up")
	}
	_, err = scan(w, one, nil) // it was good yesterday, and nobody hears that it still is
	ct.WantKey(t, err, "checkin.past_date")
}

// Known break 34 (Eventra#12578): whoever was in, and has cancelled then, is cancelled when scanned again.
func TestKnownBreak34InThenCancelled(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	ready(w, e)
	ct.Must(scan(w, c, nil))(t)
	ct.Must(w.CheckIns.Undo(w.As("anna"), checkin.UndoInput{BookingID: bookingOf("bo", e)}))(t)
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	_, err := scan(w, c, nil)
	ct.WantKey(t, err, "checkin.ended")
	if s := w.StateOf("bo", e.ID); s != booking.Cancelled {
		t.Errorf("bo is %s", s)
	}
}

// Known break 36 (verbb/events#77): opening one's own code checks nobody in, and nobody checks themselves in.
func TestKnownBreak36OpeningOnesOwnCode(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	ready(w, e)
	c := code(t, w, "bo", e)
	_, err := w.CheckIns.CheckIn(w.As("bo"), checkin.Input{Code: &c})
	ct.WantKey(t, err, "checkin.permission")
	if b := ct.Must(w.Bookings.OwnOf(w.As("bo"), []string{ct.DateOf(e.ID)}))(t)[ct.DateOf(e.ID)]; b.State != booking.Confirmed || b.CheckIn != nil {
		t.Errorf("%+v", b)
	}
	if w.CheckIns.Code(w.As("anna"), &booking.Booking{ID: bookingOf("bo", e), PersonID: ct.PersonID("bo"), State: booking.Confirmed}) != nil {
		t.Error("another person sees the code")
	}
}

// The first record stands, also for a phone that repeats itself when its key is forgotten.
func TestARepeatAfterTheKeyIsForgotten(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c, key := code(t, w, "bo", e), "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a11"
	ready(w, e)
	at := w.DB.Now()
	in := checkin.Input{ClientMutationID: &key, Code: &c, At: &at}
	first := ct.Must(w.CheckIns.CheckIn(w.As("anna"), in))(t)
	w.Clock.Advance(25 * time.Hour)
	again := ct.Must(w.CheckIns.CheckIn(w.As("anna"), in))(t)
	other := ct.Must(scan(w, c, new(at.Add(-time.Minute))))(t) // an earlier arrival that comes later
	for _, a := range []*booking.Arrived{again, other} {
		if !a.IsAlready || !a.Since.Equal(*first.Since) || !first.Since.Equal(at) {
			t.Errorf("%+v, then %+v", first, a)
		}
	}
}

// A key that was replaced is still known; one that was taken away is not.
func TestCodesOutliveTheirKey(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	ready(w, e)
	s := *w.CheckIns
	s.Secrets = secret.New([]byte("a new secret"))
	_, err := s.CheckIn(w.As("anna"), checkin.Input{Code: &c})
	ct.WantKey(t, err, "checkin.code.forged")
	s.Secrets = secret.New([]byte("a new secret"), []byte("a secret for tests, in all worlds"))
	ct.Must(s.CheckIn(w.As("anna"), checkin.Input{Code: &c}))(t)
}

// People are let in from two hours before the start to midnight on the wall, also over both changes of the clock.
func TestWhenTheDoorsAreOpen(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		start, end    clock.Local
		opens, closes string
	}{
		{"2026-06-01T18:00:00", "2026-06-01T20:00:00", "2026-06-01T14:00:00Z", "2026-06-01T22:00:00Z"},
		{"2027-03-28T01:00:00", "2027-03-28T05:00:00", "2027-03-27T22:00:00Z", "2027-03-28T22:00:00Z"}, // the clock is put forward
		{"2026-10-25T01:00:00", "2026-10-25T05:00:00", "2026-10-24T21:00:00Z", "2026-10-25T23:00:00Z"}, // and back
		{"2026-06-01T20:00:00", "2026-06-02T00:00:00", "2026-06-01T16:00:00Z", "2026-06-01T22:00:00Z"}, // to midnight
		{"2026-06-01T20:00:00", "2026-06-02T02:00:00", "2026-06-01T16:00:00Z", "2026-06-02T22:00:00Z"}, // past it
	} {
		at := func(l clock.Local) clock.Moment {
			return clock.Moment{At: ct.Must(l.In(clock.Copenhagen))(t), Zone: clock.Copenhagen}
		}
		p := booking.DoorPart{Start: at(row.start), End: at(row.end)}
		if o, c := p.Opens().UTC().Format(time.RFC3339), p.Closes().UTC().Format(time.RFC3339); o != row.opens || c != row.closes {
			t.Errorf("%s to %s: open from %s to %s", row.start, row.end, o, c)
		}
		if !p.IsOpenAt(p.Opens()) || p.IsOpenAt(p.Closes()) || p.IsOpenAt(p.Opens().Add(-time.Second)) || !p.IsOpenAt(p.Closes().Add(-time.Second)) {
			t.Errorf("%s: the edges", row.start)
		}
	}
}

// What a phone has recorded counts if that was while people were let in.
func TestRecordsOfAPhone(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	ready(w, e)
	w.Clock.Advance(48 * time.Hour)
	for at, want := range map[time.Time]string{
		e.StartsAt.Add(-3 * time.Hour): "checkin.outside", e.StartsAt.Add(24 * time.Hour): "checkin.outside",
		w.DB.Now().Add(-73 * time.Hour): "checkin.late", w.DB.Now().Add(time.Hour): "checkin.future",
	} {
		_, err := scan(w, c, &at)
		ct.WantKey(t, err, want)
	}
	at := e.StartsAt.Add(-time.Hour)
	if a := ct.Must(scan(w, c, &at))(t); a.IsAlready || !a.Since.Equal(at) {
		t.Errorf("%+v", a)
	}
}

// Somebody who walks in is checked in since then. Undone, they keep the seat that they were given.
func TestAWalkInIsCheckedIn(t *testing.T) {
	t.Parallel()
	w, e := party(t)
	ready(w, e)
	date, name, guests := ct.DateOf(e.ID), "Oda", 1
	done := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), booking.HandInput{OccurrenceID: &date, GuestName: &name, Guests: &guests, CheckIn: true}))(t)
	w.RunPending()
	b := w.BookingsAt(date)[0]
	if b.ID != done.BookingID || b.State != booking.Attended || b.CheckedInAt() == nil || !b.CheckedInAt().Equal(e.StartsAt) || b.HadEnded() {
		t.Errorf("%+v", b)
	}
	again := ct.Must(w.CheckIns.CheckIn(w.As("anna"), checkin.Input{BookingID: &b.ID}))(t)
	if !again.IsAlready || !again.Since.Equal(e.StartsAt) {
		t.Errorf("%+v", again)
	}
	ct.Must(w.CheckIns.Undo(w.As("anna"), checkin.UndoInput{BookingID: b.ID}))(t)
	if b := w.BookingsAt(date)[0]; b.State != booking.Confirmed || b.CheckIn != nil {
		t.Errorf("%+v", b)
	}
	w.CheckSeats(e.ID)
}

// school is a published course with two sessions, a day from each other, and these people.
func school(t *testing.T, names ...string) (*ct.World, context.Context, *course.Course) {
	t.Helper()
	w := ct.New(t)
	staff := w.Grant("staff", auth.RoleStaff)
	skill := ct.Must(w.Skills.Ensure(t.Context(), i18n.Text{{Language: "DA", Text: "Førstehjælp"}}))(t)
	in := course.CreateInput{Title: []i18n.Translation{{Language: "DA", Text: "Hjertestart"}}, SkillIDs: []string{skill.ID}, TimeZone: clock.Copenhagen}
	for i := range 2 {
		start := w.Clock.Now().Add(time.Duration(i+1) * 24 * time.Hour)
		in.Sessions = append(in.Sessions, course.SessionInput{StartsAt: clock.LocalOf(start, clock.Copenhagen), EndsAt: clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)})
	}
	c := ct.Must(w.Courses.Create(staff, in))(t)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	for _, name := range names {
		ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{CourseID: c.ID}))(t)
	}
	return w, staff, c
}

// A check-in at a session and a record of the whole session say the same: each sees the other's, and the later one of a person stands.
func TestSessionsOfCourses(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t, "bo", "cara")
	first, second := c.Sessions[0], c.Sessions[1]
	bo := booking.IDOf(c.ID, ct.PersonID("bo"))
	in := func(sessionID *string) (*booking.Arrived, error) {
		return w.CheckIns.CheckIn(staff, checkin.Input{BookingID: &bo, SessionID: sessionID})
	}
	_, err := in(nil)
	ct.WantKey(t, err, "checkin.outside")
	w.Clock.Advance(first.StartsAt.Sub(w.DB.Now()))
	_, err = in(&second.ID)
	ct.WantKey(t, err, "checkin.outside")
	_, err = in(new("ses_00000000000000000000000000:" + c.ID))
	ct.WantKey(t, err, "checkin.elsewhere")
	if a := ct.Must(in(nil))(t); a.IsAlready || !a.Since.Equal(first.StartsAt) {
		t.Errorf("%+v", a)
	}
	if a := ct.Must(in(&first.ID))(t); !a.IsAlready {
		t.Errorf("%+v", a)
	}
	people := func() int {
		return ct.All[booking.Bookable](w, "courses", map[string]any{"_id": c.ID})[0].RollCalls[first.ID].People
	}
	was := func(name string) bool {
		own := ct.Must(w.Bookings.OwnOf(w.As(name), []string{c.ID}))(t)
		return own[c.ID].WasAt(first.ID)
	}
	if people() != 1 || !was("bo") || was("cara") {
		t.Errorf("%d people: bo %t, cara %t", people(), was("bo"), was("cara"))
	}
	ct.Must(w.Courses.Record(staff, course.RecordInput{SessionID: first.ID, PersonIDs: []string{ct.PersonID("cara")}}))(t)
	if people() != 1 || was("bo") || !was("cara") {
		t.Errorf("after the record %d people: bo %t, cara %t", people(), was("bo"), was("cara"))
	}
	ct.Must(in(&first.ID))(t)
	if people() != 2 || !was("bo") {
		t.Errorf("after a check-in %d people", people())
	}
	ct.Must(w.CheckIns.Undo(staff, checkin.UndoInput{BookingID: bo, SessionID: &first.ID}))(t)
	_, err = w.CheckIns.Undo(staff, checkin.UndoInput{BookingID: bo})
	ct.WantKey(t, err, "checkin.session.missing")
	if people() != 1 || was("bo") {
		t.Errorf("after undoing %d people", people())
	}
}

// Closing twice, letting somebody in afterwards, and undoing that.
func TestAfterClosing(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	ready(w, e)
	closing := func() {
		ct.Must(w.CheckIns.CloseAttendance(w.As("anna"), checkin.CloseAttendanceInput{OccurrenceID: ct.DateOf(e.ID)}))(t)
	}
	closing()
	closing()
	if s := w.StateOf("bo", e.ID); s != booking.NoShow {
		t.Fatalf("bo is %s", s)
	}
	ct.Must(scan(w, bookingCode(t, w, "bo", e), nil))(t)
	if s := w.StateOf("bo", e.ID); s != booking.Attended {
		t.Errorf("bo is %s", s)
	}
	w.CheckSeats(e.ID)
}

// bookingCode is the code that a person had before attendance was closed.
func bookingCode(t *testing.T, w *ct.World, name string, e *event.Event) string {
	t.Helper()
	b := *ct.Must(w.Bookings.OwnOf(w.As(name), []string{ct.DateOf(e.ID)}))(t)[ct.DateOf(e.ID)]
	b.State = booking.Confirmed
	return *w.CheckIns.Code(w.As(name), &b)
}

// Nothing at the date of somebody who has been erased names them: neither the marks of check-ins nor the booking that is kept.
func TestAnErasedPersonsCheckInNamesNobody(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	ready(w, e)
	c := code(t, w, "bo", e)
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	at := w.DB.Now()
	w.Clock.Advance(time.Hour)
	ct.Must(scan(w, c, &at))(t)
	if d := w.Bookable(ct.DateOf(e.ID)); len(d.Admitted) != 1 {
		t.Fatalf("marks %+v", d.Admitted)
	}
	for left := true; left; {
		var err error
		if left, err = w.Bookings.Erase(t.Context(), ct.PersonID("bo")); err != nil {
			t.Fatal(err)
		}
	}
	for _, mark := range w.Bookable(ct.DateOf(e.ID)).Admitted {
		if mark.Of != "" {
			t.Errorf("the mark names %s", mark.Of)
		}
	}
	for _, b := range w.BookingsAt(ct.DateOf(e.ID)) {
		if b.PersonID != "" || b.CheckIn != nil || b.State != booking.Attended {
			t.Errorf("kept: %+v", b)
		}
	}
	w.CheckSeats(e.ID)
}
