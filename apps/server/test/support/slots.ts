import type { AnyRoute } from '@freehold/contract'
import type { JsonSchema } from './json-schema.ts'
import type { Sample } from './inputs.ts'

/** A place in a request that holds an id. */
export type Slot = {
  name: string
  /** Names the object that the guard asks about: 404 to whoever may not read it, whatever else they may do. */
  isGuard: boolean
  /** Names an object (not a filter of a list): 404 to whoever may ask at all. */
  isObject: boolean
  missingId: string
  of(sample: Sample): string
  with(sample: Sample, id: string): Partial<Sample>
}

const missingId = '01900000-0000-7000-8000-00000000dead'

/** Every place of a route that takes an id: in the path, in the query, in the body. */
export function slotsOf(route: AnyRoute): Slot[] {
  const path = idFields(route.params).map((name) => ({
    name: `path ${name}`,
    isGuard: isGuard(route, name),
    isObject: true,
    missingId,
    of: (sample: Sample) => sample.params[name]!,
    with: (sample: Sample, id: string) => ({ params: { ...sample.params, [name]: id } }),
  }))
  const query = idFields(route.query).map((name) => ({
    name: `query ${name}`,
    isGuard: isGuard(route, name),
    isObject: isGuard(route, name),
    missingId,
    of: (sample: Sample) => sample.query[name]!,
    with: (sample: Sample, id: string) => ({ query: { ...sample.query, [name]: id } }),
  }))
  const body = idFields(route.body).map((name) => ({
    name: `body ${name}`,
    isGuard: isGuard(route, name),
    isObject: true,
    missingId,
    of: (sample: Sample) => (sample.body as Record<string, string>)[name]!,
    with: (sample: Sample, id: string) => ({ body: { ...(sample.body as object), [name]: id } }),
  }))
  const all = path.length > 1 ? [wholePath(path)] : []
  return [...all, ...path, ...query, ...body]
}

/** The path as a whole: all ids of the other tenant at once. */
function wholePath(slots: Slot[]): Slot {
  const join = '\n'
  return {
    name: 'whole path',
    isGuard: slots.some((slot) => slot.isGuard),
    isObject: true,
    missingId: slots.map(() => missingId).join(join),
    of: (sample) => slots.map((slot) => slot.of(sample)).join(join),
    with: (sample, ids) => ({
      params: slots.reduce((params, slot, index) => slot.with({ ...sample, params }, ids.split(join)[index]!).params!, sample.params),
    }),
  }
}

function isGuard({ guard }: AnyRoute, name: string): boolean {
  return 'id' in guard && guard.id === name
}

function idFields(schema: unknown): string[] {
  const properties = (schema as JsonSchema | undefined)?.properties ?? {}
  return Object.entries(properties)
    .filter(([, property]) => property.format === 'uuid')
    .map(([name]) => name)
}
