import { AppError, type FieldError, vaultMask } from '@freehold/contract'
import { type Field, fieldAt, isObject, type JsonSchema } from '../schema/field-types.ts'

export type Op = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'in' | 'prefix'
export type Scalar = string | number | boolean | null
export type Leaf = { kind: 'leaf'; field: Field; op: Op; value: Scalar | Scalar[] }
/** A condition on records. */
export type Filter = Leaf | { kind: 'and' | 'or'; of: Filter[] } | { kind: 'not'; of: Filter }
export type Sort = { field: Field; dir: 'asc' | 'desc' }

const ops: readonly Op[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'prefix']
const deepest = 8
const mostConditions = 50
const mostListed = 100
const longestValue = 4000

/** Reads a filter against the schema; throws `invalid_request` with every fault. */
export function readFilter(schema: JsonSchema, filter: Record<string, unknown> | undefined, at: string): Filter {
  const errors: FieldError[] = []
  let conditions = 0
  const fault = (pointer: string, message: string) => void errors.push({ pointer, message })

  function readObject(value: unknown, pointer: string, depth: number): Filter {
    const all: Filter[] = []
    if (!isObject(value)) fault(pointer, 'must be an object of fields')
    else if (depth > deepest) fault(pointer, `is nested deeper than ${deepest} levels`)
    else {
      for (const [name, inner] of Object.entries(value)) {
        const here = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
        if (name === 'and' || name === 'or') all.push({ kind: name, of: readArray(inner, here, depth) })
        else if (name === 'not') all.push({ kind: 'not', of: readObject(inner, here, depth + 1) })
        else all.push(...readField(name, inner, here))
      }
    }
    return { kind: 'and', of: all }
  }

  function readArray(value: unknown, pointer: string, depth: number): Filter[] {
    if (Array.isArray(value) && value.length > 0 && value.length <= mostConditions)
      return value.map((item, index) => readObject(item, `${pointer}/${index}`, depth + 1))
    fault(pointer, `must be an array of 1 to ${mostConditions} filters`)
    return []
  }

  function readField(name: string, value: unknown, pointer: string): Leaf[] {
    const field = fieldAt(schema, name)
    if (field === null || field === 'other') {
      fault(pointer, field === null ? 'is no field of the schema' : 'holds no text, number or boolean, so it cannot be compared')
      return []
    }
    if (!isObject(value) || Object.keys(value).length === 0) {
      fault(pointer, 'must be an object of comparisons, such as {"eq": …}')
      return []
    }
    return Object.entries(value).flatMap(([op, wanted]) => {
      conditions += 1
      const here = `${pointer}/${op}`
      const problem = isOp(op) ? faultOf(field, op, wanted) : `must be one of ${ops.join(', ')}`
      if (problem !== null) fault(here, problem)
      return problem === null ? [{ kind: 'leaf' as const, field, op: op as Op, value: wanted as Scalar | Scalar[] }] : []
    })
  }

  const read = readObject(filter ?? {}, at, 1)
  if (conditions > mostConditions) fault(at, `must have at most ${mostConditions} comparisons`)
  refuse(errors)
  return read
}

/** Reads a sort; throws `invalid_request` with every fault. */
export function readSort(schema: JsonSchema, sort: readonly { field: string; dir?: 'asc' | 'desc' }[] | undefined, at: string): Sort[] {
  const errors: FieldError[] = []
  const read = (sort ?? []).flatMap(({ field: path, dir = 'asc' }, index) => {
    const field = fieldAt(schema, path)
    const pointer = `${at}/${index}/field`
    if (field !== null && field !== 'other' && !field.sensitive) return [{ field, dir }]
    if (field === null) errors.push({ pointer, message: 'is no field of the schema' })
    else if (field === 'other') errors.push({ pointer, message: 'holds no text, number or boolean, so it cannot be sorted by' })
    else errors.push({ pointer, message: 'is sensitive, and cannot be sorted by' })
    return []
  })
  const repeated = read.findIndex(({ field }, index) => read.findIndex((other) => other.field.path === field.path) !== index)
  if (repeated >= 0) errors.push({ pointer: `${at}/${repeated}/field`, message: 'is there before' })
  refuse(errors)
  return read
}

function isOp(name: string): name is Op {
  return ops.some((op) => op === name)
}

function faultOf(field: Field, op: Op, value: unknown): string | null {
  if (field.sensitive === 'hidden')
    return 'compares a sensitive field without an equality index: give it `"x-sensitive": {"index": "equality"}`'
  if (field.sensitive && op !== 'eq' && op !== 'in') return 'compares a sensitive field, which only `eq` and `in` can'
  if (op === 'in') {
    if (!Array.isArray(value) || value.length === 0 || value.length > mostListed) return `must be an array of 1 to ${mostListed} values`
    return value.map((item) => scalarFault(field, item, false)).find((fault) => fault !== null) ?? null
  }
  if (op === 'prefix' && field.type !== 'string') return 'compares the beginning of what is no text'
  if (field.type === 'boolean' && op !== 'eq' && op !== 'ne') return 'compares a boolean, which only `eq`, `ne` and `in` can'
  return scalarFault(field, value, (op === 'eq' || op === 'ne') && !field.sensitive)
}

function scalarFault({ type, sensitive }: Field, value: unknown, mayBeNull: boolean): string | null {
  if (value === null) return mayBeNull ? null : `must be a ${type}`
  if (typeof value !== type) return `must be a ${type}, as the schema says of this field`
  if (typeof value === 'string' && value.length > longestValue) return `must be at most ${longestValue} characters`
  if (sensitive && value === vaultMask) return 'is the mask, not a value'
  return null
}

function refuse(errors: FieldError[]): void {
  if (errors.length === 0) return
  const [first] = errors
  throw new AppError('invalid_request', `Mend the query: ${first!.pointer} ${first!.message}.`, { errors: errors.slice(0, 100) })
}

/** What must hold of every record that is found: the parts that are joined by and. */
export function conjunctsOf(filter: Filter): Filter[] {
  return filter.kind === 'and' ? filter.of.flatMap(conjunctsOf) : [filter]
}
