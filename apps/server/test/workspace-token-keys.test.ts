import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecPair, jwkOf, type Pair, rsaPair, startKeySetServer } from './support/key-set-server.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { createSigner, type Signer, whoIs } from './support/workspace-signer.ts'

let server: TestServer
let closed: TestServer
const opened: { close(): Promise<unknown> }[] = []
const [rsa, otherRsa, p256, p384, p521] = [rsaPair(), rsaPair(), ecPair('P-256'), ecPair('P-384'), ecPair('P-521')]

beforeAll(async () => {
  server = await startTestServer({ egressAllow: ['127.0.0.0/8'] })
  // Another process of the same installation, without the exception for loopback.
  closed = await startTestServer({}, server)
})
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()))
  await closed.close()
  await server.close()
})

const statusOf = async (token: string, on = server) => (await whoIs(on, token)).status
const newSigner = async () => createSigner(server, await server.workspace())

async function openKeySet(keys: object[]) {
  const set = await startKeySetServer()
  opened.push(set)
  set.state.keys = keys
  return set
}

const pairs: Record<string, Pair> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: p256,
  ES384: p384,
  ES512: p521,
}
const registered = (algorithms: string[]) =>
  algorithms.map((algorithm) => ({ kid: `k-${algorithm}`, algorithm, key: pairs[algorithm]!.pem }))

test('MB-05 each of RS, PS and ES is taken with a registered key, by its id or as the only one of its algorithm', async () => {
  const signer = await newSigner()
  await signer.configure({ publicKeys: registered(Object.keys(pairs)) })
  for (const [alg, { privateKey: key }] of Object.entries(pairs)) {
    const signed = (header: object) => signer.sign({}, { key, header: { alg, ...header } })
    expect([alg, await statusOf(await signed({ kid: `k-${alg}` })), await statusOf(await signed({}))]).toEqual([alg, 200, 200])
    expect([alg, await statusOf(await signed({ kid: 'unknown' }))]).toEqual([alg, 401])
  }
})

test('MB-05 a key verifies the algorithm that it was registered for and no other', async () => {
  const signer = await newSigner()
  await signer.configure({ publicKeys: [{ kid: 'one', algorithm: 'RS256', key: rsa.pem }] })
  const signed = (alg: string, kid?: string) => signer.sign({}, { key: rsa.privateKey, header: { alg, ...(kid && { kid }) } })
  expect(await statusOf(await signed('RS256', 'one'))).toBe(200)
  for (const alg of ['RS384', 'RS512', 'PS256', 'PS512']) {
    expect([alg, await statusOf(await signed(alg, 'one')), await statusOf(await signed(alg))]).toEqual([alg, 401, 401])
  }
  expect(await statusOf(await signer.sign({}, { key: otherRsa.privateKey, header: { alg: 'RS256', kid: 'one' } }))).toBe(401)
})

test('MB-05 a public key is no secret: a token signed by HMAC with its text is refused', async () => {
  const signer = await newSigner()
  await signer.configure({ publicKeys: registered(['RS256', 'ES256']) })
  for (const { pem, publicKey } of [rsa, p256]) {
    const texts = [
      pem,
      pem.trim(),
      publicKey.export({ type: 'spki', format: 'der' }).toString('latin1'),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ]
    for (const key of texts) {
      for (const header of [{ alg: 'HS256' }, { alg: 'HS512' }, { alg: 'HS256', kid: 'k-RS256' }]) {
        expect(await statusOf(await signer.sign({ isAdmin: true }, { key, header }))).toBe(401)
      }
    }
  }
})

test('MB-05 of two keys for one algorithm the id decides; a token without one is refused', async () => {
  const signer = await newSigner()
  await signer.configure({
    publicKeys: [
      { kid: 'one', algorithm: 'RS256', key: rsa.pem },
      { kid: 'two', algorithm: 'RS256', key: otherRsa.pem },
    ],
  })
  const signed = (pair: Pair, kid?: string) => signer.sign({}, { key: pair.privateKey, header: { alg: 'RS256', ...(kid && { kid }) } })
  const tokens = await Promise.all([signed(rsa, 'one'), signed(otherRsa, 'two'), signed(rsa, 'two'), signed(rsa)])
  expect(await Promise.all(tokens.map((token) => statusOf(token)))).toEqual([200, 200, 401, 401])
})

test("MB-05 a workspace's keys verify its own tokens alone, and a key that is taken away stops at once on every process", async () => {
  const [signer, rival] = [await newSigner(), await newSigner()]
  await signer.configure({ publicKeys: registered(['ES256']) })
  const sign = (by: Signer) => by.sign({}, { key: p256.privateKey, header: { alg: 'ES256', kid: 'k-ES256' } })
  const token = await sign(signer)
  expect([await statusOf(token), await statusOf(token, closed), await statusOf(await sign(rival))]).toEqual([200, 200, 401])
  await signer.configure({ publicKeys: [] })
  expect([await statusOf(token), await statusOf(token, closed)]).toEqual([401, 401])
})

test('MB-05 with `disableSecretKeyAuth` tokens by the secret stop at once; minted ones and those by a key go on', async () => {
  const signer = await newSigner()
  await signer.configure({ publicKeys: registered(['ES384']) })
  const tokens = await Promise.all([signer.sign(), signer.sign({}, { key: p384.privateKey, header: { alg: 'ES384' } }), signer.issue()])
  const statuses = (on: TestServer) => Promise.all(tokens.map((token) => statusOf(token, on)))
  expect([await statuses(server), await statuses(closed)]).toEqual([
    [200, 200, 200],
    [200, 200, 200],
  ])
  await signer.configure({ settings: { disableSecretKeyAuth: true } })
  expect([await statuses(server), await statuses(closed)]).toEqual([
    [401, 200, 200],
    [401, 200, 200],
  ])
  await signer.configure({ settings: { disableSecretKeyAuth: false } })
  expect(await statuses(server)).toEqual([200, 200, 200])
})

