import type { AnyRoute } from '@freehold/contract'

/** What the client must know of an operation at run time. It holds no schema, so a browser does not load any. */
export type Operation = {
  method: string
  /** With `:name` in place of each path parameter. */
  path: string
  body?: true
  /** Names of its query parameters. */
  query?: string[]
  list?: true
  /** A POST that changes nothing. */
  reads?: true
  stream?: 'sse' | 'jsonl' | 'bytes'
  takes?: 'bytes'
  /** The stream is about one thing and ends with it, so its end is no reason to connect again. */
  ends?: true
  /** Takes no credential, and so no `Idempotency-Key`, which the server remembers for each principal. */
  public?: true
}

export type OperationTable = Record<string, Operation>

/** The routes of the contract without their schemas. Imports types only, so that a build can compute it once. */
export function operationTable(routes: readonly AnyRoute[]): OperationTable {
  return Object.fromEntries(routes.map((route) => [route.operationId, toOperation(route)]))
}

function toOperation(route: AnyRoute): Operation {
  const operation: Operation = { method: route.method, path: route.path }
  if (route.body) operation.body = true
  if (route.query) operation.query = Object.keys(route.query.properties)
  if (route.reads) operation.reads = true
  if (route.list) operation.list = true
  if (route.stream) operation.stream = route.stream
  if (route.takes) operation.takes = route.takes
  if (route.stream && 'of' in route.guard && route.guard.of === 'provisioning_run') operation.ends = true
  if ('public' in route.guard) operation.public = true
  return operation
}
