// Follows calendars of a running development server as a calendar program does, and reads back with npm's ical.js the dates
// that the API shows: over both changes of the clock, of whole days, in other zones, moved and cancelled.
import assert from 'node:assert/strict'
import { read } from './ics.mjs'

const url = process.argv[2]
const tokens = Object.fromEntries((await (await fetch(`${url}/dev/tokens`)).json()).map(t => [t.persona, t.token]))
const gql = async (persona, query, variables) => {
  const r = await (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` }, body: JSON.stringify({ query, variables }) })).json()
  assert.equal(r.errors, undefined, JSON.stringify(r.errors))
  return r.data
}
// local is a local time a number of days from now.
const local = (days, time) => `${new Date(Date.now() + days * 864e5).toISOString().slice(0, 10)}T${time}`
const sunday = 7 - new Date().getUTCDay()
const text = 'Sal 2; Aarhus, C\\D\nEND:VEVENT 📞' + 'æ'.repeat(100)
const group = (await gql('leader-1', 'mutation { createGroup(input: {name: "Kalenderen", kind: HOUSING}) { group { id } } }')).createGroup.group.id
await gql('resident-1', 'mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }', { g: group })
const inputs = [
  { title: 'Kor', description: text, startsAt: local(sunday, '02:30:00'), endsAt: local(sunday, '03:30:00'), recurrence: { rule: 'FREQ=WEEKLY;BYDAY=SU;COUNT=52' } },
  { title: 'Lejr', startsAt: local(30, '00:00:00'), endsAt: local(32, '00:00:00'), isAllDay: true },
  { title: 'Ude', startsAt: local(40, '18:00:00'), endsAt: local(40, '19:00:00'), timeZone: 'America/New_York' },
  { title: 'Langt ude', startsAt: '2034-06-01T18:00:00', endsAt: '2034-06-01T19:00:00' },
  { title: 'Aflyst', startsAt: local(41, '18:00:00'), endsAt: local(41, '19:00:00') },
  { title: 'Flyttet', startsAt: local(42, '18:00:00'), endsAt: local(42, '19:00:00') },
]
const events = {}
for (const input of inputs) {
  const { event } = (await gql('leader-1', 'mutation ($i: CreateEventInput!) { createEvent(input: $i) { event { id } } }', { i: { groupId: group, ...input } })).createEvent
  await gql('leader-1', 'mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { id } } }', { e: event.id })
  events[input.title] = event.id
}

// follow asks for a feed as a calendar program does.
const follow = async (address, headers) => {
  const r = await fetch(address, { headers })
  return { status: r.status, body: await r.text(), etag: r.headers.get('etag') }
}
const feedOf = async scope => (await gql('resident-1', 'query ($s: CalendarFeedScopeInput!) { calendarFeed(scope: $s) { url webcalUrl } }', { s: scope })).calendarFeed
const ofGroup = await feedOf({ groupId: group })
assert.equal(ofGroup.webcalUrl, ofGroup.url.replace(/^https?/, 'webcal'))
const first = await follow(ofGroup.url)
assert.equal(first.status, 200)
await gql('leader-1', 'mutation ($e: ID!) { cancelEvent(input: {eventId: $e}) { event { id } } }', { e: events.Aflyst })
await gql('leader-1', 'mutation ($i: UpdateEventInput!) { updateEvent(input: $i) { event { id } } }', { i: { eventId: events.Flyttet, startsAt: local(43, '20:00:00') } })

// datesOf are the dates of an event as the API shows them, by the uids that they have in calendars.
const datesOf = async event => {
  const all = []
  for (let after = null; ;) {
    const c = (await gql('resident-1', 'query ($e: ID!, $a: String) { event(id: $e) { occurrences(first: 50, after: $a) { edges { node { id startsAt endsAt startsAtLocal endsAtLocal isAllDay state } } pageInfo { hasNextPage endCursor } } } }', { e: event, a: after })).event.occurrences
    all.push(...c.edges.map(e => e.node))
    if (!c.pageInfo.hasNextPage) return all
    after = c.pageInfo.endCursor
  }
}
const want = {}
for (const event of Object.values(events)) {
  for (const d of await datesOf(event)) {
    const when = d.isAllDay ? [d.startsAtLocal.slice(0, 10), d.endsAtLocal.slice(0, 10)] : [d.startsAt, d.endsAt].map(t => new Date(t).toISOString())
    want[`${d.id}@faellesskab`] = { when, status: d.state === 'CANCELLED' ? 'CANCELLED' : 'CONFIRMED' }
  }
}
const second = await follow(ofGroup.url, { 'if-none-match': first.etag })
assert.equal(second.status, 200, 'it has changed')
const shown = read(second.body)
const got = Object.fromEntries([...shown.events].map(([uid, e]) => [uid, { when: e.when, status: e.value('status') }]))
const sorted = o => Object.fromEntries(Object.entries(o).sort())
assert.deepEqual(sorted(got), sorted(want))
assert.ok(Object.keys(want).length >= 54, `only ${Object.keys(want).length} dates`)
assert.deepEqual(shown.zones, ['America/New_York', 'Europe/Copenhagen'])
const before = read(first.body)
for (const [uid, e] of shown.events) {
  const was = before.events.get(uid), title = e.value('summary')
  assert.equal(e.value('sequence') - was.value('sequence'), title === 'Aflyst' || title === 'Flyttet' ? 1 : 0, `the number of ${title}`)
  if (title === 'Kor') assert.equal(e.value('description'), text)
}

const again = await follow(ofGroup.url, { 'if-none-match': second.etag })
assert.deepEqual([again.status, again.body], [304, ''])
assert.equal((await follow(ofGroup.url)).body, second.body, 'the same calendar is the same bytes')
const head = await fetch(ofGroup.url, { method: 'HEAD' })
assert.deepEqual([head.status, head.headers.get('etag'), head.headers.get('content-type'), await head.text()], [200, second.etag, 'text/calendar; charset=utf-8', ''])

// Whoever has signed up for one date has that one in their own calendar, and no other of the series.
const chosen = (await datesOf(events.Kor))[3].id
await gql('resident-1', 'mutation ($o: ID!) { attendEvent(input: {occurrenceId: $o}) { outcome { __typename } } }', { o: chosen })
const own = await feedOf({ me: true })
const mine = [...read((await follow(own.url)).body).events].filter(([, e]) => e.value('summary') === 'Kor').map(([uid]) => uid)
assert.deepEqual(mine, [`${chosen}@faellesskab`])

// The old address ends when it is renewed, and the new one with the membership.
const renewed = (await gql('resident-1', 'mutation ($g: ID!) { renewCalendarFeed(input: {scope: {groupId: $g}}) { feed { url } } }', { g: group })).renewCalendarFeed.feed
assert.deepEqual([(await follow(ofGroup.url)).status, (await follow(renewed.url)).status], [404, 200])
await gql('resident-1', 'mutation ($g: ID!) { leaveGroup(input: {groupId: $g}) { __typename } }', { g: group })
assert.equal((await follow(renewed.url)).status, 404)
console.log(`${Object.keys(want).length} dates of a feed as the API shows them`)
process.exit(0)
