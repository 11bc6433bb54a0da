package device_test

import (
	"slices"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/device"
	"faellesskab/internal/fault"
	"faellesskab/internal/testkit"
)

const signOutKey = "11111111-1111-4111-8111-111111111111"

// outcomeWaits lets anna sign out on a phone, and the process die right after the write that decides.
// The first try to store the outcome has failed, and the next is due in a while.
func outcomeWaits(w *ct.World, phone string, until time.Time) {
	w.T.Helper()
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(2)
	_, _ = signOut(dying, phone)
	type pending struct {
		Effects map[string]struct{ Kind string }
	}
	for eid, e := range ct.All[pending](w, "devices", map[string]any{"_id": phone})[0].Effects {
		if e.Kind == "idempotency.outcome" {
			w.Set(w.T.Context(), "devices", phone, map[string]any{"effects." + eid + ".tries": 1, "effects." + eid + ".notBefore": until})
			return
		}
	}
	w.T.Fatal("no outcome is under way")
}

func signOut(w *ct.World, phone string) (string, error) {
	key := signOutKey
	return w.Devices.Unregister(w.Stranger("anna"), device.UnregisterInput{ClientMutationID: &key, DeviceID: phone})
}

// The outcome of a sign-out waits to be tried again. Until then a repeat of the call is told to
// wait, and afterwards what the first call has done, whatever happens to the phone meanwhile.
func TestTheOutcomeOfASignOutIsNotLost(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(w *ct.World, phone string) error{
		"nothing happens":               func(*ct.World, string) error { return nil },
		"Firebase says that it is gone": func(w *ct.World, phone string) error { return w.Devices.Remove(w.T.Context(), phone) },
		"bo signs in on it":             func(w *ct.World, _ string) error { w.Phone("bo", "phone"); return nil },
		"bo signs in on it, and out": func(w *ct.World, phone string) error {
			w.Phone("bo", "phone")
			_, err := w.Devices.Unregister(w.As("bo"), device.UnregisterInput{DeviceID: phone})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			phone := w.Phone("anna", "phone").ID
			soon := w.Clock.Now().Add(time.Minute)
			outcomeWaits(w, phone, soon)
			w.Clock.Advance(16 * time.Second)
			ct.Must(w.Outbox.Sweep(t.Context(), 0))(t)
			if err := meanwhile(w, phone); err != nil {
				t.Fatal(err)
			}
			_, err := signOut(w, phone)
			ct.WantKey(t, err, "mutation_id.in_flight")
			if f := err.(*fault.Error); f.RetryAfter <= 0 {
				t.Error("the phone is not told when to ask again")
			}
			w.Clock.Advance(2 * time.Minute)
			_, _ = w.Outbox.Sweep(t.Context(), 0) // what removes the phone for bo may come before anna's outcome
			if got, err := signOut(w, phone); got != phone || err != nil {
				t.Errorf("a repeat is told %q, %v", got, err)
			}
			w.Clock.Advance(time.Hour)
			w.RunPending()
			want := []string(nil)
			if name == "bo signs in on it" {
				want = []string{"phone"}
			}
			if got := values(w, "bo"); !slices.Equal(got, want) || w.Count("devices") != len(want) {
				t.Errorf("bo has %v of %d devices", got, w.Count("devices"))
			}
		})
	}
}

// The outcome of a sign-out fails again and again, and is put aside. It is kept there, so the phone goes.
func TestAnOutcomeThatIsPutAsideKeepsNoPhone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	phone := w.Phone("anna", "phone").ID
	outcomeWaits(w, phone, w.Clock.Now())
	for eid, e := range ct.All[struct {
		Effects map[string]struct{ Kind string }
	}](w, "devices", map[string]any{"_id": phone})[0].Effects {
		if e.Kind == "idempotency.outcome" {
			w.Set(t.Context(), "devices", phone, map[string]any{"effects." + eid + ".tries": dead.MaxTries - 1, "effects." + eid + ".args": "damaged"})
		}
	}
	for range 3 {
		w.Clock.Advance(time.Minute)
		_, _ = w.Outbox.Sweep(t.Context(), 0)
	}
	if letters := ct.Must(w.Outbox.Letters().List(t.Context(), 10))(t); len(letters) != 1 || letters[0].Kind != "idempotency.outcome" {
		t.Errorf("put aside: %+v", letters)
	}
	if n := w.Count("devices"); n != 0 {
		t.Errorf("%d phones are left", n)
	}
}
