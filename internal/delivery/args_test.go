package delivery_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// The args of news say whether it is still true. Its key says nothing.
func TestTheKeyOfNewsSaysNothing(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	e := later(w, g)
	w.MustAttend("bo", e.ID, 0)
	work(w)
	w.Phones.Reset()
	remind := func(key string, startsAt time.Time, offset notify.ReminderOffset, isOptional bool) {
		w.Enqueue(notify.Cause{Key: key, Kind: event.NoticeReminder, Subject: e.ID, Data: map[string]string{"Title": "Fællesspisning"},
			Args:      notify.ArgsOf(notify.ReminderArgs{Offset: offset, StartsAt: startsAt, IsOptional: isOptional}),
			Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{ct.DateOf(e.ID)}}}})
		work(w)
	}
	remind("of another start", e.StartsAt.Add(time.Hour), notify.OffsetDayBefore, false)
	remind("that nobody chose", e.StartsAt, notify.OffsetWeekBefore, true)
	wantPushed(t, w)
	remind("that is so", e.StartsAt, notify.OffsetDayBefore, false)
	wantPushed(t, w, "bo")
}

// A cause whose args are not of its kind's own type is a mistake in the program. It is
// refused, and in the end put aside for an operator to see.
func TestArgsOfAnotherTypeAreRefused(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	people := []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}}}
	for name, c := range map[string]notify.Cause{
		"of another kind":      {Kind: event.NoticeReminder, Args: notify.ArgsOf(map[string]int{"Version": 3})},
		"of which one is gone": {Kind: group.NoticeJoinAnswered, Args: notify.ArgsOf(map[string]int{"Version": 3})},
		"of another type":      {Kind: event.NoticeMoved, Args: notify.ArgsOf(map[string]string{"Version": "three"})},
		"no JSON":              {Kind: event.NoticeMoved, Args: "three"},
	} {
		c.Key, c.Subject, c.Audiences = name, g.ID, people
		if err := w.Notifier.Enqueue(t.Context(), c); err == nil || fault.Is(err, fault.KindUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fits := notify.Cause{Key: "fits", Kind: group.NoticeJoinAnswered, Subject: g.ID, Audiences: people, Data: map[string]string{"Group": "Haven"},
		Args: notify.ArgsOf(struct {
			PersonID string
			Version  int
		}{ct.PersonID("bo"), 1})}
	if err := w.Notifier.Enqueue(t.Context(), fits); err != nil {
		t.Error(err)
	}
	if n := w.Count("notify_jobs"); n != 1 {
		t.Errorf("%d jobs are queued, want that whose args fit", n)
	}
}
