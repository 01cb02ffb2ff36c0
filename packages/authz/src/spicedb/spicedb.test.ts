import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuthzError, PermissionsUnavailable } from '../errors.ts'
import { parseObject, parseRelationship, parseSubject } from '../notation.ts'
import { formatRelationship } from '../relationship.ts'
import { createSpiceDb, type SpiceDb } from './index.ts'
import { type SpiceDbServer, startSpiceDb } from './testing/index.ts'

const timeoutMs = 500
let server: SpiceDbServer
let spicedb: SpiceDb
beforeAll(async () => {
  server = await startSpiceDb()
  spicedb = createSpiceDb(server)
  expect(await spicedb.compareSchema()).toBe('none')
  await spicedb.writeSchema()
})
afterAll(async () => {
  server.thaw()
  spicedb.close()
  await server.kill()
})

const ann = parseSubject('user:ann')
const [w1] = [parseObject('workspace:w1')]
const touch = (...tuples: string[]) => spicedb.write(tuples.map((text) => ({ op: 'touch', tuple: parseRelationship(text) })))

/** How a client made so fails; it never answers. */
async function failureOf(options: Partial<SpiceDbServer>, limit = timeoutMs): Promise<{ reason: string; tookMs: number }> {
  const client = createSpiceDb({ ...server, timeoutMs: limit, ...options })
  const begun = performance.now()
  try {
    const answer = await client.permissionsOn(ann, w1, null).catch((error: unknown) => error)
    expect(answer).toBeInstanceOf(PermissionsUnavailable)
    return { reason: (answer as PermissionsUnavailable).reason, tookMs: performance.now() - begun }
  } finally {
    client.close()
  }
}

test('all permissions of a subject are one answer, as fresh as the token asks', async () => {
  const token = await touch('workspace:w1#edit@user:ann')
  expect([...(await spicedb.permissionsOn(ann, w1, token))]).toEqual(['read', 'write', 'execute', 'deploy'])
  const later = await spicedb.write([{ op: 'delete', tuple: parseRelationship('workspace:w1#edit@user:ann') }])
  expect([...(await spicedb.permissionsOn(ann, w1, later))]).toEqual([])
})

test('a list names objects, and instead of all that hangs on a parent the parent', async () => {
  const token = await touch(
    'workspace:l1#view@user:lea',
    'workspace:l2#edit@group:g1#member',
    'group:g1#member@user:lea',
    'account:a1#admin@user:lea',
    'workspace:l3#account@account:a1',
  )
  const { ids, through } = await spicedb.lookup(parseSubject('user:lea'), 'read', 'workspace', token)
  expect(ids.toSorted()).toEqual(['l1', 'l2'])
  expect(through).toEqual([{ relation: 'account', parent: { type: 'account', id: 'a1' } }])
})

test('a list longer than a page is whole', async () => {
  const tuples = Array.from({ length: 2100 }, (_, index) => `workspace:many${index}#view@user:max`)
  for (let at = 0; at < tuples.length; at += 1000) await touch(...tuples.slice(at, at + 1000))
  const { ids } = await spicedb.lookup(parseSubject('user:max'), 'read', 'workspace', null)
  expect(ids.length).toBe(2100)
})

test('a relationship comes back as it was given, with the millisecond at which it ends', async () => {
  const text = 'workspace:w9#view@group:g9#member[expiration:2999-01-01T00:00:00.123Z]'
  await touch(text, 'workspace:w9#view@user:ann')
  expect(formatRelationship((await spicedb.find(parseRelationship(text)))!)).toBe(text)
  expect(await spicedb.find(parseRelationship('workspace:w9#edit@user:ann'))).toBeNull()
})

test('the schema is known again however SpiceDB writes it, and another one is another', async () => {
  expect(await spicedb.compareSchema()).toBe('same')
  const text = 'definition user {}'
  const other = createSpiceDb(server, { schema: { definitions: new Map() }, text })
  expect(await other.compareSchema()).toBe('other')
  await expect(other.writeSchema()).rejects.toMatchObject({ reason: 'refused' })
  other.close()
})

test('a question that the schema does not know is an error, not a refusal', async () => {
  await expect(spicedb.permissionsOn(ann, { type: 'thing', id: 'x' }, null)).rejects.toBeInstanceOf(AuthzError)
  await expect(spicedb.check([{ subject: ann, permission: 'fly', resource: w1 }], null)).rejects.toMatchObject({ reason: 'refused' })
})

test('a wrong token, and a token of no state, are refused and allow nothing', async () => {
  expect(await failureOf({ token: 'wrong' }, 5000)).toMatchObject({ reason: 'refused' })
  await expect(spicedb.permissionsOn(ann, w1, 'made up')).rejects.toMatchObject({ reason: 'refused' })
})

test('a server that is not there, or does not speak to us, allows nothing and is not waited for beyond the deadline', async () => {
  const mute: Server = createServer(() => undefined)
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const { port } = mute.address() as { port: number }
  expect(await failureOf({ endpoint: `127.0.0.1:${port}` })).toMatchObject({ reason: 'away' })
  mute.close()
  expect(await failureOf({ endpoint: `127.0.0.1:${port}` })).toMatchObject({ reason: 'away' })
  expect(await failureOf({ tls: 'system' })).toMatchObject({ reason: 'away' })
})

test('a server that falls silent allows nothing, and the same client is answered again once it is back', async () => {
  const client = createSpiceDb({ ...server, timeoutMs })
  await client.permissionsOn(ann, w1, null)
  server.freeze()
  await expect(client.permissionsOn(ann, w1, null)).rejects.toMatchObject({ reason: 'away' })
  server.thaw()
  await expect.poll(() => client.compareSchema().catch(() => 'away'), { timeout: 10_000 }).toBe('same')
  client.close()
})
