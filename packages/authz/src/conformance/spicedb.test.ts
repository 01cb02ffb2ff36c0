import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type LookupResult, permissionNames } from '../engine.ts'
import { PermissionsUnavailable } from '../errors.ts'
import { createMemoryReader } from '../memory-reader.ts'
import { parseObject, parseRelationship, parseSubject } from '../notation.ts'
import { parseSchema } from '../parser.ts'
import { objectKey, type ObjectRef, type Relationship, type RelationshipReader, type SubjectRef } from '../relationship.ts'
import { productEngine, readSchemaText } from '../schema.ts'
import { createSpiceDb, type SpiceDb } from '../spicedb/index.ts'
import { type SpiceDbServer, startSpiceDb } from '../spicedb/testing/index.ts'
import { conformanceCases } from './cases.ts'
import { featureSchema } from './features.ts'
import { anyGraph, anySubject, everyTarget, now, objectsOf, withoutCircles } from './graphs.ts'

/** A run of 100,000 takes a few minutes: FREEHOLD_CONFORMANCE_CHECKS=100000. */
const checksWanted = Number(process.env['FREEHOLD_CONFORMANCE_CHECKS'] ?? 4000)
const worlds = [
  { world: 'every construct', text: featureSchema },
  { world: 'schema.zed', text: readSchemaText() },
]

/** The tuples as SpiceDB is given them: what has expired by the graph's clock has by its own, and the rest never does. */
function datedForSpiceDb(tuples: readonly Relationship[]): Relationship[] {
  const [past, future] = [new Date('2020-01-01T00:00:00Z'), new Date('2999-01-01T00:00:00Z')]
  return tuples.map((tuple) => ({ ...tuple, expiresAt: tuple.expiresAt && (tuple.expiresAt > now ? future : past) }))
}

/** Runs with SpiceDB holding exactly these tuples. */
async function holding<R>(spicedb: SpiceDb, tuples: readonly Relationship[], ask: (token: string) => Promise<R>): Promise<R> {
  const token = await spicedb.write(datedForSpiceDb(tuples).map((tuple) => ({ op: 'touch', tuple })))
  try {
    return await ask(token)
  } finally {
    await spicedb.write(tuples.map((tuple) => ({ op: 'delete', tuple })))
  }
}

describe.each(worlds)('SpiceDB and the embedded engine over $world', ({ world, text }) => {
  const schema = parseSchema(text)
  const engine = createEngine(schema)
  const counts = { graphs: 0, checks: 0, allowed: 0, permissions: 0, listed: 0 }
  let server: SpiceDbServer
  let spicedb: SpiceDb
  beforeAll(async () => {
    server = await startSpiceDb()
    spicedb = createSpiceDb({ ...server, timeoutMs: 20_000 }, { schema, text })
    await spicedb.writeSchema()
  })
  afterAll(async () => {
    spicedb.close()
    await server.kill()
    process.stdout.write(`conformance over ${world}: ${JSON.stringify(counts)}\n`)
  })

  async function compareChecks(reader: RelationshipReader, subject: SubjectRef, token: string): Promise<void> {
    const questions = everyTarget(schema).map(({ resource, name }) => ({ subject, permission: name, resource }))
    const theirs = await spicedb.check(questions, token)
    for (const [index, { permission, resource }] of questions.entries()) {
      const { allowed } = await engine.check(reader, subject, permission, resource, now)
      counts.checks++
      if (allowed) counts.allowed++
      expect({ permission, resource, allowed: theirs[index] }).toEqual({ permission, resource, allowed })
    }
  }

  async function comparePermissions(reader: RelationshipReader, subject: SubjectRef, resource: ObjectRef, token: string): Promise<void> {
    const ours = await engine.permissionsOn(reader, subject, resource, now)
    expect([...(await spicedb.permissionsOn(subject, resource, token))]).toEqual([...ours.permissions])
    counts.permissions += permissionNames(schema, resource.type).length
  }

  async function compareLists(reader: RelationshipReader, tuples: Relationship[], subject: SubjectRef, type: string, token: string) {
    for (const name of schema.definitions.get(type)?.members.keys() ?? []) {
      const ours = await engine.lookup(reader, subject, name, type, now)
      const theirs = await spicedb.lookup(subject, name, type, token)
      expect({ name, ids: idsOf(theirs, tuples, type) }).toEqual({ name, ids: idsOf(ours, tuples, type) })
      counts.listed += objectsOf(type).length
    }
  }

  test(
    'decide alike on random graphs: each check, all permissions at once, and lists',
    async () => {
      const graph = anyGraph({ schema, strict: true }).map(withoutCircles)
      const subjects = fc.array(anySubject(schema), { minLength: 3, maxLength: 3 })
      const type = fc.constantFrom(...schema.definitions.keys())
      const property = fc.asyncProperty(graph, subjects, type, async (tuples, askers, of) => {
        counts.graphs++
        const reader = createMemoryReader(tuples)
        await holding(spicedb, tuples, async (token) => {
          for (const subject of askers) {
            await compareChecks(reader, subject, token)
            for (const resource of objectsOf(of)) await comparePermissions(reader, subject, resource, token)
            await compareLists(reader, tuples, subject, of, token)
          }
        })
      })
      const checksARun = everyTarget(schema).length * 3
      await fc.assert(property, { numRuns: Math.ceil(checksWanted / worlds.length / checksARun) })
      expect(counts.allowed).toBeGreaterThan(counts.checks / 100)
    },
    Math.max(60_000, checksWanted * 30),
  )
})

