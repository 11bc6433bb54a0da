// Signs up and in with Firebase's own SDK at the Auth emulator, and calls a server that takes these
// sign-ins beside its own. The emulator has set FIREBASE_AUTH_EMULATOR_HOST.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { initializeApp } from 'firebase/app'
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth, signInWithEmailAndPassword, signOut, updateProfile } from 'firebase/auth'

const [program, data] = process.argv.slice(2)
const project = 'demo-faellesskab'
const host = process.env.FIREBASE_AUTH_EMULATOR_HOST

// start starts a server with these variables and nothing else of the environment.
async function start(name, variables) {
  const server = spawn(program, ['-addr', '127.0.0.1:0', '-data', `${data}-${name}`], { env: { PATH: '', ...variables }, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: server.stdout })) {
    const url = line.match(/listens on (\S+)/)?.[1]
    if (url) {
      server.stdout.resume()
      return { url, stop: () => server.kill() }
    }
  }
  throw new Error('the server did not say where it listens')
}

const call = async (url, token) => (await (await fetch(`${url}/graphql`, {
  method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query: '{ viewer { person { id displayName } } }' }),
})).json())
const me = async (url, token) => {
  const answer = await call(url, token)
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors))
  return answer.data.viewer.person
}
const refused = async (url, token, what) => assert.equal((await call(url, token)).errors?.[0].extensions.code, 'UNAUTHENTICATED', what)

const auth = getAuth(initializeApp({ projectId: project, apiKey: 'any' }))
connectAuthEmulator(auth, `http://${host}`, { disableWarnings: true })
const account = name => [auth, `${name}@faellesskab.example`, 'en lang adgangskode']

const emulated = await start('emulated', { FIREBASE_AUTH_EMULATOR_HOST: host, FIREBASE_PROJECT_ID: project })
const plain = await start('plain', {})
try {
  // Somebody signs up, and is the same person after signing out and in, and with a new token.
  const { user } = await createUserWithEmailAndPassword(...account('demo-tilflytter'))
  await updateProfile(user, { displayName: 'Demo-tilflytter' })
  const first = await me(emulated.url, await user.getIdToken(true))
  assert.equal(first.displayName, 'Demo-tilflytter')
  await signOut(auth)
  const again = (await signInWithEmailAndPassword(...account('demo-tilflytter'))).user
  assert.deepEqual(await me(emulated.url, await again.getIdToken()), first)
  assert.deepEqual(await me(emulated.url, await again.getIdToken(true)), first)
  const other = (await createUserWithEmailAndPassword(...account('demo-nabo'))).user
  assert.notEqual((await me(emulated.url, await other.getIdToken())).id, first.id)
  await assert.rejects(signInWithEmailAndPassword(auth, 'demo-nabo@faellesskab.example', 'en anden'))

  // The made-up people are there too; other projects' tokens, and a server without the emulator, are not.
  const made = await (await fetch(`${emulated.url}/dev/tokens/resident-1`)).text()
  assert.equal((await me(emulated.url, made.trim())).displayName, 'Demo-beboer 1')
  const token = await again.getIdToken()
  const [head, body] = token.split('.')
  const stolen = JSON.parse(Buffer.from(body, 'base64url'))
  stolen.aud = 'faellesskab'
  stolen.iss = 'https://securetoken.google.com/faellesskab'
  await refused(emulated.url, `${head}.${Buffer.from(JSON.stringify(stolen)).toString('base64url')}.`, 'another project')
  await refused(plain.url, token, 'a server without the emulator')
  console.log('firebase ok')
} finally {
  emulated.stop()
  plain.stop()
}
process.exit(0)
