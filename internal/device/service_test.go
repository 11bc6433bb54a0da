package device_test

import (
	"strings"
	"testing"

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
	for _, value := range []string{"", "a b", "a\n", "\xff", strings.Repeat("a", 4097)} {
		_, err := w.Devices.Register(w.As("anna"), device.RegisterInput{Kind: device.KindToken, Value: value, Platform: device.PlatformIOS})
		ct.WantKind(t, err, fault.KindInvalid)
	}
	_, err := w.Devices.Register(t.Context(), device.RegisterInput{Kind: device.KindToken, Value: "a", Platform: device.PlatformIOS})
	ct.WantKind(t, err, fault.KindUnauthenticated)
}
