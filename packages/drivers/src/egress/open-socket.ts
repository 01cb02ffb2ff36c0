import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { EgressError } from './egress-error.ts'
import { type Addresses, pin } from './find-addresses.ts'

export type ConnectOptions = {
  /** TLS from the first byte, with the certificate held against the host; `ca` is PEM of authorities in place of the public ones. */
  tls?: { ca?: string }
  /** For connecting, TLS included: 5000 unless told. What is said over the socket has its own. */
  timeoutMs?: number
}

/**
 * The one way out for other protocols than HTTP: as `Fetch`, it connects only to an address that was checked. Whoever is given
 * the socket ends it; closing the egress does, too. Rejects with EgressError.
 */
export type Connect = (host: string, port: number, options?: ConnectOptions) => Promise<Socket>

/** The host as a URL's: one that could be read in two ways is none. Throws `url`. */
export function readHost(host: string, port: number): string {
  const written = isIP(host) === 6 ? `[${host}]` : host
  const text = `http://${written}:${port}/`
  const url = URL.canParse(text) ? new URL(text) : null
  // An empty port is 80, which the parser leaves out.
  const isHostAlone = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (!url || !isHostAlone || /[\s/?#@\\]/.test(written) || Number(url.port || 80) !== port) {
    throw new EgressError('url', 'Only a host name or an address, and a port, can be connected to.')
  }
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

/** Connects to one of the addresses. `track` is given the socket before it is connected. */
export function openSocket(
  target: { host: string; port: number; addresses: Addresses },
  { tls, signal, track }: { tls: ConnectOptions['tls'] | undefined; signal: AbortSignal; track(socket: Socket): void },
): Promise<Socket> {
  const { host, port, addresses } = target
  const options = { host, port, lookup: pin(addresses), autoSelectFamily: true }
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({ ...options, ...(isIP(host) === 0 && { servername: host }), ...(tls.ca !== undefined && { ca: tls.ca }) })
      : connectTcp(options)
    track(socket)
    const give = () => {
      signal.removeEventListener('abort', abandon)
      socket.removeListener('error', fail)
      resolve(socket)
    }
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      reject(error)
    }
    const abandon = () => fail(signal.reason as Error)
    signal.addEventListener('abort', abandon, { once: true })
    socket.once('error', fail)
    socket.once(tls ? 'secureConnect' : 'connect', give)
  })
}
