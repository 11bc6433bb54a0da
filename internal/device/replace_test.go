package device_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/fault"
	"faellesskab/internal/testkit"
)

// renew registers a phone under a new token, in place of a device.
func renew(w *ct.World, name, token, old string) (*device.Device, error) {
	return w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: token, Platform: device.PlatformAndroid, Replaces: &old})
}

// addresses are the tokens to which pushes of a person go.
func addresses(w *ct.World, name string) []string {
	w.T.Helper()
	var tokens []string
	for _, d := range ct.Must(w.Devices.Of(w.T.Context(), []string{ct.PersonID(name)}))(w.T) {
		tokens = append(tokens, d.Value)
	}
	slices.Sort(tokens)
	return tokens
}

func TestANewTokenTakesThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	old := w.Phone("anna", "old")
	w.Phone("anna", "tablet")
	next := ct.Must(renew(w, "anna", "new", old.ID))(t)
	if got := addresses(w, "anna"); !slices.Equal(got, []string{"new", "tablet"}) || w.Count("devices") != 2 {
		t.Errorf("pushes go to %q, and there are %d devices", got, w.Count("devices"))
	}
	stored := ct.All[map[string]any](w, "devices", map[string]any{"_id": next.ID})[0]
	if mark, _ := stored["replaced"].(map[string]any); len(mark) > 0 {
		t.Errorf("a mark is left: %v", mark)
	}
}

// Whoever names a device that is not theirs, that is gone, or that is the phone itself, takes nothing away.
func TestWhatIsNotReplaced(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	bos := w.Phone("bo", "of-bo")
	own := w.Phone("anna", "phone")
	for name, old := range map[string]string{"somebody else's": bos.ID, "itself": own.ID, "gone": device.Demo("", "gone", time.Time{}).ID} {
		if _, err := renew(w, "anna", "phone", old); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := append(addresses(w, "anna"), addresses(w, "bo")...); !slices.Equal(got, []string{"phone", "of-bo"}) {
			t.Errorf("%s: pushes go to %q", name, got)
		}
	}
	for _, bad := range []string{"", "phone", "per_01kr00000000000000000000an", bos.ID + "x"} {
		_, err := renew(w, "anna", "another", bad)
		if !fault.HasCode(err, fault.CodeBadID) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got := addresses(w, "anna"); !slices.Equal(got, []string{"phone"}) {
		t.Errorf("a refused call has left %q", got)
	}
}

// A person who has ten phones loses none of the others when one of them gets a new token.
func TestANewTokenNeedsNoRoom(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var last *device.Device
	for i := range 10 {
		last = w.Phone("anna", fmt.Sprint("phone-", i))
		w.Clock.Advance(time.Minute)
	}
	ct.Must(renew(w, "anna", "new", last.ID))(t)
	if got := addresses(w, "anna"); len(got) != 10 || slices.Contains(got, "phone-9") || !slices.Contains(got, "phone-0") {
		t.Errorf("pushes go to %q", got)
	}
}

// The process dies after any of the commands of a call. A push goes to the old token or to the new one, never to both,
// and once the app has called again, or a sweep has come by, to the new one only.
func TestAReplacementThatIsCutShort(t *testing.T) {
	t.Parallel()
	for again, finish := range map[string]func(w *ct.World, old string){
		"the app calls again": func(w *ct.World, old string) { ct.Must(renewOnce(w, old))(w.T) },
		"a sweep finishes it": func(w *ct.World, _ string) { w.Clock.Advance(time.Minute); w.RunPending() },
	} {
		t.Run(again, func(t *testing.T) {
			t.Parallel()
			for commands := 0; ; commands++ {
				w := ct.New(t)
				old := w.Phone("anna", "old")
				w.Stranger("anna")
				crasher := testkit.NewCrasher()
				dying := w.Again(testkit.WithCrasher(crasher))
				crasher.After(commands)
				_, err := renewOnce(dying, old.ID)
				now := addresses(w, "anna")
				if len(now) != 1 || err == nil && !slices.Equal(now, []string{"new"}) {
					t.Errorf("dead after %d commands, with %v: pushes go to %q", commands, err, now)
				}
				if !crasher.Crashed() {
					return
				}
				w.Clock.Advance(16 * time.Second)
				finish(w, old.ID)
				if after := addresses(w, "anna"); !slices.Equal(now, []string{"old"}) && !slices.Equal(after, []string{"new"}) {
					t.Errorf("dead after %d commands: at the end pushes go to %q", commands, after)
				}
				w.RunPending()
				if n := w.Count("devices"); n != 1 {
					t.Errorf("dead after %d commands: %d devices", commands, n)
				}
			}
		})
	}
}

// renewOnce is a call of the app, and all its repeats.
func renewOnce(w *ct.World, old string) (*device.Device, error) {
	key := "22222222-2222-4222-8222-222222222222"
	return w.Devices.Register(w.Stranger("anna"), device.RegisterInput{ClientMutationID: &key, Kind: device.KindToken, Value: "new",
		Platform: device.PlatformAndroid, Replaces: &old})
}

// While a phone is replaced, somebody else signs in on it. The old device is no longer anna's to take away, and stays.
func TestAReplacedPhoneThatHasMovedOnStays(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	other := w.Again()
	old := w.Phone("anna", "old")
	w.As("bo")
	w.Clock.Advance(time.Minute)
	m.Before("update", "devices", func() { other.Phone("bo", "old") })
	ct.Must(renew(w, "anna", "new", old.ID))(t)
	if got := append(addresses(w, "anna"), addresses(w, "bo")...); !slices.Equal(got, []string{"new", "old"}) {
		t.Errorf("pushes go to %q", got)
	}
}

// The app reports twice at its start, and the report that names the old token comes late. Its other values are older than
// what is stored; the old token goes all the same.
func TestALateReportStillReplaces(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	other := w.Again()
	old := w.Phone("anna", "old")
	m.Before("update", "devices", func() {
		w.Clock.Advance(time.Minute)
		other.Phone("anna", "new")
	})
	ct.Must(renew(w, "anna", "new", old.ID))(t)
	if got := addresses(w, "anna"); !slices.Equal(got, []string{"new"}) {
		t.Errorf("pushes go to %q", got)
	}
	w.RunPending()
	if n := w.Count("devices"); n != 1 {
		t.Errorf("%d devices", n)
	}
}
