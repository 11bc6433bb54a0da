// This runs graphql-ws and graphql-sse against a running development server: notices arrive,
// a lost connection is taken up where it was lost, and mistakes are reported.
import assert from 'node:assert/strict'
import { createClient as wsClient } from 'graphql-ws'
import { createClient as sseClient } from 'graphql-sse'
import WebSocket from 'ws'

const url = process.argv[2]
const tokens = Object.fromEntries((await (await fetch(`${url}/dev/tokens`)).json()).map(t => [t.persona, t.token]))
const gql = async (persona, query, variables) => {
  const r = await (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` }, body: JSON.stringify({ query, variables }) })).json()
  assert.equal(r.errors, undefined, JSON.stringify(r.errors))
  return r.data
}
const group = (await gql('leader-1', 'mutation { createGroup(input: {name: "Live", kind: HOUSING}) { group { id } } }')).createGroup.group.id
await gql('resident-1', 'mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }', { g: group })
const post = async title => {
  const { createEvent } = await gql('leader-1', 'mutation ($g: ID!, $t: String!) { createEvent(input: {groupId: $g, title: $t, startsAt: "2030-06-01T18:00:00", endsAt: "2030-06-01T20:00:00"}) { event { id } } }', { g: group, t: title })
  await gql('leader-1', 'mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { id } } }', { e: createEvent.event.id })
}
const query = 'subscription ($after: String) { noticeReceived(after: $after) { notice { title } cursor unreadNoticeCount } }'
const within = (ms, p, what) => Promise.race([p, new Promise((_, no) => setTimeout(() => no(new Error(`nothing of ${what} in ${ms} ms`)), ms))])

async function follow(name, client, lost) {
  let cursor
  for (const [n, title] of ['one', 'two', 'three'].entries()) {
    const it = client().iterate({ query, variables: { after: cursor } })
    const next = async what => {
      const { value } = await within(5000, it.next(), what)
      assert.equal(value.errors, undefined, JSON.stringify(value.errors))
      cursor = value.data.noticeReceived.cursor
      return value.data.noticeReceived.notice
    }
    // Notices that came meanwhile arrive first, unless they were still on their way.
    const came = [await next('the beginning')]
    if (n === 2) came.push(await next('what came meanwhile'))
    assert.deepEqual(came.map(c => c?.title).sort(), n === 2 ? [`Live: ${name} meanwhile`, undefined] : [undefined])
    if (n === 1) { // lost, and taken up again by the cursor of the beginning
      await it.return()
      await post(`${name} meanwhile`)
      continue
    }
    await post(`${name} ${title}`)
    assert.equal((await next(title)).title, `Live: ${name} ${title}`)
    await it.return()
  }
  const bad = client().iterate({ query: 'subscription { nothing }' })
  await assert.rejects(async () => { const r = await bad.next(); if (r.value?.errors) throw r.value.errors }, name)
  const viewer = await client().iterate({ query: '{ viewer { unreadNoticeCount } }' }).next()
  assert.ok(viewer.value.data.viewer.unreadNoticeCount > 0)
  console.log(name, 'ok')
}
await follow('graphql-ws', () => wsClient({ url: url.replace('http', 'ws') + '/graphql', webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${tokens['resident-1']}` }, retryAttempts: 0 }))
await follow('graphql-sse', () => sseClient({ url: `${url}/graphql`, headers: { authorization: `Bearer ${tokens['resident-1']}` }, retryAttempts: 0 }))
process.exit(0)
