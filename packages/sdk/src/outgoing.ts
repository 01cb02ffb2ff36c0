import type { Operation } from './operation-table.ts'
import type { Outgoing } from './send.ts'

export type CallOptions = {
  /** Send the bytes in a dry run too, to operations that then report on them. */
  dryRunSends?: boolean | undefined
  signal?: AbortSignal | undefined
  /** Made for each POST unless given. The server answers the same key and body with the same answer for 24 h. */
  idempotencyKey?: string | undefined
  /** Validate, authorize and answer what would happen, but change nothing. Only mutations heed it. */
  dryRun?: boolean | undefined
  /** ETag that the resource must still have. */
  ifMatch?: string | undefined
  /** Further headers, such as `range` or `content-type`. */
  headers?: Record<string, string> | undefined
}

/** Bytes to be sent. A stream is sent once; all else may be sent again after a passing failure. */
export type Content = Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | string

export type FlatInput = Record<string, unknown>

/** Tells the flat input apart: path parameters, query parameters, and the rest, which is the body. */
export function toOutgoing(name: string, operation: Operation, input: FlatInput, options: CallOptions): Outgoing {
  const rest = { ...input }
  const mutates = operation.method !== 'GET' && !operation.reads
  const dryRun = mutates && options.dryRun === true

  const path = operation.path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = rest[parameter]
    delete rest[parameter]
    return pathSegment(name, parameter, value)
  })
  const query = new URLSearchParams()
  for (const parameter of operation.query ?? []) {
    appendQuery(query, parameter, rest[parameter])
    delete rest[parameter]
  }
  if (dryRun) query.append('dry_run', 'true')

  const search = query.toString()
  const outgoing: Outgoing = {
    method: operation.method,
    target: search ? `${path}?${search}` : path,
    headers: { accept: operation.stream === 'bytes' ? '*/*' : 'application/json', ...options.headers },
    repeatable: !mutates || operation.method === 'PUT' || operation.method === 'DELETE' || dryRun,
    signal: options.signal,
  }
  if (operation.takes) {
    const content = rest['content'] as Content
    outgoing.headers['content-type'] ??= content instanceof Blob && content.type ? content.type : 'application/octet-stream'
    outgoing.body = dryRun && !options.dryRunSends ? '' : content
    outgoing.isLong = true
    if (content instanceof ReadableStream) outgoing.repeatable = false
  } else if (operation.body) {
    outgoing.headers['content-type'] = 'application/json'
    outgoing.body = JSON.stringify('body' in rest ? rest.body : rest)
  } else {
    const unknown = Object.keys(rest).filter((key) => rest[key] !== undefined)
    if (unknown.length > 0) throw new TypeError(`${name} does not take ${unknown.join(', ')}`)
  }
  if (options.ifMatch !== undefined) outgoing.headers['if-match'] = options.ifMatch
  // A try takes no key: the answer kept under it would be replayed to the real call.
  if (operation.method === 'POST' && mutates && !operation.public && !operation.takes && !dryRun) {
    outgoing.headers['idempotency-key'] = options.idempotencyKey ?? newIdempotencyKey()
    outgoing.repeatable = true
  }
  return outgoing
}

function pathSegment(name: string, parameter: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  // URL parsing would walk up the path at dots, and so call another operation.
  if (text === '' || text === '.' || text === '..') throw new TypeError(`${name} needs ${parameter}`)
  return encodeURIComponent(text)
}

function appendQuery(query: URLSearchParams, parameter: string, value: unknown): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (item !== undefined && item !== null) query.append(parameter, String(item))
  }
}

/** Not `crypto.randomUUID()`: browsers have it only where the page came over HTTPS. */
function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