/** The objects of a list, with what hangs on a parent that it names. */
function idsOf({ ids, through }: Pick<LookupResult, 'ids' | 'through'>, tuples: Relationship[], type: string): string[] {
  const hanging = tuples.filter(
    ({ resource, relation, subject, expiresAt }) =>
      resource.type === type &&
      (expiresAt === null || expiresAt > now) &&
      through.some((one) => one.relation === relation && objectKey(one.parent) === objectKey(subject)),
  )
  return [...new Set([...ids, ...hanging.map(({ resource }) => resource.id)])].toSorted()
}

describe('SpiceDB answers the conformance cases', () => {
  let server: SpiceDbServer
  let spicedb: SpiceDb
  beforeAll(async () => {
    server = await startSpiceDb()
    spicedb = createSpiceDb(server)
    await spicedb.writeSchema()
  })
  afterAll(async () => {
    spicedb.close()
    await server.kill()
  })

  test.each(conformanceCases)('$title', async ({ tuples, expect: expectations }) => {
    await holding(spicedb, tuples.map(parseRelationship), async (token) => {
      for (const [subject, permission, resource, allowed] of expectations) {
        const question = { subject: parseSubject(subject), permission, resource: parseObject(resource) }
        const answers = await spicedb.check([question], token).catch((error: unknown) => {
          if (error instanceof PermissionsUnavailable) return [false]
          throw error
        })
        expect([subject, permission, resource, answers[0]]).toEqual([subject, permission, resource, allowed])
      }
    })
  })

  test('groups in circles: SpiceDB answers as the embedded engine does, or not at all', async () => {
    const groups = ['aa', 'bb', 'cc']
    const links = groups.flatMap((outer) => groups.map((inner) => `group:${outer}#member@group:${inner}#member`))
    const drawn = fc.tuple(fc.subarray(links, { minLength: 2, maxLength: 4 }), fc.constantFrom(...groups), fc.constantFrom(...groups))
    const counts = { answered: 0, refused: 0 }
    const property = fc.asyncProperty(drawn, async ([circle, home, granted]) => {
      const tuples = [...circle, `group:${home}#member@user:ann`, `workspace:w1#edit@group:${granted}#member`].map(parseRelationship)
      await holding(spicedb, tuples, async (token) => {
        for (const subject of [parseSubject('user:ann'), parseSubject('user:bob')]) {
          const resource = parseObject('workspace:w1')
          const { allowed } = await productEngine().check(createMemoryReader(tuples), subject, 'write', resource, now)
          try {
            expect(await spicedb.check([{ subject, permission: 'write', resource }], token)).toEqual([allowed])
            counts.answered++
          } catch (error) {
            if (!(error instanceof PermissionsUnavailable)) throw error
            expect(error.message).toMatch(/depth|recursion/i)
            counts.refused++
          }
        }
      })
    })
    await fc.assert(property, { numRuns: 40 })
    process.stdout.write(`conformance in circles: ${JSON.stringify(counts)}\n`)
    expect(counts.answered).toBeGreaterThan(0)
  })
})
