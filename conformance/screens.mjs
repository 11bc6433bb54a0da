// This opens each screen on a running development server with the typed client, as an app does.
import assert from 'node:assert/strict'
import { Client } from './generated/js/screens.js'

const url = process.argv[2]
const tokens = Object.fromEntries((await (await fetch(`${url}/dev/tokens`)).json()).map(t => [t.persona, t.token]))
const resident = new Client(url, tokens['resident-1'])
const leader = new Client(url, tokens['leader-1'])
const staff = new Client(url, tokens['staff-1'])

const feed = await resident.feed()
const shows = feed.find(date => date.event && date.group)
assert.ok(shows, 'the feed shows no event of a group')
const { event, group } = shows
const shown = {
  feed,
  onboarding: await resident.onboarding(),
  group: await resident.group(group.id),
  event: await resident.event(event.id),
  "leader's event": await leader.leadersEvent(event.id, shows.id, group.id),
  courses: await resident.courses(null),
  inbox: await resident.inbox(),
  announcements: await leader.announcements(group.id),
  staff: await staff.staff(),
}
for (const [screen, lines] of Object.entries(shown)) console.log(`${screen}: ${lines.length} lines, such as ${JSON.stringify(lines[0] ?? null)}`)
console.log('screens ok')
