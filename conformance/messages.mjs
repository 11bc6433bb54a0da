// This compares graphql-ws's own judgement of messages with the server's: a message that the
// library calls invalid closes the socket with 4400.
import assert from 'node:assert/strict'
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL as protocol, validateMessage } from 'graphql-ws'
import WebSocket from 'ws'

const url = process.argv[2].replace('http', 'ws') + '/graphql'
const query = '{ __typename }'
const subscribe = more => ({ id: 'a', type: 'subscribe', payload: { query }, ...more })
const messages = [
  {}, [], null, 'ping', 1, { type: null }, { type: 1 }, { type: '' }, { type: 'start', id: 'a', payload: { query } }, { Type: 'ping' },
  { type: 'ping' }, { type: 'ping', payload: null }, { type: 'ping', payload: { a: 1 } }, { type: 'ping', payload: 'a' }, { type: 'ping', payload: [] }, { type: 'pong', payload: 1 },
  { type: 'pong' }, { type: 'pong', payload: { a: 1 } }, { type: 'pong', payload: true },
  subscribe(), subscribe({ id: undefined }), subscribe({ id: null }), subscribe({ id: '' }), subscribe({ id: 1 }), subscribe({ id: {} }), subscribe({ id: 'æ😀' }),
  subscribe({ payload: undefined }), subscribe({ payload: null }), subscribe({ payload: query }), subscribe({ payload: [] }), subscribe({ payload: {} }),
  ...[undefined, null, 1, {}, []].map(odd => subscribe({ payload: { query: odd } })),
  ...['variables', 'extensions'].flatMap(name => [null, {}, [], 'a', 1].map(value => subscribe({ payload: { query, [name]: value } }))),
  ...[null, 1, {}, []].map(operationName => subscribe({ payload: { query, operationName } })),
  { type: 'complete' }, { type: 'complete', id: '' }, { type: 'complete', id: 1 }, { type: 'complete', id: 'nobody' },
  { type: 'subscribe', id: 'a', payload: { query: '{ nothing }' } }, // wrong, but a message
]
const isValid = message => { try { validateMessage(message); return true } catch { return false } }

// ends says with which code the socket ends, or that a ping is still answered. Messages
// before the introduction are judged too.
const ends = (said, isIntroduced) => new Promise((yes, no) => {
  const socket = new WebSocket(url, protocol)
  const timer = setTimeout(() => { socket.terminate(); no(new Error(`nothing came of ${said}`)) }, 5000)
  const done = what => { clearTimeout(timer); socket.terminate(); yes(what) }
  const say = () => { socket.send(said); socket.send('{"type":"ping"}'); if (said.includes('"ping"')) done.pongs = 1 }
  let pongs = 0
  socket.on('open', () => isIntroduced ? socket.send('{"type":"connection_init"}') : say())
  socket.on('message', raw => {
    const { type } = JSON.parse(raw)
    if (type === 'connection_ack') say()
    if (type === 'pong' && pongs++ === (done.pongs ?? 0)) done('open')
  })
  socket.on('close', code => done(code))
  socket.on('error', no)
})

for (const message of messages) {
  const said = JSON.stringify(message)
  assert.equal(await ends(said, true), isValid(message) ? 'open' : CloseCode.BadRequest, said)
  const isSubscribe = message?.type === 'subscribe' && isValid(message)
  assert.equal(await ends(said, false), isSubscribe ? CloseCode.Unauthorized : isValid(message) ? 'open' : CloseCode.BadRequest, `${said}, not introduced`)
}
for (const [said, code] of [
  ['hello', CloseCode.BadRequest], ['', CloseCode.BadRequest], ['{"type":"ping"', CloseCode.BadRequest], ['{"type":"ping"}{}', CloseCode.BadRequest],
  ['{"type":"connection_ack"}', CloseCode.BadRequest], ['{"type":"next","id":"a","payload":{"data":{}}}', CloseCode.BadRequest],
  ['{"type":"connection_init"}', CloseCode.TooManyInitialisationRequests], [Buffer.from('{"type":"pong"}'), CloseCode.BadRequest],
]) assert.equal(await ends(said, true), code, String(said))
console.log(`${messages.length} messages are judged as graphql-ws does`)

// If an id comes twice, the code arrives with a complete reason, however long the id is.
for (const id of ['a', 'x'.repeat(5000), 'ø'.repeat(300), '😀'.repeat(100), 'xy' + '😀'.repeat(100)]) {
  const subscription = JSON.stringify({ id, type: 'subscribe', payload: { query: 'subscription { noticeReceived { cursor } }' } })
  const tokens = await (await fetch(`${process.argv[2]}/dev/tokens`)).json()
  const [code, reason] = await new Promise((yes, no) => {
    const socket = new WebSocket(url, protocol)
    setTimeout(no, 5000, new Error('it is not closed')).unref()
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokens[0].token}` } })))
    socket.on('message', raw => { if (JSON.parse(raw).type === 'connection_ack') { socket.send(subscription); socket.send(subscription) } })
    socket.on('close', (code, reason) => yes([code, reason.toString()]))
    socket.on('error', no)
  })
  assert.equal(code, CloseCode.SubscriberAlreadyExists, id.slice(0, 9))
  assert.match(reason, /^Subscriber for .+ already exists$/u)
  assert.doesNotMatch(reason, /\ufffd/)
}
console.log('an id twice ok')