test('MB-05 a published key set is fetched once for many tokens, and again when a key is new in it', async () => {
  const [signer, set] = [await newSigner(), await openKeySet([jwkOf(rsa, { kid: 'first', alg: 'RS256', use: 'sig' })])]
  await signer.configure({ jwksUri: set.uri })
  const signed = (pair: Pair, kid: string, claims = {}) => signer.sign(claims, { key: pair.privateKey, header: { alg: 'RS256', kid } })
  const many = await Promise.all(Array.from({ length: 10 }, (_, n) => signed(rsa, 'first', { n })))
  expect(await Promise.all(many.map((token) => statusOf(token)))).toEqual(many.map(() => 200))
  expect(set.state.asked).toBe(1)

  // A key that nobody has heard of makes it ask, but not at once again: this set was fetched a moment ago.
  set.state.keys = [jwkOf(otherRsa, { kid: 'second', alg: 'RS256' })]
  const unknown = await Promise.all(Array.from({ length: 20 }, (_, n) => signed(otherRsa, 'second', { n })))
  for (const token of unknown) expect(await statusOf(token)).toBe(401)
  expect(set.state.asked).toBe(1)
})

test('MB-05 without the exception for loopback the key set is not fetched, and its tokens are refused', async () => {
  const [signer, set] = [await newSigner(), await openKeySet([jwkOf(p256, { kid: 'one' })])]
  await signer.configure({ jwksUri: set.uri })
  const token = await signer.sign({}, { key: p256.privateKey, header: { alg: 'ES256', kid: 'one' } })
  expect(await statusOf(token, closed)).toBe(401)
  expect(set.state.asked).toBe(0)
  expect(await statusOf(token)).toBe(200)
})

test('MB-05 whatever a published set holds, only a public signature key of the algorithm verifies', async () => {
  const secret = Buffer.from('a secret of forty-three characters or so!!!').toString('base64url')
  const { d } = p256.privateKey.export({ format: 'jwk' })
  const [signer, set] = [
    await newSigner(),
    await openKeySet([
      { kty: 'oct', kid: 'hmac', k: secret, alg: 'HS256' },
      jwkOf(rsa, { kid: 'encrypts', use: 'enc' }),
      jwkOf(rsa, { kid: 'pinned', alg: 'RS512' }),
      jwkOf(p384, { kid: 'curve' }),
      jwkOf(p256, { kid: 'private', d }),
      jwkOf(rsa, { kid: 'twice' }),
      jwkOf(otherRsa, { kid: 'twice' }),
      null as unknown as object,
      'x' as unknown as object,
      { kty: 'RSA', kid: 'broken', n: '!', e: 7 },
    ]),
  ]
  await signer.configure({ jwksUri: set.uri })
  const tries: [string, number, Parameters<Signer['sign']>[1]][] = [
    ['hmac', 401, { key: Buffer.from(secret, 'base64url').toString(), header: { alg: 'HS256', kid: 'hmac' } }],
    ['encrypts', 401, { key: rsa.privateKey, header: { alg: 'RS256', kid: 'encrypts' } }],
    ['pinned to another', 401, { key: rsa.privateKey, header: { alg: 'RS256', kid: 'pinned' } }],
    ['pinned', 200, { key: rsa.privateKey, header: { alg: 'RS512', kid: 'pinned' } }],
    ['of another curve', 401, { key: p256.privateKey, header: { alg: 'ES256', kid: 'curve' } }],
    ['published with its private half', 200, { key: p256.privateKey, header: { alg: 'ES256', kid: 'private' } }],
    ['twice', 401, { key: rsa.privateKey, header: { alg: 'RS256', kid: 'twice' } }],
    ['broken', 401, { key: rsa.privateKey, header: { alg: 'RS256', kid: 'broken' } }],
  ]
  for (const [title, status, by] of tries) expect([title, await statusOf(await signer.sign({}, by))]).toEqual([title, status])
})

const wrongSets: Record<string, { status?: number; body?: string; location?: string }> = {
  'answers 500': { status: 500 },
  'leads elsewhere': { status: 302, location: 'http://127.0.0.1:1/' },
  'is no JSON': { body: '<html>' },
  'is no key set': { body: '[]' },
  'is null': { body: 'null' },
  'has keys that are none': { body: '{"keys":{}}' },
  'is too long': { body: `{"keys":[],"x":"${'x'.repeat(300_000)}"}` },
}
test.each(Object.entries(wrongSets))('MB-05 a key set that %s makes its tokens be refused, as any other', async (_title, answer) => {
  const [signer, set] = [await newSigner(), await openKeySet([])]
  Object.assign(set.state, answer)
  await signer.configure({ jwksUri: set.uri })
  const token = await signer.sign({}, { key: p256.privateKey, header: { alg: 'ES256', kid: 'one' } })
  expect(await statusOf(token)).toBe(401)
  expect(set.state.asked).toBe(1)
  expect(await statusOf(await signer.sign())).toBe(200)
})

test('MB-05 a key set where nobody answers makes its tokens be refused', async () => {
  const [signer, set] = [await newSigner(), await startKeySetServer()]
  await set.close()
  await signer.configure({ jwksUri: set.uri })
  expect(await statusOf(await signer.sign({}, { key: p256.privateKey, header: { alg: 'ES256' } }))).toBe(401)
})
