import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Pair = { privateKey: KeyObject; publicKey: KeyObject; pem: string }

export function rsaPair(modulusLength = 2048): Pair {
  return withPem(generateKeyPairSync('rsa', { modulusLength }))
}
export function ecPair(namedCurve: 'P-256' | 'P-384' | 'P-521'): Pair {
  return withPem(generateKeyPairSync('ec', { namedCurve }))
}

function withPem(pair: { privateKey: KeyObject; publicKey: KeyObject }): Pair {
  return { ...pair, pem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

/** A public key as a key set shows it. */
export function jwkOf({ publicKey }: Pair, members: Record<string, unknown>): object {
  return { ...publicKey.export({ format: 'jwk' }), ...members }
}

/** A customer's key set on a real HTTP server on loopback. What it answers can be changed; it counts how often it was asked. */
export async function startKeySetServer() {
  const state = { keys: [] as object[], status: 200, asked: 0, body: null as string | null, location: '' }
  const server = createServer((_request, response) => {
    state.asked += 1
    response.writeHead(state.status, { 'content-type': 'application/json', ...(state.location && { location: state.location }) })
    response.end(state.body ?? JSON.stringify({ keys: state.keys }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  return {
    state,
    uri,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
