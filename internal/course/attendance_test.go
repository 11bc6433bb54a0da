package course_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
)

// held is a published course of that many sessions, one a day, on which bo and cara have seats.
// Its first two sessions have been.
func held(t *testing.T, sessions int, options ...testkit.Option) (*ct.World, context.Context, *course.Course) {
	t.Helper()
	w, staff, c := schoolIn(t, ct.New(t, options...), sessions)
	ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(t)
	enrol(t, w, "bo", c.ID)
	enrol(t, w, "cara", c.ID)
	w.Clock.Advance(50 * time.Hour)
	return w, staff, c
}

func record(staff context.Context, w *ct.World, session course.Session, names ...string) error {
	in := course.RecordInput{SessionID: session.ID}
	for _, name := range names {
		in.PersonIDs = append(in.PersonIDs, ct.PersonID(name))
	}
	_, err := w.Courses.Record(staff, in)
	return err
}

func mustRecord(staff context.Context, t *testing.T, w *ct.World, session course.Session, names ...string) {
	t.Helper()
	if err := record(staff, w, session, names...); err != nil {
		t.Fatal(err)
	}
}

// attendedBy are the starts of the sessions that people attended, by name.
func attendedBy(t *testing.T, w *ct.World, courseID string, names ...string) map[string][]string {
	t.Helper()
	got := map[string][]string{}
	for _, name := range names {
		ctx := w.As(name)
		c := ct.Must(w.Courses.Get(ctx, courseID))(t)
		for _, s := range c.Attended(&course.Enrolment{Booking: ct.Must(w.Bookings.OwnOf(ctx, []string{courseID}))(t)[courseID]}) {
			got[name] = append(got[name], string(s.StartsAtLocal))
		}
	}
	return got
}

func wantAttended(t *testing.T, w *ct.World, courseID string, want map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(want, attendedBy(t, w, courseID, "bo", "cara")); diff != "" {
		t.Errorf("attended (-want +got):\n%s", diff)
	}
}

// Attendance stands with its session when sessions are moved, reordered, added and removed.
func TestAttendanceSurvivesAMovedSession(t *testing.T) {
	t.Parallel()
	w, staff, c := held(t, 4)
	mustRecord(staff, t, w, c.Sessions[0], "bo", "cara")
	mustRecord(staff, t, w, c.Sessions[1], "bo")
	first, second := "2026-05-02T14:00:00", "2026-05-03T14:00:00"
	wantAttended(t, w, c.ID, map[string][]string{"bo": {first, second}, "cara": {first}})
	sessions := inputOf(c)
	sessions[2].StartsAt, sessions[2].EndsAt = "2026-06-20T10:00:00", "2026-06-20T11:00:00" // the third becomes the last
	sessions = append(sessions[:3], at(nil, "2026-06-01T14:00:00"))
	slices.Reverse(sessions)
	update(staff, t, w, c.ID, sessions...)
	wantAttended(t, w, c.ID, map[string][]string{"bo": {first, second}, "cara": {first}})
}

// A session that somebody attended cannot be removed, unless its record is taken back. Others
// can, also when the course has begun.
func TestAnAttendedSessionCannotBeRemoved(t *testing.T) {
	t.Parallel()
	w, staff, c := held(t, 3)
	mustRecord(staff, t, w, c.Sessions[0], "bo")
	edit := func(sessions ...course.SessionInput) error {
		_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(sessions...)})
		return err
	}
	all := inputOf(c)
	ct.WantKey(t, edit(all[1], all[2]), "course.session.attended")
	// An app that does not know the ids would remove them all.
	if err := edit(at(nil, "2026-06-01T14:00:00"), at(nil, "2026-06-02T14:00:00")); !fault.Is(err, fault.KindConflict) || !strings.Contains(err.Error(), "course.session.attended (input.sessions)") {
		t.Errorf("sessions without ids: %v", err)
	}
	if err := edit(all[0], all[2]); err != nil {
		t.Errorf("a session of which nothing is recorded: %v", err)
	}
	mustRecord(staff, t, w, c.Sessions[0])
	if err := edit(all[2]); err != nil {
		t.Errorf("after the record was taken back: %v", err)
	}
	ct.WantKey(t, record(staff, w, c.Sessions[0], "bo"), "course.session.not_found")
	wantAttended(t, w, c.ID, map[string][]string{})
}

// Two people record the same session one after the other, and what follows from the first comes
// last. The second list stands.
func TestALateRecordDoesNotReplaceANewerOne(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, staff, c := held(t, 2, m.Option())
	start := string(c.Sessions[0].StartsAtLocal)
	m.Before("update", "bookings", func() { // the first record is decided, and nothing has followed
		mustRecord(staff, t, w, c.Sessions[0], "cara")
	})
	mustRecord(staff, t, w, c.Sessions[0], "bo")
	wantAttended(t, w, c.ID, map[string][]string{"cara": {start}})

	m.Before("update", "bookings", func() { // those of the first who were there are written, and not yet who was not
		m.Before("update", "bookings", func() { mustRecord(staff, t, w, c.Sessions[1], "bo", "cara") })
	})
	mustRecord(staff, t, w, c.Sessions[1], "bo")
	wantAttended(t, w, c.ID, map[string][]string{"bo": {string(c.Sessions[1].StartsAtLocal)}, "cara": {start, string(c.Sessions[1].StartsAtLocal)}})
}

