package main

import (
	"testing"

	"faellesskab/internal/auth"
)

// A day of a resident with two phones, as both screens show it. The golden can be read without this file: each line
// says what happens, what a phone shows for it and how, and, at each hour, what stands on the screens.
func TestADayWithTwoPhones(t *testing.T) {
	t.Parallel()
	d := newDay(t, "mette", dayPhone{name: "Android", token: "mettes-android"}, dayPhone{name: "iPhone", token: "mettes-iphone"})
	haven, dinner, work := d.weekend()

	d.hour = dayTime(t, "2026-05-04 08:00")
	d.at("2026-05-04 08:10", "Anna posts a flea market.")
	d.post(haven, "Loppemarked", "2026-05-09", nil)
	d.after()
	d.at("2026-05-04 08:40", "Anna writes to the group.")
	d.call("anna", "announceToGroup", vars{"groupId": haven, "title": "Husk haveslangen", "text": "Vandet er åbnet igen. Rul slangen sammen, når du går."}, "__typename")
	d.after()
	d.at("2026-05-04 09:30", "Anna posts a sowing day.")
	d.post(haven, "Vi sår", "2026-05-10", nil)
	d.after()
	d.at("2026-05-04 10:20", "Dan gives his seat at the dinner back, and Mette is next in line.")
	d.call("dan", "cancelAttendance", vars{"occurrenceId": dinner.date}, "__typename")
	d.after()
	d.at("2026-05-04 10:25", "Mette takes the seat by the button on her iPhone.")
	d.press("mettes-iphone", "Der er en plads til dig", "Tag pladsen")
	d.after()
	d.at("2026-05-04 11:10", "Mette opens the flea market on her Android phone.")
	d.open("mettes-android", "Haven: Loppemarked")
	d.after()
	d.at("2026-05-04 13:15", "Anna posts a fourth thing, and Mette wants three pushes a day.")
	d.post(haven, "Grillaften", "2026-05-15", nil)
	d.after()
	d.at("2026-05-04 16:30", "Anna cancels the working party of which Mette has just been reminded.")
	d.call("anna", "cancelEvent", vars{"eventId": work.event, "reason": "Det regner."}, "__typename")
	d.after()
	d.at("2026-05-04 19:40", "Mette reads everything in the app on her iPhone.")
	d.call("mette", "markAllNoticesRead", vars{"before": d.Clock.Now()}, "__typename")
	d.after()
	d.at("2026-05-04 22:15", "Anna posts a last thing. Mette sleeps.")
	d.post(haven, "Kompost", "2026-05-16", nil)
	d.after()
	d.at("2026-05-04 23:10", "Bo of the municipality warns of a flood, and Carla approves it.")
	d.warn()
	d.after()
	d.at("2026-05-05 09:00", "Another day.")
	d.compare("testdata/day/two_phones.golden.txt")
}

// dayEvent is an event and its date.
type dayEvent struct{ event, date string }

// weekend is what there was before the day: a group with a dinner that is full and a working party, and a resident who has
// read everything.
func (d *day) weekend() (haven string, dinner, work dayEvent) {
	d.Grant("bo", auth.RoleStaff)
	d.Grant("carla", auth.RoleStaff)
	haven = d.call("anna", "createGroup", vars{"name": "Haven", "kind": "ASSOCIATION", "visibility": "PUBLIC", "joinPolicy": "OPEN"}, "group { id }").
		text("createGroup", "group", "id")
	for _, name := range []string{"mette", "dan"} {
		d.call(name, "joinGroup", vars{"groupId": haven}, "__typename")
	}
	dinner, work = d.post(haven, "Fællesspisning", "2026-05-06", 1), d.post(haven, "Arbejdsdag", "2026-05-04", nil)
	d.call("dan", "attendEvent", vars{"occurrenceId": dinner.date}, "__typename")
	d.call("mette", "attendEvent", vars{"occurrenceId": dinner.date}, "__typename")
	d.call("mette", "attendEvent", vars{"occurrenceId": work.date}, "__typename")
	d.Clock.Advance(dayTime(d.T, "2026-05-04 07:30").Sub(d.Clock.Now()))
	d.settle()
	d.call("mette", "markAllNoticesRead", vars{"before": d.Clock.Now()}, "__typename")
	d.call("mette", "registerDevice", vars{"value": "mettes-android", "platform": "ANDROID"}, "__typename")
	d.call("mette", "registerDevice", vars{"value": "mettes-iphone", "platform": "IOS"}, "__typename")
	return haven, dinner, work
}

// post publishes an event of a group, from six to eight in the evening of a day.
func (d *day) post(groupID, title, on string, capacity any) dayEvent {
	d.T.Helper()
	made := d.call("anna", "createEvent", vars{"groupId": groupID, "title": title, "startsAt": on + "T18:00:00", "endsAt": on + "T20:00:00",
		"place": vars{"name": "Kolonihaven"}, "capacity": capacity}, "event { id }")
	eventID := made.text("createEvent", "event", "id")
	d.call("anna", "publishEvent", vars{"eventId": eventID}, "__typename")
	dates := d.ask("anna", `query ($id: ID!) { event(id: $id) { occurrences { edges { node { id } } } } }`, vars{"id": eventID})
	return dayEvent{eventID, dates.text("event", "occurrences", "edges", 0, "node", "id")}
}

// warn sends an urgent broadcast to everybody, which a second person approves.
func (d *day) warn() {
	d.T.Helper()
	made := d.call("bo", "broadcast", vars{"isUrgent": true, "title": []vars{{"language": "DA", "text": "Højt vand ved havnen"}},
		"text": []vars{{"language": "DA", "text": "Flyt bilen fra Havnevej inden kl. 2."}}}, "announcement { id }")
	d.settle()
	d.call("carla", "approveBroadcast", vars{"announcementId": made.text("broadcast", "announcement", "id")}, "__typename")
}
