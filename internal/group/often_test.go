package group_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
)

// Whatever is done and undone over and over rings once a day, and ends with RATE_LIMITED.
func TestWhatIsDoneAndUndoneRingsOnceADay(t *testing.T) {
	t.Parallel()
	ask := func(w *ct.World, g string) error {
		_, err := w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g})
		return err
	}
	bos := func(g string) group.AnswerInput {
		return group.AnswerInput{GroupID: g, PersonID: ct.PersonID("bo")}
	}
	call := func(w *ct.World, g string) error {
		_, err := w.Groups.Invite(w.As("anna"), group.InviteInput{GroupID: g, PersonID: ct.PersonID("bo")})
		return err
	}
	for name, row := range map[string]struct {
		do, undo func(w *ct.World, g string) error
		reader   string
	}{
		"ask and take back": {ask, func(w *ct.World, g string) error { return leave(w, "bo", g) }, "anna"},
		"ask and be declined": {ask, func(w *ct.World, g string) error {
			_, err := w.Groups.Decline(w.As("anna"), bos(g))
			return err
		}, "anna"},
		"ask, be let in and leave": {ask, func(w *ct.World, g string) error {
			ct.Must(w.Groups.Approve(w.As("anna"), bos(g)))(w.T)
			return leave(w, "bo", g)
		}, "anna"},
		"invite and withdraw": {call, func(w *ct.World, g string) error {
			_, err := remove(w, "anna", "bo", g, false)
			return err
		}, "bo"},
		"invite and decline": {call, func(w *ct.World, g string) error {
			_, err := decline(w, "bo", g)
			return err
		}, "bo"},
		"invite, join and leave": {call, func(w *ct.World, g string) error {
			w.Join(g, "bo")
			return leave(w, "bo", g)
		}, "bo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", policy(group.JoinAsk)).ID
			w.As("bo")
			for range 7 { // the history of a membership holds that many of the longest round
				if err := row.do(w, g); err != nil {
					if !fault.HasCode(err, fault.CodeRateLimited) {
						t.Fatal(err)
					}
					break
				}
				w.Drain()
				if err := row.undo(w, g); err != nil {
					t.Fatal(err)
				}
				w.Drain()
			}
			kind := group.NoticeJoinRequested
			if row.reader == "bo" {
				kind = group.NoticeInvited
			}
			wantTold(t, w, row.reader, kind, 1, "on one day")
			w.Clock.Advance(25 * time.Hour)
			w.Fire()
			if err := row.do(w, g); err != nil {
				t.Errorf("on the next day: %v", err)
			}
			wantTold(t, w, row.reader, kind, 2, "on the next day")
		})
	}
}

// Asking one group has an end on one day, and so have requests that wait, and the invitations of one inviter.
func TestAskingAndInvitingHaveAnEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", policy(group.JoinAsk)).ID
	var err error
	n := 0
	for ; err == nil && n < 30; n++ {
		if _, err = w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g}); err == nil {
			err = leave(w, "bo", g)
		}
	}
	if !fault.HasCode(err, fault.CodeRateLimited) || n != 11 {
		t.Errorf("after %d times: %v", n, err)
	}
	for i, m := 0, 0; i <= group.MaxRequests; i++ {
		g := w.Group("anna", policy(group.JoinAsk), func(in *group.CreateInput) { in.Name = fmt.Sprint("Nr. ", i) }).ID
		_, err := w.Groups.Join(w.As("cara"), group.JoinInput{GroupID: g})
		if m++; (err != nil) != (m > group.MaxRequests) {
			t.Errorf("request %d: %v", m, err)
		}
	}
}
