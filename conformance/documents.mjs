// This runs Apollo Client and urql against a running development server, set up as their
// users do: with documents by hash (APQ), by POST and GET, in Danish, and without.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { createClient as wsClient } from 'graphql-ws'
import WebSocket from 'ws'

const url = process.argv[2]
const tokens = Object.fromEntries((await (await fetch(`${url}/dev/tokens`)).json()).map(t => [t.persona, t.token]))
const headers = { authorization: `Bearer ${tokens['resident-1']}`, 'accept-language': 'da' }
const sha256 = text => createHash('sha256').update(text).digest('hex')
const viewer = gql`query Who { viewer { person { id displayName } } }`
const rename = gql`mutation Rename($name: String!) { completeProfile(input: { displayName: $name }) { person { displayName } } }`
const ticks = gql`subscription Ticks { noticeReceived { cursor } }`

// recorded is fetch that records its calls.
const recorded = () => {
  const calls = []
  const call = async (input, init) => {
    const answer = await fetch(input, init)
    const text = await answer.clone().text()
    calls.push({ method: init.method, sent: String(init.body ?? decodeURIComponent(String(input))), status: answer.status, type: answer.headers.get('content-type'), text })
    return answer
  }
  return { calls, call }
}
// settled checks that the first call went by hash and was refused in the way that both clients
// know, that the second sent the text, and that no hash is tried from then on.
const settled = (who, calls, method) => {
  assert.equal(calls[0].method, method, who)
  assert.match(calls[0].sent, /sha256Hash/, who)
  assert.equal(calls[0].status, 200, who)
  assert.match(calls[0].text, /"message":"PersistedQueryNotSupported"/, who)
  assert.match(calls[0].text, /"code":"PERSISTED_QUERY_NOT_SUPPORTED"/, who)
  assert.doesNotMatch(calls[0].text, /"data"/, who)
  for (const call of calls.slice(1)) {
    assert.doesNotMatch(call.text, /PersistedQuery/, who)
    assert.match(call.type, /json/, who) // never a stream: the client offers one, but likes JSON as well
  }
}

for (const get of [undefined, false, true]) {
  const who = `Apollo, ${get === undefined ? 'no hashes' : get ? 'hashes by GET' : 'hashes'}`
  const { calls, call } = recorded()
  const http = new HttpLink({ uri: `${url}/graphql`, headers, fetch: call })
  const link = get === undefined ? http : new PersistedQueryLink({ sha256, useGETForHashedQueries: get }).concat(http)
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const first = await client.query({ query: viewer, fetchPolicy: 'network-only' })
  assert.ok(first.data.viewer.person.id, who)
  const second = await client.query({ query: viewer, fetchPolicy: 'network-only' })
  assert.equal(second.data.viewer.person.id, first.data.viewer.person.id, who)
  const changed = await client.mutate({ mutation: rename, variables: { name: 'Ane' } })
  assert.equal(changed.data.completeProfile.person.displayName, 'Ane', who)
  await assert.rejects(client.query({ query: gql`{ nothing }` }), who)
  if (get !== undefined) settled(who, calls, get ? 'GET' : 'POST')
  assert.equal(calls.length, get === undefined ? 4 : 5, who)
  client.stop()
  console.log(who, 'ok')
}

for (const get of [undefined, false, true]) {
  const who = `urql, ${get === undefined ? 'no hashes' : get ? 'hashes by GET' : 'hashes'}`
  const { calls, call } = recorded()
  const persisted = persistedExchange({ preferGetForPersistedQueries: get, enforcePersistedQueries: false, enableForMutation: true, generateHash: async text => sha256(text) })
  const client = new Client({ url: `${url}/graphql`, fetch: call, fetchOptions: { headers }, preferGetMethod: get ?? false, requestPolicy: 'network-only', exchanges: [...(get === undefined ? [] : [persisted]), fetchExchange] })
  const first = await client.query(viewer, {}).toPromise()
  assert.equal(first.error, undefined, who)
  assert.ok(first.data.viewer.person.id, who)
  const second = await client.query(viewer, {}).toPromise()
  assert.equal(second.data.viewer.person.id, first.data.viewer.person.id, who)
  const changed = await client.mutation(rename, { name: 'Bo' }).toPromise()
  assert.equal(changed.data?.completeProfile.person.displayName, 'Bo', `${who}: ${changed.error}`)
  const bad = await client.query('{ nothing }', {}).toPromise()
  assert.ok(bad.error.graphQLErrors.length > 0, who)
  if (get !== undefined) settled(who, calls, get ? 'GET' : 'POST')
  for (const c of calls) assert.match(c.type, /json/, who)
  console.log(who, 'ok')
}

// urql follows a subscription over its own POSTs, which is a stream, and over graphql-ws.
const first = source => new Promise((yes, no) => {
  const timer = setTimeout(() => no(new Error('nothing is heard')), 5000)
  const { unsubscribe } = source.subscribe(result => { clearTimeout(timer); yes(result); setTimeout(() => unsubscribe()) })
})
const overPosts = new Client({ url: `${url}/graphql`, fetchOptions: { headers }, fetchSubscriptions: true, exchanges: [fetchExchange] })
const streamed = await first(overPosts.subscription(ticks, {}))
assert.ok(streamed.data?.noticeReceived.cursor, `urql's subscription: ${streamed.error}`)
const socket = wsClient({ url: url.replace('http', 'ws') + '/graphql', webSocketImpl: WebSocket, connectionParams: { authorization: headers.authorization }, retryAttempts: 0 })
const overSocket = new Client({
  url: `${url}/graphql`, fetchOptions: { headers }, exchanges: [
    persistedExchange({ enableForSubscriptions: true, generateHash: async text => sha256(text) }),
    subscriptionExchange({ forwardSubscription: request => ({ subscribe: sink => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }) }) }),
  ],
})
const followed = await first(overSocket.subscription(ticks, {}))
assert.ok(followed.data?.noticeReceived.cursor, `urql's subscription by hash over a socket: ${followed.error}`)
console.log('urql, subscriptions ok')
process.exit(0)
