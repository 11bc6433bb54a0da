// Compares the dates that the server makes of rules with those of npm's rrule.
import { readFileSync } from "node:fs";
import rrule from "rrule";

const examples = JSON.parse(readFileSync(new URL("../internal/schedule/testdata/rrule.json", import.meta.url)));
let dates = 0;
for (const { first, rule, dates: want } of examples) {
  const options = rrule.RRule.parseString(rule);
  options.dtstart = new Date(first + "Z"); // rrule's dates have no zone: they are written as those of UTC
  const got = new rrule.RRule(options).all((_, i) => i < 400).map((d) => d.toISOString().slice(0, 19));
  if (JSON.stringify(got) !== JSON.stringify(want ?? [])) {
    console.error(`${rule} from ${first}:\n  rrule says ${got}\n  server says ${want}`);
    process.exitCode = 1;
  }
  dates += got.length;
}
if (examples.length === 0 || dates === 0) {
  throw new Error("nothing is compared");
}
console.log(`${dates} dates of ${examples.length} rules`);
