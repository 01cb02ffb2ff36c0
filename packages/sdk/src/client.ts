import type { Answer, Client } from './client-types.ts'
import { followEvents, type StreamOptions } from './event-stream.ts'
import { FreeholdError, unexpectedResponse } from './freehold-error.ts'
import type { Operation, OperationTable } from './operation-table.ts'
import { type CallOptions, type FlatInput, toOutgoing } from './outgoing.ts'
import { Page, type PageOf, readNextCursor } from './page.ts'
import { type Connection, send } from './send.ts'
import { readJsonLines } from './text-stream.ts'

export type ClientOptions = {
  /** Where the API is, with or without a path; '' in a browser for the page's own origin. */
  baseUrl: string
  /** From `operationTable(routes)`. */
  operations: OperationTable
  /** The credential, or where to read it before each request. Without one a browser sends its session cookie. */
  token?: string | (() => string | undefined) | undefined
  headers?: Record<string, string> | (() => Record<string, string>) | undefined
  fetch?: typeof fetch | undefined
  /** Attempts after the first, 2 unless told. Only what may be repeated is: GET, PUT, DELETE, and POST with its Idempotency-Key. */
  maxRetries?: number | undefined
  /** Of one attempt, 60 s unless told. Streams have it until they open. */
  timeoutMs?: number | undefined
  /** Options of every call that does not say otherwise. */
  defaults?: CallOptions | undefined
  /** Called at every 401, before the call rejects with it. */
  onUnauthenticated?: ((error: FreeholdError) => void) | undefined
}

/** A client with a method for each operation in the table. */
export function createClient(options: ClientOptions): Client {
  const connection = toConnection(options)
  const methods: Record<string, unknown> = {}
  const raw: Record<string, unknown> = {}
  for (const [name, operation] of Object.entries(options.operations)) {
    const call = (input: FlatInput = {}, callOptions: CallOptions = {}) =>
      request(connection, name, operation, input, { ...options.defaults, ...callOptions })
    methods[name] = toMethod(connection, name, operation, call, options.defaults)
    if (!operation.stream) raw[name] = call
  }
  return { ...methods, raw } as unknown as Client
}

type Call = (input?: FlatInput, options?: CallOptions) => Promise<Answer<unknown>>

function toMethod(connection: Connection, name: string, operation: Operation, call: Call, defaults: CallOptions | undefined) {
  if (operation.stream === 'sse') {
    return (input: FlatInput = {}, options: StreamOptions = {}) => {
      const merged = { signal: defaults?.signal, ...options }
      return followEvents(connection, toOutgoing(name, operation, input, merged), operation.ends === true, merged)
    }
  }
  if (operation.stream === 'jsonl') {
    return (input: FlatInput = {}, options: CallOptions = {}) => readLines(connection, name, operation, input, { ...defaults, ...options })
  }
  if (operation.stream === 'bytes') {
    return (input: FlatInput = {}, options: CallOptions = {}) =>
      send(connection, toOutgoing(name, operation, input, { ...defaults, ...options }), async (response) => response)
  }
  if (operation.list) {
    return (input: FlatInput = {}, options: CallOptions = {}) =>
      new Page((cursor) => fetchPage(call, cursor === undefined ? input : { ...input, cursor }, options))
  }
  return (input?: FlatInput, options?: CallOptions) => call(input, options).then((answer) => answer.data)
}

async function request(
  connection: Connection,
  name: string,
  operation: Operation,
  input: FlatInput,
  options: CallOptions,
): Promise<Answer<unknown>> {
  return send(connection, toOutgoing(name, operation, input, options), async (response) => {
    const data = await readJson(response)
    if (operation.list && !Array.isArray(data)) throw unexpectedResponse(response, 'A list was expected.')
    const { headers, status } = response
    return { data, status, etag: headers.get('etag'), location: headers.get('location'), requestId: headers.get('x-request-id'), headers }
  })
}

async function fetchPage(call: Call, input: FlatInput, options: CallOptions): Promise<PageOf<unknown>> {
  const { data, headers } = await call(input, options)
  const next = readNextCursor(headers.get('link'))
  if (next !== null && next === input.cursor) {
    const detail = 'The page after this one is this one again.'
    throw new FreeholdError({ status: 200, code: 'unexpected_response', title: 'The list would never end', detail })
  }
  return { items: data as unknown[], next }
}

async function* readLines(connection: Connection, name: string, operation: Operation, input: FlatInput, options: CallOptions) {
  const outgoing = toOutgoing(name, operation, input, options)
  yield* readJsonLines(await send(connection, outgoing, async (response) => response), options.signal)
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') {
    if (response.status === 204) return undefined
    throw unexpectedResponse(response, 'It is empty.')
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unexpectedResponse(response, 'It is not JSON. Check the address.', cause)
  }
}

function toConnection(options: ClientOptions): Connection {
  const { token, headers } = options
  return {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    readToken: typeof token === 'function' ? token : () => token,
    readHeaders: typeof headers === 'function' ? headers : () => headers ?? {},
    // A browser's fetch refuses to be called as a method of anything but the window.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    maxRetries: options.maxRetries ?? 2,
    timeoutMs: options.timeoutMs ?? 60_000,
    onUnauthenticated: options.onUnauthenticated,
  }
}
