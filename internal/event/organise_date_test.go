package event_test

import (
	"slices"
	"testing"

	"faellesskab/internal/announcement"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/page"
)

// A co-organiser sees who comes to the dates of that event and writes to them, as long as they are a member,
// and has no more of other events than other members have.
func TestACoOrganiserSpeaksToThosePeople(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, "bo", "carl")
	named, other := w.PublishedEvent("anna", g.ID, nil), w.PublishedEvent("anna", g.ID, nil)
	ct.Must(addCoOrganiser(w, "anna", "bo", named.ID))(t)
	w.MustAttend("carl", named.ID, 0)
	w.MustAttend("carl", other.ID, 0)

	runs := []event.OccurrenceAction{event.ActionViewAttendances, event.ActionMessage}
	check := func(name, eventID string, may bool) {
		t.Helper()
		ctx, occurrenceID := w.As(name), ct.DateOf(eventID)
		o := ct.Must(w.Events.Occurrence(ctx, occurrenceID))(t)
		e := ct.Must(w.Events.Get(ctx, eventID))(t)
		can := w.Events.CanOfDate(ctx, o, e, nil)
		_, listed := w.Events.Attendances(ctx, o, e, nil, page.Args{First: 10})
		_, shown := w.Events.AttendancesByIDs(ctx, []string{occurrenceID + ":" + ct.PersonID("carl")})
		_, sent := w.Announcements.Message(ctx, announcement.MessageInput{OccurrenceID: &occurrenceID, Title: "Husk støvler", Text: "Det regner."})
		if shown != nil {
			t.Error(shown)
		}
		if !may {
			ct.WantKind(t, listed, fault.KindForbidden)
			ct.WantKind(t, sent, fault.KindForbidden)
		} else if listed != nil || sent != nil {
			t.Errorf("%s lists: %v, and writes: %v", name, listed, sent)
		}
		for _, a := range runs {
			if slices.Contains(can, a) != may {
				t.Errorf("%s may %v", name, can)
			}
		}
	}
	check("anna", named.ID, true)
	check("bo", named.ID, true)
	check("bo", other.ID, false)
	check("carl", named.ID, false)

	ct.Must(w.Groups.Leave(w.As("bo"), group.LeaveInput{GroupID: g.ID}))(t)
	check("bo", named.ID, false)
}
