package device_test

import (
	"slices"
	"strings"
	"testing"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/notify"
)

// report registers a phone that says what it lets through.
func report(w *ct.World, name, token string, allowed *bool, off ...notify.Family) *device.Device {
	w.T.Helper()
	return ct.Must(w.Devices.Register(w.As(name), device.RegisterInput{Kind: device.KindToken, Value: token, Platform: device.PlatformAndroid,
		PushAllowed: allowed, FamiliesOff: off}))(w.T)
}

// Every report says what holds from now on: what a phone leaves out is no longer known of it.
func TestAPhoneSaysWhatItKnows(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	version, zone, no := " 17.4 ", clock.Zone("Europe/London"), false
	d := ct.Must(w.Devices.Register(w.As("anna"), device.RegisterInput{Kind: device.KindToken, Value: "phone", Platform: device.PlatformIOS, OSVersion: &version,
		TimeZone: &zone, PushAllowed: &no, FamiliesOff: []notify.Family{notify.FamilyUrgent, notify.FamilyCourses, notify.FamilyUrgent}}))(t)
	check := func(d *device.Device, version string, zone clock.Zone, allowed bool, off ...notify.Family) {
		t.Helper()
		if d.OSVersion != version || d.TimeZone() != zone || d.PushAllowed() != allowed || !slices.Equal(d.FamiliesOff(), off) {
			t.Errorf("it is %+v", d.Report)
		}
	}
	stored := func() *device.Device {
		return ct.Must(w.Devices.ByIDs(w.As("anna"), []string{d.ID}))(t)[d.ID]
	}
	check(d, "17.4", zone, false, notify.FamilyCourses, notify.FamilyUrgent)
	check(stored(), "17.4", zone, false, notify.FamilyCourses, notify.FamilyUrgent)
	w.Set(t.Context(), "devices", d.ID, map[string]any{"refuses": []string{"*", "OF_LATER", "COURSES"}, "timeZone": "Moon/Far_Side"})
	check(stored(), "17.4", clock.Copenhagen, false, notify.FamilyCourses)
	check(report(w, "anna", "phone", nil), "", clock.Copenhagen, true)
	check(stored(), "", clock.Copenhagen, true)
}

func TestWhatAPhoneMayNotSay(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	long, control := strings.Repeat("x", 41), "1\x002"
	good := device.RegisterInput{Kind: device.KindToken, Value: "phone", Platform: device.PlatformIOS}
	for name, row := range map[string]struct {
		change     func(in *device.RegisterInput)
		field, key string
	}{
		"a long version": {func(in *device.RegisterInput) { in.OSVersion = &long }, "input.osVersion", "text.long"},
		"no text":        {func(in *device.RegisterInput) { in.OSVersion = &control }, "input.osVersion", "text.characters"},
		"many families": {func(in *device.RegisterInput) {
			in.FamiliesOff = slices.Repeat([]notify.Family{notify.FamilyEvents}, len(notify.Families)+1)
		}, "input.familiesOff", "list.long"},
		"an unknown family": {func(in *device.RegisterInput) { in.FamiliesOff = []notify.Family{"PARTIES"} }, "input.familiesOff", "variable.bad"},
		"a token as an installation": {func(in *device.RegisterInput) {
			in.Kind, in.Value = device.KindFID, "cYB7-0xJSUa1vWk2lbPQrs:APA91bH"
		}, "input.value", "device.not_fid"},
		"an installation of another form": {func(in *device.RegisterInput) { in.Kind, in.Value = device.KindFID, "aYB7-0xJSUa1vWk2lbPQrs" }, "input.value", "device.not_fid"},
		"Apple's own token":               {func(in *device.RegisterInput) { in.Value = strings.Repeat("0aF9", 16) }, "input.value", "device.apples"},
	} {
		in := good
		row.change(&in)
		_, err := w.Devices.Register(w.As("anna"), in)
		ct.WantKey(t, err, row.key)
		ct.WantField(t, err, row.field)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	if n := w.Count("devices"); n != 0 {
		t.Errorf("%d are stored", n)
	}
	in := good
	in.Kind, in.Value = device.KindFID, "cYB7-0xJSUa1vWk2lbPQrs"
	ct.Must(w.Devices.Register(w.As("anna"), in))(t)
}

// Somebody refuses a family if they have phones that work, and every one of them refuses it.
func TestWhoseEveryPhoneRefuses(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	no := false
	report(w, "anna", "a-1", nil, notify.FamilyEvents, notify.FamilyUrgent)
	report(w, "anna", "a-2", &no)
	report(w, "bo", "b-1", nil, notify.FamilyEvents)
	report(w, "bo", "b-2", nil)
	w.As("cara")
	report(w, "dan", "d-1", nil, notify.FamilyEvents)
	rests := report(w, "dan", "d-2", nil)
	for _, news := range []string{"one", "two", "three"} {
		if err := w.Devices.Doubt(t.Context(), []string{rests.ID}, news); err != nil {
			t.Fatal(err)
		}
	}
	everybody := []string{ct.PersonID("anna"), ct.PersonID("bo"), ct.PersonID("cara"), ct.PersonID("dan")}
	for family, want := range map[notify.Family][]bool{
		notify.FamilyEvents:  {true, false, false, true},
		notify.FamilyUrgent:  {true, false, false, false},
		notify.FamilyCourses: {false, false, false, false},
	} {
		all := ct.Must(w.Devices.AllRefuse(t.Context(), family, everybody))(t)
		for i, personID := range everybody {
			if all[personID] != want[i] {
				t.Errorf("%s, %s: %t", family, personID, all[personID])
			}
		}
	}
	for name, want := range map[string]map[notify.Family]notify.PhoneSetting{
		"anna": {notify.FamilyEvents: notify.PhoneOffOnAll, notify.FamilyCourses: notify.PhoneOffOnSome},
		"bo":   {notify.FamilyEvents: notify.PhoneOffOnSome, notify.FamilyCourses: notify.PhoneOn},
		"cara": {notify.FamilyEvents: notify.PhoneNone},
	} {
		phones := ct.Must(w.Devices.Phones(w.As(name), everybody))(t)
		if len(phones) > 1 {
			t.Errorf("%s sees the phones of %d people", name, len(phones))
		}
		for family, setting := range want {
			if got := phones[ct.PersonID(name)].Setting(family); got != setting {
				t.Errorf("%s of %s is %s, want %s", family, name, got, setting)
			}
		}
	}
}
