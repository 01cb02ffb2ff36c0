import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type KmsServer = {
  /** Where a driver reaches its key. */
  url: string
  /** What it does with the next calls: works, refuses the caller, says that it is sealed or broken, or never answers. */
  behave(how: 'work' | 'refuse' | 'break' | 'hang'): void
  /** The bodies of the calls that it has had, as they were sent. */
  calls: string[]
  /** Makes a new version of its key, as a service does by itself once a year; what the older ones wrapped still opens. */
  rotate(): void
  close(): Promise<void>
}

export const transitToken = 'a-token-of-the-transit-server'

/** The transit engine of Vault and OpenBao, on loopback, with one key of type aes256-gcm96: its HTTP API and its form of ciphertext. */
export async function startTransitServer(): Promise<KmsServer> {
  const keys = [randomBytes(32)]
  const calls: string[] = []
  let behaviour: Parameters<KmsServer['behave']>[0] = 'work'

  function encrypt({ plaintext, associated_data = '' }: Record<string, string>): object {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keys.at(-1)!, nonce).setAAD(Buffer.from(associated_data, 'base64'))
    const sealed = Buffer.concat([nonce, cipher.update(Buffer.from(plaintext!, 'base64')), cipher.final(), cipher.getAuthTag()])
    return { ciphertext: `vault:v${keys.length}:${sealed.toString('base64')}`, key_version: keys.length }
  }

  function decrypt({ ciphertext = '', associated_data = '' }: Record<string, string>): object {
    const [, version = '0', text = ''] = /^vault:v(\d+):(.+)$/.exec(ciphertext) ?? []
    const sealed = Buffer.from(text, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', keys[Number(version) - 1]!, sealed.subarray(0, 12))
    decipher.setAAD(Buffer.from(associated_data, 'base64')).setAuthTag(sealed.subarray(-16))
    return { plaintext: Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('base64') }
  }

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    void readText(request).then((text) => {
      calls.push(text)
      if (behaviour === 'hang') return
      if (behaviour === 'break') return answer(503, { errors: ['Vault is sealed'] })
      if (behaviour === 'refuse' || request.headers['x-vault-token'] !== transitToken) return answer(403, { errors: ['permission denied'] })
      const verb = request.method === 'POST' && /^\/v1\/transit\/(encrypt|decrypt)\/freehold$/.exec(request.url ?? '')?.[1]
      if (!verb) return answer(404, { errors: [] })
      try {
        answer(200, { request_id: 'x', data: (verb === 'encrypt' ? encrypt : decrypt)(JSON.parse(text) as Record<string, string>) })
      } catch {
        answer(400, { errors: ['cipher: message authentication failed'] })
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/transit/keys/freehold`,
    behave: (how) => void (behaviour = how),
    calls,
    rotate: () => void keys.push(randomBytes(32)),
    close: () => closeServer(server),
  }
}

export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
