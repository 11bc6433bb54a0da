package main

import (
	"strings"

	"faellesskab/internal/id"
)

// deviceNoun has the rows of the installations of the app that pushes go to.
func deviceNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Device": {"devices", vars{"appVersion": "9.9"}, "appVersion", "9.9"},
		},
		nothingToShow: map[string]string{
			"unregisterDevice": "the device is gone",
		},
		name: "device", access: deviceAccess, crash: deviceCrash, secrets: []string{"device"},
		world: func(w *accessWorld) {
			w.ids["device"] = w.send("resident-1", `registerDevice(input: {value: "the-phone", platform: ANDROID}) { device { id } }`).text("registerDevice", "device", "id")
		},
		stored: map[string]enums{
			"devices":     {"kind": "DeviceKind", "platform": "Platform", "language": "Language", "refuses": strings.Join(enumsOfSchema()["NoticeFamily"], "|") + "|*"},
			"device_days": {},
		},
		questions: map[string]string{
			"devices: personId= lastSeenAt< | lastSeenAt": "somebody's devices, the oldest first",
			"devices: lastSeenAt<":                        "devices nobody has seen for long",
			"devices: personId= refuses=":                 "devices that do not show a family",
			"device_days: day<":                           "old days, to be deleted",
		},
	}
}

var deviceAccess = []accessCall{
	asks("node of the member's device", `node(id: $device) { id }`, ""),
	does("registerDevice", `registerDevice(input: {value: "a-phone", platform: IOS}) { device { id } }`),
	does("unregisterDevice of the member", `unregisterDevice(input: {deviceId: $device}) { deviceId }`),
}

var deviceCrash = []crashCase{
	{"registerDevice", func(*crashRig) crashCall {
		return crashCall{"resident", "registerDevice", vars{"value": "new-phone", "platform": "IOS"}, "device { id platform pushLanguage }"}
	}},
	{"registerDevice that was another's", func(*crashRig) crashCall {
		return crashCall{"resident", "registerDevice", vars{"value": "phone-other", "platform": "IOS"}, "device { id platform pushLanguage }"}
	}},
	{"registerDevice in place of another", func(*crashRig) crashCall {
		return crashCall{"resident", "registerDevice", vars{"value": "new-phone", "platform": "IOS", "pushAllowed": false,
			"replaces": id.Derive(id.Device, "TOKEN", "phone-resident")}, "device { id platform pushAllowed }"}
	}},
	{"unregisterDevice", func(*crashRig) crashCall {
		return crashCall{"resident", "unregisterDevice", vars{"deviceId": id.Derive(id.Device, "TOKEN", "phone-resident")}, "deviceId"}
	}},
}
