package community_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

// repeated is a mutation, what somebody does after it, and a look at what both change.
type repeated struct {
	before func(w *ct.World)
	call   func(w *ct.World, key string) error
	newer  func(w *ct.World)
	look   func(w *ct.World) string
}

func rename(w *ct.World, key *string, name string) error {
	_, err := w.People.CompleteProfile(w.As("anna"), person.ProfileInput{ClientMutationID: key, DisplayName: optional.Of(name)})
	return err
}

func register(w *ct.World, who string, key *string) error {
	_, err := w.Devices.Register(w.As(who), device.RegisterInput{ClientMutationID: key, Kind: device.KindToken, Value: "phone", Platform: device.PlatformIOS})
	return err
}

// holders are the ids of the people who have registered a phone.
func holders(w *ct.World) string {
	var ids []string
	for _, d := range ct.All[device.Device](w, "devices", nil) {
		if d.PersonID != "" {
			ids = append(ids, d.PersonID)
		}
	}
	return strings.Join(ids, " ")
}

var repeats = map[string]repeated{
	"completeProfile": {
		call:  func(w *ct.World, key string) error { return rename(w, &key, "first") },
		newer: func(w *ct.World) { must(w, rename(w, nil, "newer")) },
		look: func(w *ct.World) string {
			_, p := w.Person("anna")
			return p.DisplayName
		},
	},
	"registerDevice": {
		call:  func(w *ct.World, key string) error { return register(w, "anna", &key) },
		newer: func(w *ct.World) { must(w, register(w, "bo", nil)) },
		look:  holders,
	},
	"unregisterDevice": {
		before: func(w *ct.World) { must(w, register(w, "anna", nil)) },
		call: func(w *ct.World, key string) error {
			_, err := w.Devices.Unregister(w.As("anna"), device.UnregisterInput{ClientMutationID: &key, DeviceID: device.Demo("", "phone", time.Time{}).ID})
			return err
		},
		newer: func(w *ct.World) { must(w, register(w, "anna", nil)) },
		look:  holders,
	},
	"stopReason": {
		before: func(w *ct.World) {
			w.Join(onlyGroup(w), "bo")
			w.PublishedEvent("anna", onlyGroup(w), nil)
			w.Drain()
		},
		call: func(w *ct.World, key string) error {
			n := w.Notices("bo")[0]
			_, err := w.Settings.StopReason(w.As("bo"), inbox.StopReasonInput{ClientMutationID: &key, NoticeID: n.ID, ReasonKey: n.Reasons[0].Key()})
			return err
		},
		newer: func(w *ct.World) {
			ct.Must(w.Groups.SetNotifications(w.As("bo"), group.NotificationsInput{GroupID: onlyGroup(w), Level: notify.LevelSummary}))(w.T)
		},
		look: func(w *ct.World) string {
			_, bo := w.Person("bo")
			return string(bo.Groups[onlyGroup(w)].Level)
		},
	},
	"revokeInvitationLink": {
		before: func(w *ct.World) { link(w) },
		call: func(w *ct.World, key string) error {
			_, err := w.Groups.RevokeLink(w.As("anna"), group.RevokeLinkInput{ClientMutationID: &key, GroupID: onlyGroup(w)})
			return err
		},
		newer: func(w *ct.World) { link(w) },
		look: func(w *ct.World) string {
			var open []string
			for _, l := range ct.All[group.Link](w, "group_invitations", nil) {
				if l.RevokedAt == nil {
					open = append(open, l.ID)
				}
			}
			slices.Sort(open)
			return strings.Join(open, " ")
		},
	},
}

func must(w *ct.World, err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func onlyGroup(w *ct.World) string { return ct.All[group.Group](w, "groups", nil)[0].ID }

func link(w *ct.World) {
	w.T.Helper()
	ct.Must(w.Groups.CreateLink(w.As("anna"), group.CreateLinkInput{GroupID: onlyGroup(w)}))(w.T)
}

// The process dies after its n-th write, and then somebody changes the same thing. A repeat of the mutation, which
// has been done already, leaves the newer change as it is.
func TestARepeatLeavesWhatIsNewer(t *testing.T) {
	t.Parallel()
	for name, r := range repeats {
		for n := 1; n < 7; n++ {
			t.Run(fmt.Sprint(name, " after ", n), func(t *testing.T) {
				t.Parallel()
				w := ct.New(t)
				w.Group("anna")
				w.As("bo")
				if r.before != nil {
					r.before(w)
					w.Clock.Advance(time.Second)
				}
				const key = "11111111-1111-4111-8111-111111111111"
				before := r.look(w)
				crasher := testkit.NewCrasher()
				dying := w.Again(testkit.WithCrasher(crasher))
				crasher.After(n)
				_ = r.call(dying, key)
				isDone := r.look(w) != before
				w.Clock.Advance(time.Second)
				r.newer(w)
				want := r.look(w)
				for range 2 {
					w.Clock.Advance(untilAnotherMay)
					if err := r.call(w, key); err != nil {
						t.Errorf("the repeat: %v", err)
					}
				}
				if got := r.look(w); isDone && got != want {
					t.Errorf("%q, want %q", got, want)
				}
			})
		}
	}
}

// untilAnotherMay is longer than a call may take before another may take its place.
const untilAnotherMay = 16 * time.Second
