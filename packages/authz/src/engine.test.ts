import { describe, expect, test } from 'vitest'
import { featureSchema } from './conformance/features.ts'
import { sparingReader } from './conformance/graphs.ts'
import { createEngine } from './engine.ts'
import { AuthzError } from './errors.ts'
import { createMemoryReader } from './memory-reader.ts'
import { parseObject, parseRelationship, parseSubject } from './notation.ts'
import { formatRelationship, objectKey, type Relationship, type RelationshipReader, subjectKey } from './relationship.ts'
import { parseSchema } from './parser.ts'
import { productEngine, productSchema } from './schema.ts'
import { assertWritable, rolesThatGrant } from './writable.ts'

const now = new Date('2026-01-01T00:00:00Z')
const store = (...tuples: string[]) => createMemoryReader(tuples.map(parseRelationship))
const check = (reader: RelationshipReader, subject: string, permission: string, resource: string) =>
  productEngine().check(reader, parseSubject(subject), permission, parseObject(resource), now)
const lookup = (reader: RelationshipReader, subject: string, permission: string, type: string) =>
  productEngine().lookup(reader, parseSubject(subject), permission, type, now)

const throughAccount = [
  'workspace:w1#account@account:a1',
  'account:a1#admin@group:g1#member',
  'group:g1#member@group:g2#member',
  'group:g2#member@user:u1',
]

describe('why', () => {
  test('BX-02 the path leads from the resource to the subject, tuple by tuple', async () => {
    const { path } = await check(store(...throughAccount), 'user:u1', 'reveal', 'workspace:w1')
    expect(path.map(formatRelationship)).toEqual(throughAccount)
  })
  test('BX-02 whoever lacks a permission can be told what would give it', () => {
    expect(rolesThatGrant(productSchema(), 'workspace', 'deploy')).toEqual(['owner', 'admin', 'edit', 'account->administer'])
    expect(() => rolesThatGrant(productSchema(), 'workspace', 'fly')).toThrow(AuthzError)
  })
  test('of several ways the one that lasts longest counts', async () => {
    const [soon, late] = ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']
    const reader = store(`workspace:w1#edit@user:u1[expiration:${soon}]`, `workspace:w1#view@user:u1[expiration:${late}]`)
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).expiresAt).toEqual(new Date(late))
    expect((await check(reader, 'user:u1', 'write', 'workspace:w1')).expiresAt).toEqual(new Date(soon))
    reader.write(parseRelationship('workspace:w1#admin@user:u1'))
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).expiresAt).toBeNull()
  })
  test.each([
    ['at once', (reader: RelationshipReader) => reader],
    ['by promise', (reader: RelationshipReader) => sparingReader(reader).reader],
  ])('of several ways into a group the one that lasts longest counts, read %s', async (_, wrap) => {
    const lent = 'group:g1#member@user:u1[expiration:2026-02-01T00:00:00.000Z]'
    const reader = wrap(store('workspace:w1#view@group:g1#member', lent, 'group:g1#member@group:g2#member', 'group:g2#member@user:u1'))
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).expiresAt).toBeNull()
  })
  test('an answer that rests on an exception from an exception ends with it', async () => {
    const relations = ['base', 'except', 'unless'].map((name) => `relation ${name}: user`).join('\n')
    const engine = createEngine(
      parseSchema(`definition user {}\ndefinition doc {\n${relations}\npermission see = base - (except - unless)\n}`),
    )
    const ends = '2026-02-01T00:00:00.000Z'
    const reader = store('doc:d1#base@user:u1', 'doc:d1#except@user:u1', `doc:d1#unless@user:u1[expiration:${ends}]`)
    const ask = (at: Date) => engine.check(reader, { type: 'user', id: 'u1' }, 'see', { type: 'doc', id: 'd1' }, at)
    expect(await ask(now)).toMatchObject({ allowed: true, expiresAt: new Date(ends) })
    expect(await ask(new Date(ends))).toMatchObject({ allowed: false, expiresAt: null })
  })
  test('a refusal names all that could change it: the workspace, its account and the subject', async () => {
    const { allowed, touched } = await check(
      store('workspace:w1#account@account:a1', 'workspace:w1#view@group:g1#member'),
      'user:u1',
      'read',
      'workspace:w1',
    )
    expect([allowed, touched.map(objectKey).toSorted()]).toEqual([false, ['account:a1', 'user:u1', 'workspace:w1']])
  })
})

