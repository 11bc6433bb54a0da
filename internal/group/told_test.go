package group_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

func toldOf(w *ct.World, name string, k notify.Kind) int {
	w.T.Helper()
	w.Drain()
	n := 0
	for _, notice := range w.Notices(name) {
		if notice.Kind == k && !notice.Hidden {
			n++
		}
	}
	return n
}

func wantTold(t *testing.T, w *ct.World, name string, k notify.Kind, want int, when string) {
	t.Helper()
	if n := toldOf(w, name, k); n != want {
		t.Errorf("%s: %s has %d notices, want %d", when, name, n, want)
	}
}

// A person who asks to join and takes it back, on and on, is told of once a day, and of a request that stands
// then whoever answers hears all the same.
func TestAskingAgainAndAgainIsToldOnceADay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk)).ID
	for range 3 {
		w.Join(g, "bo")
		w.Drain()
		ct.Must("", leave(w, "bo", g))(t)
	}
	w.Join(g, "cara")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 2, "of bo and of cara")
	w.Clock.Advance(23 * time.Hour)
	w.Join(g, "bo")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 2, "after 23 hours")
	w.Clock.Advance(time.Hour)
	w.Fire()
	wantTold(t, w, "anna", group.NoticeJoinRequested, 3, "when the day has passed")
	w.Fire()
	ct.Must("", leave(w, "bo", g))(t)
	w.Join(g, "bo")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 3, "once more")
	// An answer makes no difference.
	ct.Must(w.Groups.Decline(w.As("anna"), group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}))(t)
	w.Join(g, "bo")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 3, "after the answer")
	ct.Must("", leave(w, "bo", g))(t)
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	wantTold(t, w, "anna", group.NoticeJoinRequested, 3, "taken back")
	w.Join(g, "bo")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 4, "a day later")
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	wantTold(t, w, "anna", group.NoticeJoinRequested, 4, "two days later")
}

// The same holds for a group that invites and takes it back.
func TestInvitingAgainAndAgainIsToldOnceADay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	for range 3 {
		mustInvite(w, "anna", "bo", g)
		w.Drain()
		ct.Must(remove(w, "anna", "bo", g, false))(t)
	}
	mustInvite(w, "anna", "bo", g)
	wantTold(t, w, "bo", group.NoticeInvited, 1, "invited four times")
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	wantTold(t, w, "bo", group.NoticeInvited, 2, "when the day has passed")
	ct.Must(decline(w, "bo", g))(t)
	mustInvite(w, "anna", "bo", g)
	wantTold(t, w, "bo", group.NoticeInvited, 2, "after the answer")
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	wantTold(t, w, "bo", group.NoticeInvited, 3, "a day after the last")
}

// A request that was taken back before it was told, and filed again, is told.
func TestARequestThatWasTakenBackForAMomentIsTold(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk)).ID
	w.Join(g, "bo")
	ct.Must("", leave(w, "bo", g))(t)
	w.Join(g, "bo")
	wantTold(t, w, "anna", group.NoticeJoinRequested, 1, "at once")
	ct.Must("", leave(w, "bo", g))(t)
	w.Join(g, "bo")
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	wantTold(t, w, "anna", group.NoticeJoinRequested, 2, "a day later")
}