// An effect that is repeated an hour later changes nothing.
func TestARecordCarriedOutAgainChangesNothing(t *testing.T) {
	t.Parallel()
	again := &ct.Repeater{}
	w, staff, c := held(t, 2, again.Option())
	again.Take()
	mustRecord(staff, t, w, c.Sessions[0], "bo")
	late := again.Take()
	mustRecord(staff, t, w, c.Sessions[0], "cara")
	for _, r := range late {
		_ = w.Outbox.Follow(t.Context(), r.Doc, r.Batch)
	}
	wantAttended(t, w, c.ID, map[string][]string{"cara": {string(c.Sessions[0].StartsAtLocal)}})
}

// While somebody records a session, it is removed, or another record of it is decided. One of
// the two comes first, and the other sees it.
func TestARecordMeetsAnEdit(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w, staff, c := held(t, 3, m.Option())
	all := inputOf(c)
	m.Before("update", "courses", func() { update(staff, t, w, c.ID, all[1], all[2]) })
	ct.WantKey(t, record(staff, w, c.Sessions[0], "bo"), "course.session.not_found")

	m.Before("update", "courses", func() { mustRecord(staff, t, w, c.Sessions[1], "bo") })
	_, err := w.Courses.Update(staff, course.UpdateInput{CourseID: c.ID, Sessions: optional.ListOf(all[2:]...)})
	ct.WantKey(t, err, "version.conflict")
	wantAttended(t, w, c.ID, map[string][]string{"bo": {string(c.Sessions[1].StartsAtLocal)}})

	m.Before("update", "courses", func() { mustRecord(staff, t, w, c.Sessions[1], "cara") })
	mustRecord(staff, t, w, c.Sessions[1], "bo") // is decided after the other
	wantAttended(t, w, c.ID, map[string][]string{"bo": {string(c.Sessions[1].StartsAtLocal)}})
}

// A repeat under the same key answers as the first call, also after a crash, and does not put its
// list in place of one that was recorded meanwhile.
func TestARepeatedRecordPutsNothingOlderInPlace(t *testing.T) {
	t.Parallel()
	for writes := range 4 {
		t.Run(strconv.Itoa(writes), func(t *testing.T) {
			t.Parallel()
			w, staff, c := held(t, 2)
			in := course.RecordInput{ClientMutationID: ptr("5f0c7dd0-6a3f-4c59-9e0e-000000000004"), SessionID: c.Sessions[0].ID, PersonIDs: []string{ct.PersonID("bo")}}
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(2 + writes) // the key and the deciding write
			_, _ = dying.Courses.Record(staff, in)
			mustRecord(staff, t, w, c.Sessions[0], "cara")
			w.Clock.Advance(16 * time.Second) // the lease of the call that died
			ct.Must(w.Courses.Record(staff, in))(t)
			wantAttended(t, w, c.ID, map[string][]string{"cara": {string(c.Sessions[0].StartsAtLocal)}})
		})
	}
}

// The process dies after a record was decided. The erasure of a person in it, and the end of the
// course, both find it.
func TestWhatWasDecidedCountsAfterACrash(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(t *testing.T, w *ct.World, staff context.Context, c *course.Course) *booking.Booking{
		"the end": func(t *testing.T, w *ct.World, staff context.Context, c *course.Course) *booking.Booking {
			ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(t)
			return bookingOf(w, c, "bo")
		},
		"an erasure": func(t *testing.T, w *ct.World, _ context.Context, c *course.Course) *booking.Booking {
			w.Entomb("bo")
			ct.EraseFrom(t, entries(w), "bo")
			return &nobodys(w, c)[0]
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, staff, c := held(t, 1)
			crasher := testkit.NewCrasher()
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(1)
			_ = record(staff, dying, c.Sessions[0], "bo")
			if b := bookingOf(w, c, "bo"); b.WasAt(c.Sessions[0].ID) {
				t.Fatal("the record was carried out")
			}
			if b := next(t, w, staff, c); !b.WasAt(c.Sessions[0].ID) || name == "the end" && b.State != booking.Attended {
				t.Errorf("%+v", b)
			}
		})
	}
}

func entries(w *ct.World) []privacy.Collection {
	return append(w.Courses.Part().Collections, w.Bookings.Part().Collections...)
}

// nobodys are the bookings of a course that are nobody's.
func nobodys(w *ct.World, c *course.Course) []booking.Booking {
	return ct.All[booking.Booking](w, "bookings", map[string]any{"bookableId": c.ID, "personId": ""})
}

func bookingOf(w *ct.World, c *course.Course, name string) *booking.Booking {
	return &ct.All[booking.Booking](w, "bookings", map[string]any{"_id": booking.IDOf(c.ID, ct.PersonID(name))})[0]
}