describe('cost', () => {
  test('a workspace, its account and the groups of the subject are read in three round trips at most', async () => {
    const { reader, counts } = sparingReader(store(...throughAccount, 'workspace:w1#view@group:g3#member'))
    expect((await check(reader, 'user:u1', 'administer', 'workspace:w1')).allowed).toBe(true)
    expect(counts).toEqual({ calls: 5, roundTrips: 3 })
  })
  test('all permissions cost no more reads than one', async () => {
    const { reader, counts } = sparingReader(store('workspace:w1#account@account:a1', 'workspace:w1#view@user:u1'))
    await productEngine().permissionsOn(reader, parseSubject('user:u1'), parseObject('workspace:w1'), now)
    expect(counts).toEqual({ calls: 3, roundTrips: 2 })
  })
  test('an API key, which is in no group, costs no reads of groups', async () => {
    const { reader, counts } = sparingReader(store('workspace:w1#edit@api_key:k1'))
    expect((await check(reader, 'api_key:k1', 'write', 'workspace:w1')).allowed).toBe(true)
    expect(counts).toEqual({ calls: 1, roundTrips: 1 })
  })
  test('what may be left out for one subject is never what an arrow follows', async () => {
    const engine = createEngine(parseSchema(featureSchema))
    const { reader } = sparingReader(store('folder:f1#team@team:one', 'team:one#sister@team:two'))
    const { allowed } = await engine.check(reader, parseSubject('team:two'), 'kin', parseObject('folder:f1'), now)
    expect(allowed).toBe(true)
  })
  test('members of a group are never listed', async () => {
    const inner = store('workspace:w1#view@group:g1#member')
    const reader: RelationshipReader = {
      ...inner,
      onResource(resource, relations) {
        if (resource.type === 'group') throw new Error('listed a group')
        return inner.onResource(resource, relations)
      },
    }
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).allowed).toBe(false)
  })
  test('GF-03 the workspaces of an account are named by the account, not one by one', async () => {
    const inner = store(...throughAccount, 'workspace:w2#view@user:u1')
    const reader: RelationshipReader = {
      ...inner,
      ofSubject(subject, within) {
        if (subject.type === 'account') throw new Error('listed an account')
        return inner.ofSubject(subject, within)
      },
    }
    const { ids, through } = await lookup(reader, 'user:u1', 'read', 'workspace')
    expect({ ids, through }).toEqual({ ids: ['w2'], through: [{ relation: 'account', parent: { type: 'account', id: 'a1' } }] })
  })
})

