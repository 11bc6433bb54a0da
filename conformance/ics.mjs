// Reads a calendar with npm's ical.js, by the clocks that the calendar itself describes.
import ICAL from "ical.js";

// read gives the events of a calendar by their uids, each with its start and end as instants (days, if it is of whole
// days), and the names of its zones. A zone that is there twice, or that no event may refer to, is an error.
export function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = new Map();
  for (const c of calendar.getAllSubcomponents("vtimezone")) {
    const zone = new ICAL.Timezone(c);
    if (zones.has(zone.tzid)) throw new Error(`${zone.tzid} is there twice`);
    zones.set(zone.tzid, zone);
  }
  const instant = (property) => {
    const time = property.getFirstValue();
    const tzid = property.getParameter("tzid");
    if (!tzid) return time.isDate ? time.toString() : time.toJSDate().toISOString();
    if (!zones.has(tzid)) throw new Error(`no zone ${tzid}`);
    return new Date(Object.assign(time, { zone: zones.get(tzid) }).toUnixTime() * 1000).toISOString();
  };
  const events = new Map();
  for (const c of calendar.getAllSubcomponents("vevent")) {
    const uid = c.getFirstPropertyValue("uid");
    if (events.has(uid)) throw new Error(`${uid} is there twice`);
    events.set(uid, { when: ["dtstart", "dtend"].map((name) => instant(c.getFirstProperty(name))), value: (name) => c.getFirstPropertyValue(name) });
  }
  return { zones: [...zones.keys()], events };
}
