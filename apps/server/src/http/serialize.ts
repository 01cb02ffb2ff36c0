import type { AnyRoute } from '@freehold/contract'
import buildSerializer from 'fast-json-stringify'

/**
 * Writes an answer by its schema: a field that the contract does not name (a hash, say) cannot get out. Compiled when
 * the route first answers.
 */
export function createSerializer(route: AnyRoute): (value: unknown) => string {
  if (route.status === 204) return () => ''
  let write: ((value: unknown) => string) | undefined
  return (value) => {
    write ??= buildSerializer(JSON.parse(JSON.stringify(route.response)), { ajv: { strict: false } })
    return write(value)
  }
}
