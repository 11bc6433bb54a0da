package device_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/testkit"
)

// Somebody's devices go with them, and what they registered today. A phone that has gone
// on to somebody else stays theirs.
func TestDevicesOfSomebodyErased(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	entries := w.Devices.Part().Collections
	w.Phone("xaver", "token-one")
	w.Phone("xaver", "token-two")
	w.Phone("xaver", "shared")
	w.Clock.Advance(1)
	w.Phone("bo", "shared")
	w.Phone("bo", "of-bo")
	read := ct.ExportFrom(t, entries, "devices", "xaver")
	if all := strings.Join(read, ""); len(read) != 2 || !strings.Contains(all, "ANDROID") || strings.Contains(all, "token-") {
		t.Errorf("of the devices there is to read %v", read)
	}
	if read := ct.ExportFrom(t, entries, "device_days", "xaver"); len(read) != 1 || !strings.Contains(read[0], `"NewDevices":3`) {
		t.Errorf("of the days there is to read %v", read)
	}
	bos := func() any {
		return []any{ct.All[device.Device](w, "devices", map[string]any{"personId": ct.PersonID("bo")}), ct.All[map[string]any](w, "device_days", nil)}
	}
	w.Entomb("xaver")
	ct.EraseFrom(t, entries, "xaver")
	for _, c := range entries {
		if left := testkit.Mentions(t, w.DB, c.Name, ct.PersonID("xaver"), "token-"); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
		if left := ct.ExportFrom(t, entries, c.Name, "xaver"); len(left) > 0 {
			t.Errorf("%v is left to read", left)
		}
		if len(ct.ExportFrom(t, entries, c.Name, "bo")) == 0 {
			t.Errorf("bo has lost %s", c.Name)
		}
	}
	before := bos()
	ct.EraseFrom(t, entries, "xaver")
	if diff := cmp.Diff(before, bos()); diff != "" {
		t.Errorf("a second erasure (-before +after):\n%s", diff)
	}
}

// Somebody who has more than are removed at a time loses all, in several steps.
func TestManyDevicesAreErasedInSteps(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var list []*device.Device
	for i := range 700 {
		list = append(list, device.Demo(ct.PersonID("xaver"), fmt.Sprint("phone-", i), w.Clock.Now()))
	}
	if err := w.Devices.PutAll(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	entries := w.Devices.Part().Collections
	left := ct.Must(entries[0].Erase(t.Context(), ct.PersonID("xaver")))(t)
	if n := w.Count("devices"); !left || n != 200 {
		t.Errorf("after one step %d are there, and there are more: %t", n, left)
	}
	ct.EraseFrom(t, entries, "xaver")
	if n := w.Count("devices"); n != 0 {
		t.Errorf("%d are left", n)
	}
}