describe('fails closed', () => {
  test.each([
    ['user:u1', 'fly', 'workspace:w1'],
    ['user:u1', 'read', 'planet:w1'],
    ['ghost:u1', 'read', 'workspace:w1'],
    ['user:*', 'read', 'workspace:w1'],
  ])('%s %s %s is an error', async (subject, permission, resource) => {
    await expect(check(store(), subject, permission, resource)).rejects.toThrow(AuthzError)
    await expect(lookup(store(), subject, permission, parseObject(resource).type)).rejects.toThrow(AuthzError)
  })
  test('tuples that the schema does not allow count for nothing and cannot be written', async () => {
    const tuples = ['workspace:w1#owner@api_key:k1', 'workspace:w1#view@user:*', 'workspace:w1#read@user:u1', 'workspace:w1#view@group:g1']
    const reader = store(...tuples)
    for (const subject of ['api_key:k1', 'user:u1', 'group:g1']) {
      expect((await check(reader, subject, 'read', 'workspace:w1')).allowed).toBe(false)
      expect((await lookup(reader, subject, 'read', 'workspace')).ids).toEqual([])
    }
    for (const tuple of tuples) expect(() => assertWritable(productSchema(), parseRelationship(tuple))).toThrow(AuthzError)
  })
  test('ownership cannot be lent', () => {
    const lent = parseRelationship('workspace:w1#owner@user:u1[expiration:2027-01-01T00:00:00.000Z]')
    expect(() => assertWritable(productSchema(), lent)).toThrow(AuthzError)
  })
  test('an id that looks like a userset is not one', async () => {
    const reader = createMemoryReader([
      parseRelationship('workspace:w1#view@group:g1#member'),
      { resource: { type: 'group', id: 'g1' }, relation: 'member', subject: { type: 'user', id: 'u1' }, expiresAt: null },
    ])
    const trick = { type: 'group', id: 'g1#member' }
    expect(subjectKey(trick)).not.toBe(subjectKey({ type: 'group', id: 'g1', relation: 'member' }))
    expect((await productEngine().check(reader, trick, 'read', { type: 'workspace', id: 'w1' }, now)).allowed).toBe(false)
  })
  test('a reader that answers about something else is not believed', async () => {
    const others = store(
      'workspace:w1#view@group:g1#member',
      'workspace:w2#owner@user:u1',
      'group:g1#member@user:u2',
      'workspace:w3#view@user:u2',
    )
    const reader: RelationshipReader = {
      onResource: () => ['w1', 'w2'].flatMap((id) => others.onResource({ type: 'workspace', id }, ['view', 'owner']) as Relationship[]),
      ofSubject: () => others.ofSubject({ type: 'user', id: 'u2' }, []),
    }
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).allowed).toBe(false)
    expect((await lookup(reader, 'user:u1', 'read', 'workspace')).ids).toEqual([])
  })
  test('nothing is read any more when the answer is there', async () => {
    const inner = store('workspace:w1#admin@group:g1#member', 'workspace:w1#edit@user:u1')
    const { reader: slow, openReads } = countOpenReads(inner)
    const reader: RelationshipReader = { onResource: inner.onResource, ofSubject: slow.ofSubject }
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).allowed).toBe(true)
    expect(openReads()).toBe(0)
  })
  test('an error of the reader is passed on, after all reads have ended', async () => {
    const { reader: slow, openReads } = countOpenReads(store())
    const reader: RelationshipReader = { ...slow, onResource: () => Promise.reject(new Error('connection lost')) }
    await expect(check(reader, 'user:u1', 'read', 'workspace:w1')).rejects.toThrow('connection lost')
    expect(openReads()).toBe(0)
  })
})

function countOpenReads(inner: RelationshipReader) {
  let open = 0
  const slowly = async (answer: ReturnType<RelationshipReader['onResource']>) => {
    open++
    await new Promise((resolve) => setImmediate(resolve))
    open--
    return await answer
  }
  const reader: RelationshipReader = {
    onResource: (...asked) => slowly(inner.onResource(...asked)),
    ofSubject: (...asked) => slowly(inner.ofSubject(...asked)),
  }
  return { reader, openReads: () => open }
}

describe('nesting', () => {
  const chain = (length: number) => [
    `group:n1#member@user:u1`,
    ...Array.from({ length: length - 1 }, (_, index) => `group:n${index + 2}#member@group:n${index + 1}#member`),
  ]
  test('twenty-five groups deep is found, and deeper is an error rather than a guess', async () => {
    const reader = store(...chain(26), 'workspace:w1#view@group:n25#member', 'workspace:w2#view@group:n26#member')
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).allowed).toBe(true)
    await expect(check(reader, 'user:u1', 'read', 'workspace:w2')).rejects.toMatchObject({ reason: 'depth' })
    await expect(lookup(reader, 'user:u1', 'read', 'workspace')).rejects.toMatchObject({ reason: 'depth' })
  })
  test('groups nested too deep elsewhere shut nobody out', async () => {
    const reader = store(...chain(40), 'workspace:w1#view@user:u1')
    expect((await check(reader, 'user:u1', 'read', 'workspace:w1')).allowed).toBe(true)
  })
})
