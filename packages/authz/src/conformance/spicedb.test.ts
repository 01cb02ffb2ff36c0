import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type LookupResult, permissionNames } from '../engine.ts'
import { PermissionsUnavailable } from '../errors.ts'
import { createMemoryReader } from '../memory-reader.ts'
import { parseObject, parseRelationship, parseSubject } from '../notation.ts'
import { parseSchema } from '../parser.ts'
import { objectKey, type ObjectRef, type Relationship, type RelationshipReader, type SubjectRef } from '../relationship.ts'
import { readSchemaText } from '../schema.ts'
import { createSpiceDb, type SpiceDb } from '../spicedb/index.ts'
import { type SpiceDbServer, startSpiceDb } from '../spicedb/testing/index.ts'
import { conformanceCases } from './cases.ts'
import { featureSchema } from './features.ts'
import { anyGraph, anySubject, everyTarget, now, objectsOf } from './graphs.ts'

/** A run of 100,000 takes a quarter of an hour: FREEHOLD_CONFORMANCE_CHECKS=100000. */
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
  const counts = { graphs: 0, checks: 0, permissions: 0, listed: 0, allowed: 0, refusedForDepth: 0 }
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

  /** SpiceDB's answers; where it gives up on one because groups go in circles or too deep, null stands for it. */
  async function askEach(questions: Parameters<SpiceDb['check']>[0], token: string): Promise<(boolean | null)[]> {
    return refusing(
      () => spicedb.check(questions, token),
      async () => {
        if (questions.length === 1) return [null]
        const answers = []
        for (const question of questions) answers.push(...(await askEach([question], token)))
        return answers
      },
    )
  }

  async function refusing<R>(ask: () => Promise<R>, otherwise: () => R | Promise<R>): Promise<R> {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof PermissionsUnavailable) || error.reason !== 'refused' || !/depth|recursion/i.test(error.message)) throw error
      return otherwise()
    }
  }

  async function compareChecks(reader: RelationshipReader, subject: SubjectRef, token: string): Promise<void> {
    const questions = everyTarget(schema).map(({ resource, name }) => ({ subject, permission: name, resource }))
    const theirs = await askEach(questions, token)
    for (const [index, { permission, resource }] of questions.entries()) {
      const { allowed } = await engine.check(reader, subject, permission, resource, now)
      counts.checks++
      if (allowed) counts.allowed++
      if (theirs[index] === null) counts.refusedForDepth++
      else expect({ permission, resource, allowed: theirs[index] }).toEqual({ permission, resource, allowed })
    }
  }

  async function comparePermissions(reader: RelationshipReader, subject: SubjectRef, resource: ObjectRef, token: string): Promise<void> {
    const ours = await engine.permissionsOn(reader, subject, resource, now)
    const theirs = await refusing(
      () => spicedb.permissionsOn(subject, resource, token),
      () => null,
    )
    if (theirs === null) return void counts.refusedForDepth++
    counts.permissions += permissionNames(schema, resource.type).length
    expect([...theirs]).toEqual([...ours.permissions])
  }

  async function compareLists(reader: RelationshipReader, tuples: Relationship[], subject: SubjectRef, type: string, token: string) {
    for (const name of schema.definitions.get(type)?.members.keys() ?? []) {
      const ours = await engine.lookup(reader, subject, name, type, now)
      const theirs = await refusing(
        () => spicedb.lookup(subject, name, type, token),
        () => null,
      )
      if (theirs === null) {
        counts.refusedForDepth++
        continue
      }
      counts.listed += objectsOf(type).length
      expect({ name, ids: idsOf(theirs, tuples, type) }).toEqual({ name, ids: idsOf(ours, tuples, type) })
    }
  }

  function idsOf({ ids, through }: Pick<LookupResult, 'ids' | 'through'>, tuples: Relationship[], type: string): string[] {
    const hanging = objectsOf(type).filter((resource) =>
      tuples.some(
        (tuple) =>
          objectKey(tuple.resource) === objectKey(resource) &&
          (tuple.expiresAt === null || tuple.expiresAt > now) &&
          through.some(({ relation, parent }) => relation === tuple.relation && objectKey(parent) === objectKey(tuple.subject)),
      ),
    )
    return [...new Set([...ids, ...hanging.map(({ id }) => id)])].toSorted()
  }

  test(
    'decide alike on random graphs: each check, all permissions at once, and lists',
    async () => {
      const types = fc.constantFrom(...schema.definitions.keys())
      const graph = anyGraph({ schema, strict: true })
      const property = fc.asyncProperty(
        graph,
        fc.array(anySubject(schema), { minLength: 2, maxLength: 4 }),
        types,
        async (tuples, subjects, type) => {
          counts.graphs++
          const reader = createMemoryReader(tuples)
          await holding(spicedb, tuples, async (token) => {
            for (const subject of subjects) {
              await compareChecks(reader, subject, token)
              for (const resource of objectsOf(type)) await comparePermissions(reader, subject, resource, token)
              await compareLists(reader, tuples, subject, type, token)
            }
          })
        },
      )
      const checksARun = everyTarget(schema).length * 3
      await fc.assert(property, { numRuns: Math.ceil(checksWanted / worlds.length / checksARun) })
      expect(counts.allowed).toBeGreaterThan(counts.checks / 100)
      expect(counts.refusedForDepth).toBeLessThan(counts.checks / 10)
    },
    Math.max(60_000, checksWanted * 30),
  )
})

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
})
