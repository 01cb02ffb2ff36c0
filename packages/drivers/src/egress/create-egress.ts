import { lookup } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { Client } from 'undici'
import { EgressError } from './egress-error.ts'
import type { Fetch, Fetched, FetchOptions } from './fetch.ts'
import { type Addresses, findAddresses, pin, type Resolve } from './find-addresses.ts'
import { type Connect, type ConnectOptions, openSocket, readHost } from './open-socket.ts'
import { permitAddresses } from './permitted-address.ts'
import { readBody } from './read-body.ts'

export type Egress = { fetch: Fetch; connect: Connect; close(): Promise<void> }

const defaultTimeoutMs = 5000
const defaultMaxBytes = 1024 * 1024
const resolveBySystem: Resolve = (name) => lookup(name, { all: true, verbatim: true })

/**
 * The way out of the server. `allow` are ranges (CIDR) that may be reached although they are not public; throws for one that is none.
 * Closing ends what is under way.
 */
export function createEgress({ allow, resolve = resolveBySystem }: { allow: readonly string[]; resolve?: Resolve }): Egress {
  const isPermitted = permitAddresses(allow)
  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  const sockets = new Set<Socket>()

  /** `work` under a deadline; whatever goes wrong becomes an EgressError. */
  function attempt<R>(timeoutMs: number, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const attempting = run(timeoutMs, work).finally(() => underWay.delete(attempting))
    underWay.add(attempting)
    return attempting
  }

  async function run<R>(timeoutMs: number, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([deadline, closing.signal])
    try {
      signal.throwIfAborted()
      return await work(signal)
    } catch (error) {
      if (error instanceof EgressError) throw error
      if (deadline.aborted) throw new EgressError('timeout', `No answer came within ${timeoutMs} ms.`, { cause: error })
      throw new EgressError('unreachable', 'No answer came.', { cause: error })
    }
  }

  async function fetchOnce(text: string, options: FetchOptions, signal: AbortSignal): Promise<Fetched> {
    const url = readUrl(text)
    const addresses = await until(signal, findAddresses(url.hostname, { resolve, isPermitted }))
    return request(url, options, { addresses, signal })
  }

  async function connectOnce(name: string, port: number, { tls, signal }: { tls: ConnectOptions['tls'] | undefined; signal: AbortSignal }) {
    const host = readHost(name, port)
    const addresses = await until(signal, findAddresses(host, { resolve, isPermitted }))
    return openSocket({ host, port, addresses }, { tls, signal, track })
  }

  function track(socket: Socket): void {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }

  return {
    fetch: (url, options = {}) => attempt(options.timeoutMs ?? defaultTimeoutMs, (signal) => fetchOnce(url, options, signal)),
    connect: (host, port, { tls, timeoutMs = defaultTimeoutMs } = {}) =>
      attempt(timeoutMs, (signal) => connectOnce(host, port, { tls, signal })),
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
      for (const socket of sockets) socket.destroy()
    },
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new EgressError('url', 'Only http and https addresses can be called.')
  }
  if (url.username !== '' || url.password !== '')
    throw new EgressError('url', 'An address that is called holds no user name and no password.')
  return url
}

async function request(
  url: URL,
  options: FetchOptions,
  { addresses, signal }: { addresses: Addresses; signal: AbortSignal },
): Promise<Fetched> {
  const { method = 'GET', headers = {}, body = null, maxBytes = defaultMaxBytes } = options
  // One connection for one request: none that is kept could lead where a later check would not.
  const client = new Client(url.origin, { connect: { lookup: pin(addresses) }, allowH2: false })
  try {
    const answer = await client.request({ path: url.pathname + url.search, method, headers, body, signal })
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
      throw new EgressError('too_large', `The answer is longer than ${maxBytes} bytes.`)
    }
    return { status: answer.statusCode, headers: flatten(answer.headers), body: await readBody(answer.body, maxBytes) }
  } finally {
    await client.destroy()
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value] as const)
  return Object.fromEntries(entries)
}

function until<R>(signal: AbortSignal, work: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work.then(resolve, reject)
  })
}
