import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine, permissionNames } from '../engine.ts'
import { createMemoryReader } from '../memory-reader.ts'
import { parseSchema } from '../parser.ts'
import { objectKey, type Relationship, type RelationshipReader } from '../relationship.ts'
import { readSchemaText } from '../schema.ts'
import { featureSchema } from './features.ts'
import { anyGraph, anySubject, everyTarget, moments, now, objectsOf, sparingReader } from './graphs.ts'
import { holds } from './oracle.ts'

const worlds = [
  { world: 'every construct', text: featureSchema },
  { world: 'schema.zed', text: readSchemaText() },
]
const readers: { kind: string; wrap: (reader: RelationshipReader) => RelationshipReader }[] = [
  { kind: 'at once', wrap: (reader) => reader },
  { kind: 'by promise', wrap: (reader) => sparingReader(reader).reader },
]

describe.each(worlds)('random graphs over $world', ({ text }) => {
  const schema = parseSchema(text)
  const engine = createEngine(schema)
  const subject = anySubject(schema)
  const target = fc.constantFrom(...everyTarget(schema))
  const type = fc.constantFrom(...schema.definitions.keys())
  const graph = anyGraph({ schema })
  const check = (
    tuples: Relationship[],
    who: Parameters<typeof engine.check>[1],
    name: string,
    resource: { type: string; id: string },
    at = now,
  ) => engine.check(createMemoryReader(tuples), who, name, resource, at)

  test.each(readers)('check agrees with the oracle, read $kind', async ({ wrap }) => {
    const property = fc.asyncProperty(graph, subject, fc.array(target, { minLength: 10, maxLength: 20 }), async (tuples, who, targets) => {
      const reader = wrap(createMemoryReader(tuples))
      for (const { resource, name } of targets) {
        const { allowed } = await engine.check(reader, who, name, resource, now)
        expect({ resource, name, allowed }).toEqual({ resource, name, allowed: holds(schema, tuples, who, name, resource, now) })
      }
    })
    await fc.assert(property, { numRuns: 300 })
  })

  test.each(readers)('lookup names exactly the resources that check allows, read $kind', async ({ wrap }) => {
    const property = fc.asyncProperty(graph, subject, type, async (tuples, who, of) => {
      const reader = wrap(createMemoryReader(tuples))
      for (const name of schema.definitions.get(of)?.members.keys() ?? []) {
        const { ids, through } = await engine.lookup(reader, who, name, of, now)
        expect(ids).toEqual([...new Set(ids)])
        for (const resource of objectsOf(of)) {
          const links = tuples.filter(
            (tuple) => objectKey(tuple.resource) === objectKey(resource) && (tuple.expiresAt === null || tuple.expiresAt > now),
          )
          const isThrough = through.some(({ relation, parent }) =>
            links.some((link) => link.relation === relation && objectKey(link.subject) === objectKey(parent)),
          )
          expect({ name, resource, found: ids.includes(resource.id) || isThrough }).toEqual({
            name,
            resource,
            found: (await check(tuples, who, name, resource)).allowed,
          })
        }
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })

  test.each(readers)('permissionsOn names exactly the permissions that check allows, read $kind', async ({ wrap }) => {
    const property = fc.asyncProperty(graph, subject, target, async (tuples, who, { resource }) => {
      const { permissions, expiresAt } = await engine.permissionsOn(wrap(createMemoryReader(tuples)), who, resource, now)
      const names = permissionNames(schema, resource.type)
      const results = await Promise.all(names.map((name) => check(tuples, who, name, resource)))
      expect([...permissions]).toEqual(names.filter((_, index) => results[index]?.allowed))
      const expiries = results.flatMap((result) => result.expiresAt?.getTime() ?? [])
      expect(expiresAt).toEqual(expiries.length === 0 ? null : new Date(Math.min(...expiries)))
    })
    await fc.assert(property, { numRuns: 150 })
  })

  test('an answer stands until it expires, and its path is made of live tuples', async () => {
    const property = fc.asyncProperty(graph, subject, target, async (tuples, who, { resource, name }) => {
      const { allowed, expiresAt, path } = await check(tuples, who, name, resource)
      for (const moment of moments.filter((at) => at >= now && (expiresAt === null || at < expiresAt))) {
        expect(holds(schema, tuples, who, name, resource, moment)).toBe(allowed)
      }
      for (const tuple of path) expect(tuples).toContain(tuple)
      for (const tuple of path) expect(tuple.expiresAt === null || tuple.expiresAt > now).toBe(true)
      if (!allowed) expect(path).toEqual([])
    })
    await fc.assert(property, { numRuns: 500 })
  })

  test('a list stands until it expires', async () => {
    const property = fc.asyncProperty(graph, subject, target, async (tuples, who, { resource, name }) => {
      const list = (at: Date) => engine.lookup(createMemoryReader(tuples), who, name, resource.type, at)
      const first = await list(now)
      for (const moment of moments.filter((at) => at >= now && (first.expiresAt === null || at < first.expiresAt))) {
        const later = await list(moment)
        expect([later.ids.toSorted(), later.through]).toEqual([first.ids.toSorted(), first.through])
      }
    })
    await fc.assert(property, { numRuns: 200 })
  })

  test('a change that touches neither the resources nor the subjects read changes no answer', async () => {
    const property = fc.asyncProperty(graph, graph, subject, target, async (tuples, changes, who, { resource, name }) => {
      const reader = createMemoryReader(tuples)
      const before = await engine.check(reader, who, name, resource, now)
      const listed = await engine.lookup(reader, who, name, resource.type, now)
      const isRead = (touched: { type: string; id: string }[], tuple: Relationship) =>
        [tuple.resource, tuple.subject].some((end) => touched.some((ref) => objectKey(ref) === objectKey(end)))
      for (const change of [...tuples, ...changes]) {
        const changed = tuples.includes(change) ? tuples.filter((tuple) => tuple !== change) : [...tuples, change]
        if (!isRead(before.touched, change)) expect((await check(changed, who, name, resource)).allowed).toBe(before.allowed)
        if (isRead(listed.touched, change)) continue
        const again = await engine.lookup(createMemoryReader(changed), who, name, resource.type, now)
        expect([again.ids.toSorted(), again.through]).toEqual([listed.ids.toSorted(), listed.through])
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })
})
