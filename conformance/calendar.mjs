// Reads a calendar of the server with npm's ical.js, by the clocks that the calendar itself describes.
import { readFileSync } from "node:fs";
import { read } from "./ics.mjs";

const { zones, events } = read(readFileSync(new URL("../internal/ical/testdata/calendar.ics", import.meta.url), "utf8"));

const want = {
  "occ_1@x": ["2026-10-18T09:00:00.000Z", "2026-10-18T10:30:00.000Z"],
  "occ_2@x": ["2026-10-25T00:30:00.000Z", "2026-10-25T02:30:00.000Z"],
  "occ_3@x": ["2027-03-28T09:00:00.000Z", "2027-03-28T10:00:00.000Z"],
  "occ_4@x": ["2026-08-14", "2026-08-17"],
  "occ_5@x": ["2026-07-01T22:00:00.000Z", "2026-07-01T23:00:00.000Z"],
  "occ_6@x": ["2026-07-01T18:00:00.000Z", "2026-07-01T19:00:00.000Z"],
  "occ_7@x": ["2026-04-04T14:45:00.000Z", "2026-04-04T17:30:00.000Z"],
  "occ_8@x": ["2026-12-01T04:30:00.000Z", "2026-12-01T05:30:00.000Z"],
};
const got = Object.fromEntries([...events].map(([uid, e]) => [uid, e.when]));
for (const [name, value] of [["status", "CANCELLED"], ["description", "Sal 2; Aarhus, C\\D\nx"], ["location", "Fælleshuset, Åvej 3"], ["sequence", 1]]) {
  const is = events.get("occ_3@x").value(name);
  if (is !== value) throw new Error(`${name} is ${is}`);
}
if (JSON.stringify(got) !== JSON.stringify(want)) {
  throw new Error(`ical.js reads\n${JSON.stringify(got, null, 1)}\nwanted\n${JSON.stringify(want, null, 1)}`);
}
console.log(`${Object.keys(got).length} dates of a calendar in ${zones.length} zones`);
