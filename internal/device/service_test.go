package device_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/fault"
)

func TestAPhoneFollowsWhoSignsIn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	first, second := w.Phone("anna", "phone"), w.Phone("bo", "phone")
	if first.ID != second.ID || w.Count("devices") != 1 {
		t.Errorf("%s and %s, %d devices", first.ID, second.ID, w.Count("devices"))
	}
	_, err := w.Devices.Unregister(w.As("anna"), device.UnregisterInput{DeviceID: first.ID})
	ct.WantKind(t, err, fault.KindNotFound)
	if n := len(ct.Must(w.Devices.ByIDs(w.As("anna"), []string{first.ID}))(t)); n != 0 {
		t.Error("anna sees bo's phone")
	}
	ct.Must(w.Devices.Unregister(w.As("bo"), device.UnregisterInput{DeviceID: first.ID}))(t)
	if w.Count("devices") != 0 {
		t.Error("signed out, and still there")
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	for _, value := range []string{"", "a b", "a\n", "a\x00", "\xff", "é", "a\u202eb", "{a}", strings.Repeat("a", 1025)} {
		_, err := w.Devices.Register(w.As("anna"), device.RegisterInput{Kind: device.KindToken, Value: value, Platform: device.PlatformIOS})
		ct.WantKind(t, err, fault.KindInvalid)
	}
	_, err := w.Devices.Register(t.Context(), device.RegisterInput{Kind: device.KindToken, Value: "a", Platform: device.PlatformIOS})
	ct.WantKind(t, err, fault.KindUnauthenticated)
}

// values are the tokens of a person's devices, the newest first.
func values(w *ct.World, name string) []string {
	w.T.Helper()
	list := ct.All[device.Device](w, "devices", map[string]any{"personId": ct.PersonID(name)})
	slices.SortFunc(list, func(a, b device.Device) int { return b.LastSeenAt.Compare(a.LastSeenAt) })
	var tokens []string
	for _, d := range list {
		tokens = append(tokens, d.Value)
	}
	return tokens
}

// A person who has ten phones and registers another one loses the one that has not been seen
// for the longest time. A phone that reports again counts as seen, and takes no second place.
func TestAPersonHasTenPhones(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]time.Duration{"as time goes by": time.Minute, "within a millisecond": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			w.Phone("bo", "of-bo")
			var want []string
			for i := range 14 {
				token := fmt.Sprint("phone-", i)
				w.Phone("anna", token)
				want = append([]string{token}, want...)
				w.Clock.Advance(step)
				if i == 9 {
					w.Phone("anna", "phone-0")
					want = append([]string{"phone-0"}, want[:9]...)
					w.Clock.Advance(step)
				}
			}
			got := values(w, "anna")
			if step == 0 { // all have the same time, so only the new phone is sure to stay
				want, got = want[:1], got[:1]
			}
			if want = want[:min(10, len(want))]; !slices.Equal(got, want) {
				t.Errorf("anna has %v, want %v", got, want)
			}
			if n := w.Count("devices"); n != 11 {
				t.Errorf("%d devices, want ten of anna's and bo's", n)
			}
		})
	}
}

// Many phones register at once, and exactly ten stay.
func TestTenPhonesOfManyAtOnce(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	anna := w.As("anna")
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			in := device.RegisterInput{Kind: device.KindToken, Value: fmt.Sprint("phone-", i), Platform: device.PlatformIOS}
			if _, err := w.Devices.Register(anna, in); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count("devices"); n != 10 {
		t.Errorf("%d devices", n)
	}
}

// While room is made, the phone that should go reports again, or somebody else signs in on
// it. It stays.
func TestAPhoneThatReportsMeanwhileStays(t *testing.T) {
	t.Parallel()
	for name, who := range map[string]string{"reports again": "anna", "moves": "bo"} {
		for command, collection := range map[string]string{"find": "devices", "delete": "devices"} {
			t.Run(name+" before the "+command, func(t *testing.T) {
				t.Parallel()
				m := &ct.Moment{}
				w := ct.New(t, m.Option())
				other := w.Again()
				for i := range 10 {
					w.Phone("anna", fmt.Sprint("phone-", i))
					w.Clock.Advance(time.Minute)
				}
				w.As("bo")
				m.Before(command, collection, func() { other.Phone(who, "phone-0") })
				w.Phone("anna", "phone-10")
				if !slices.Contains(values(w, who), "phone-0") {
					t.Errorf("%s has %v", who, values(w, who))
				}
				if n := len(values(w, "anna")); n > 10 || n < 9 {
					t.Errorf("anna has %d", n)
				}
			})
		}
	}
}

// A person who has five hundred phones from before there was a limit gets ten pushes and
// keeps ten phones, even if they never register again.
func TestWhoHasFiveHundredIsCutDown(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var list []*device.Device
	for i := range 500 {
		at := w.Clock.Now().Add(time.Duration(i/3) * time.Minute)
		list = append(list, device.Demo(ct.PersonID("anna"), fmt.Sprint("phone-", i), at))
	}
	list = append(list, device.Demo(ct.PersonID("bo"), "of-bo", w.Clock.Now()))
	if err := w.Devices.PutAll(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	found := ct.Must(w.Devices.Of(t.Context(), []string{ct.PersonID("anna"), ct.PersonID("bo")}))(t)
	if len(found) != 11 {
		t.Errorf("pushes go to %d devices", len(found))
	}
	for _, d := range found {
		if d.PersonID == ct.PersonID("anna") && d.LastSeenAt.Before(list[488].LastSeenAt) {
			t.Errorf("%s stayed, seen at %v", d.Value, d.LastSeenAt)
		}
	}
	if n := w.Count("devices"); n != 11 {
		t.Errorf("%d are left", n)
	}
}

// The number of new phones a day is limited. That of known phones is not.
func TestNewPhonesOfADay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	anna := w.As("anna")
	register := func(i int) error {
		_, err := w.Devices.Register(anna, device.RegisterInput{Kind: device.KindToken, Value: fmt.Sprint("phone-", i), Platform: device.PlatformIOS})
		return err
	}
	for i := range 200 {
		if err := register(i); err != nil {
			t.Fatal(err)
		}
	}
	ct.WantKind(t, register(200), fault.KindExhausted)
	if err := register(199); err != nil {
		t.Errorf("one that is hers: %v", err)
	}
	w.Clock.Advance(24 * time.Hour)
	if err := register(200); err != nil {
		t.Errorf("a day later: %v", err)
	}
	w.Clock.Advance(24 * time.Hour)
	if err := w.Devices.Prune(t.Context()); err != nil || w.Count("device_days") != 0 {
		t.Errorf("%d days are remembered, %v", w.Count("device_days"), err)
	}
}

// A report that was on its way while the phone moved to somebody else does not move it back.
// Otherwise the new owner would read the old one's pushes.
func TestALateReportTakesNoPhoneBack(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	w.Phone("anna", "old")
	m.Before("update", "devices", func() {
		w.Clock.Advance(time.Minute)
		w.Phone("bo", "shared")
	})
	_, err := w.Devices.Register(w.As("anna"), device.RegisterInput{Kind: device.KindToken, Value: "shared", Platform: device.PlatformIOS})
	ct.WantKind(t, err, fault.KindConflict)
	if got := values(w, "bo"); !slices.Equal(got, []string{"shared"}) {
		t.Errorf("bo has %q", got)
	}
	if got := values(w, "anna"); !slices.Equal(got, []string{"old"}) {
		t.Errorf("anna has %q", got)
	}
}
