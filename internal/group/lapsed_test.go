package group_test

import (
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// The links of a role that has ended by itself are over for good, also if another write meets the membership
// before the role's timer does, and the person has the role again.
func TestALinkOfALapsedRoleDoesNotLiveAgain(t *testing.T) {
	t.Parallel()
	mute := func(w *ct.World, g string) {
		ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: g, Level: notify.LevelInbox}))(w.T)
	}
	renew := func(w *ct.World, g string) { ct.Must(grant(w, "anna", "bo", g, group.RoleModerator, nil))(w.T) }
	for name, meanwhile := range map[string][]func(w *ct.World, g string){
		"renewed at once":                      {renew},
		"renewed after a mute":                 {mute, renew},
		"renewed after the timer":              {func(w *ct.World, _ string) { w.Fire() }, renew},
		"another role given, then this one":    {func(w *ct.World, g string) { ct.Must(grant(w, "anna", "bo", g, group.RoleTreasurer, nil))(w.T) }, renew},
		"one that does not invite lapsed also": {renew, func(w *ct.World, _ string) { w.Clock.Advance(time.Hour) }, mute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna", hidden).ID
			ct.Must(joinBy(w, "bo", g, link(w, "anna", g)))(t)
			soon, later := w.Clock.Now().Add(time.Hour), w.Clock.Now().Add(2*time.Hour)
			ct.Must(grant(w, "anna", "bo", g, group.RoleTreasurer, &later))(t)
			ct.Must(grant(w, "anna", "bo", g, group.RoleModerator, &soon))(t)
			code := link(w, "bo", g)
			w.Clock.Advance(time.Hour)
			for _, do := range meanwhile {
				do(w, g)
			}
			w.RunPending()
			w.Fire()
			wantClosed(t, w, g, code)
			w.Clock.Advance(time.Second)
			ct.Must(w.Groups.Invitation(w.As("zoe"), link(w, "bo", g)))(t)
		})
	}
}

// Whoever could invite all the time keeps their links: by another role, a role that was given anew before it
// ended, or an office.
func TestALinkOfWhoCouldInviteAllTheTimeLives(t *testing.T) {
	t.Parallel()
	for name, also := range map[string]func(w *ct.World, g string){
		"by another role": func(w *ct.World, g string) { ct.Must(grant(w, "chair", "bo", g, group.RoleCaretaker, nil))(w.T) },
		"by the role":     func(w *ct.World, g string) { ct.Must(grant(w, "chair", "bo", g, group.RoleModerator, nil))(w.T) },
		"by an office":    func(w *ct.World, _ string) { w.Grant("bo", auth.RoleStaff) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := committee(w, group.VisibilityPublic).ID
			w.Join(g, "bo")
			soon := w.Clock.Now().Add(time.Hour)
			ct.Must(grant(w, "chair", "bo", g, group.RoleModerator, &soon))(t)
			code := link(w, "bo", g)
			also(w, g)
			w.Clock.Advance(time.Hour)
			ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: g, Level: notify.LevelInbox}))(t)
			w.RunPending()
			w.Fire()
			ct.Must(w.Groups.Invitation(w.As("zoe"), code))(t)
		})
	}
}
