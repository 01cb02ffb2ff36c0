import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { Client } from 'undici'
import { EgressError } from './egress-error.ts'
import type { Fetch, Fetched, FetchOptions } from './fetch.ts'
import { permitAddresses } from './permitted-address.ts'
import { readBody } from './read-body.ts'

export type Egress = { fetch: Fetch; close(): Promise<void> }

/** Every address of a name. */
export type Resolve = (name: string) => Promise<readonly { address: string; family: number }[]>

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
  const underWay = new Set<Promise<Fetched>>()

  async function run(text: string, options: FetchOptions): Promise<Fetched> {
    const { timeoutMs = defaultTimeoutMs } = options
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([deadline, closing.signal])
    try {
      signal.throwIfAborted()
      const url = readUrl(text)
      const addresses = await until(signal, findAddresses(url, { resolve, isPermitted }))
      return await request(url, options, { addresses, signal })
    } catch (error) {
      if (error instanceof EgressError) throw error
      if (deadline.aborted) throw new EgressError('timeout', `No answer came within ${timeoutMs} ms.`, { cause: error })
      throw new EgressError('unreachable', 'No answer came.', { cause: error })
    }
  }

  return {
    fetch(url, options = {}) {
      const fetching = run(url, options).finally(() => underWay.delete(fetching))
      underWay.add(fetching)
      return fetching
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
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

type Addresses = readonly { address: string; family: number }[]

/** The addresses that are connected to: these and no others, however the name resolves a moment later. */
async function findAddresses(
  url: URL,
  { resolve, isPermitted }: { resolve: Resolve; isPermitted(address: string): boolean },
): Promise<Addresses> {
  // The URL parser has turned every way to write an IPv4 address (decimal, octal, hexadecimal, short) into the usual one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(host)
  const found = family === 0 ? await resolve(host) : [{ address: host, family }]
  const permitted = found.filter(({ address }) => isPermitted(address))
  if (permitted.length === 0) {
    throw new EgressError('address', 'The address is not public. Whoever runs the server can allow it by FREEHOLD_EGRESS_ALLOW.')
  }
  return permitted
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

/** Answers the addresses that were checked instead of asking again. */
function pin(addresses: Addresses): LookupFunction {
  return (_name, { all }, callback) => {
    if (all) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
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
