// Checks a certificate as another program does that has never heard of this service: it fetches the credential from the
// certificate's address, finds the issuer's keys, and checks the signature with npm's jose. It says at which address the
// issuer is, since everybody can sign certificates under any name: whoever checks one has to know that address. With an address it checks that
// certificate; with a server it makes one first, and goes on to what is altered and revoked. It keeps the credential in a
// file; with that file and a server that has another key since, it checks it once more.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRemoteJWKSet, createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT, decodeProtectedHeader, decodeJwt, calculateJwkThumbprint } from 'jose'

const [given, keeps] = process.argv.slice(2)

// check fetches the credential at an address, and checks it by the keys that its issuer publishes.
async function check (address, keys) {
  const r = await fetch(address, { headers: { accept: 'application/vc+jwt' } })
  if (r.status === 410) return { revoked: (await r.text()).trim() }
  assert.equal(r.status, 200, `${address}: ${r.status}`)
  assert.equal(r.headers.get('content-type'), 'application/vc+jwt')
  const token = await r.text()
  const issuer = decodeJwt(token).iss
  assert.ok(address.startsWith(issuer + '/'), `${issuer} does not speak for ${address}`)
  const { payload } = await jwtVerify(token, keys ?? createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer)), { issuer, algorithms: ['EdDSA'], typ: 'vc+jwt' })
  assert.equal(payload.id, address)
  assert.equal(payload.jti, address)
  assert.deepEqual(payload.type, ['VerifiableCredential', 'OpenBadgeCredential'])
  assert.equal(payload['@context'][0], 'https://www.w3.org/ns/credentials/v2')
  assert.doesNotMatch(JSON.stringify(payload), /\b(per|crs|cer)_/)
  return { token, payload, header: decodeProtectedHeader(token), issuer }
}

if (given.includes('/certificates/')) {
  const { payload, revoked, issuer } = await check(given)
  console.log(revoked ?? `genuine: ${payload.credentialSubject.name}, ${payload.credentialSubject.achievement.name}, issued by ${payload.issuer.name}, at ${issuer}`)
  process.exit(0)
}

if (keeps && existsSync(keeps)) {
  const token = readFileSync(keeps, 'utf8')
  const set = new URL('/.well-known/jwks.json', given)
  const { keys } = await (await fetch(set)).json()
  assert.equal(keys.length, 2)
  assert.equal(decodeProtectedHeader(token).kid, keys[1].kid)
  await jwtVerify(token, createRemoteJWKSet(set), { algorithms: ['EdDSA'], typ: 'vc+jwt' })
  await assert.rejects(jwtVerify(token, createLocalJWKSet({ keys: [{ ...keys[0], kid: keys[1].kid }] }), { algorithms: ['EdDSA'] }))
  console.log('what the earlier key has signed is checked after the rotation')
  process.exit(0)
}

const tokens = Object.fromEntries((await (await fetch(`${given}/dev/tokens`)).json()).map(t => [t.persona, t.token]))
const gql = async (persona, query, variables) => {
  const headers = { 'content-type': 'application/json', ...persona && { authorization: `Bearer ${tokens[persona]}` } }
  const r = await (await fetch(`${given}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
  assert.equal(r.errors, undefined, JSON.stringify(r.errors))
  return r.data
}
const verify = async code => (await gql(null, 'query ($c: String!) { verifyCertificate(code: $c) { isValid state reason holderName course skills issuedAt issuer } }', { c: code })).verifyCertificate

const name = 'Søren Ærø Łukasz Șerban İpek Ŵyn'
await gql('resident-1', 'mutation ($n: String) { setCertificateName(input: {name: $n}) { certificateName } }', { n: name })
const me = (await gql('resident-1', '{ viewer { person { id } } }')).viewer.person.id
const held = (await gql('staff-1', '{ courses(filter: {hasEnded: true}) { edges { node { id sessions { id } } } } }')).courses.edges[0].node
await gql('staff-1', 'mutation ($s: ID!, $p: [ID!]!) { recordCourseAttendance(input: {sessionId: $s, personIds: $p}) { course { id } } }', { s: held.sessions[0].id, p: [me] })
await gql('staff-1', 'mutation ($c: ID!) { completeCourse(input: {courseId: $c}) { course { state } } }', { c: held.id })
const [mine] = (await gql('resident-1', '{ viewer { certificates { id course { id } skills { name } issuedAt url revokedAt } } }')).viewer.certificates
const { token, payload, header, issuer } = await check(mine.url)
assert.equal(payload.credentialSubject.name, name)
assert.deepEqual(payload.credentialSubject.achievement.tag, mine.skills.map(s => s.name))
assert.equal(header.typ, 'vc+jwt')
assert.deepEqual(await verify(token), { ...await verify(mine.url), isValid: true, state: 'VALID', reason: null, holderName: name })

// The keys are named by their thumbprints, and have no private part.
const published = await (await fetch(`${issuer}/.well-known/jwks.json`)).json()
for (const key of published.keys) {
  assert.equal(key.kid, await calculateJwkThumbprint(key))
  assert.equal(key.d, undefined)
}

// Whatever is altered is refused by both, as is what somebody else has signed, or signed in another way.
const local = createLocalJWKSet(published)
const other = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
const forgeries = {
  'another name': token.split('.').map((part, i) => i === 1 ? Buffer.from(JSON.stringify({ ...payload, credentialSubject: { ...payload.credentialSubject, name: 'Bo' } })).toString('base64url') : part).join('.'),
  'one letter': token.replace(/.(?=.{9}$)/, c => c === 'A' ? 'B' : 'A'),
  'another key': await new SignJWT(payload).setProtectedHeader(header).sign(other.privateKey),
  'HS256 with the public key': await new SignJWT(payload).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(published.keys[0].x, 'base64url')),
  'no signature': new UnsecuredJWT(payload).encode(),
}
for (const [how, forgery] of Object.entries(forgeries)) {
  await assert.rejects(jwtVerify(forgery, local, { issuer, algorithms: ['EdDSA'] }), how)
  assert.equal((await verify(forgery)).state, 'ALTERED', how)
}

if (keeps) writeFileSync(keeps, token)
await gql('staff-1', 'mutation ($c: ID!) { revokeCertificate(input: {certificateId: $c, reason: "Udstedt ved en fejl"}) { certificate { revokedAt } } }', { c: mine.id })
assert.match((await check(mine.url)).revoked, /Udstedt ved en fejl/)
const now = await verify(mine.url)
assert.equal(now.state, 'REVOKED')
const status = await (await fetch(payload.credentialStatus.id)).json()
assert.equal(status.revokedCredential[0].id, mine.url)
console.log(`a certificate of ${payload.issuer.name}, checked by jose, and ${Object.keys(forgeries).length} forgeries refused`)
