import { createEgress } from '../egress/create-egress.ts'
import type { Fetched } from '../egress/fetch.ts'
import { type Kms, type KmsContext, KmsError } from './kms.ts'

export type TransitOptions = {
  /** Of the key: `https://host:8200/v1/transit/keys/name`. */
  url: string
  /** Asked before each call, since whoever renews a token may replace it. */
  token: () => string
  deadlineMs?: number
}

const everywhere = ['0.0.0.0/0', '::/0']

/** The transit engine of Vault and OpenBao. The key must be of an AEAD type, such as aes256-gcm96, which is the default. */
export function createTransitKms({ url, token, deadlineMs = 5000 }: TransitOptions): Kms {
  const { base, key } = readKeyUrl(url)
  // Whoever runs the server has named this host, so it may be a private one.
  const egress = createEgress({ allow: everywhere })

  async function call(verb: 'encrypt' | 'decrypt', body: Record<string, string>, context: KmsContext): Promise<Record<string, unknown>> {
    const answer = await egress
      .fetch(`${base}/${verb}/${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vault-token': token(), 'x-vault-request': 'true' },
        body: JSON.stringify({ ...body, associated_data: toAssociatedData(context) }),
        timeoutMs: deadlineMs,
      })
      .catch((cause: unknown) => {
        throw new KmsError('unreachable', `No answer came from ${base}.`, { cause })
      })
    return readAnswer(answer, base)
  }

  return {
    name: `transit:${url}`,
    async wrap(plain, context) {
      const { ciphertext } = await call('encrypt', { plaintext: Buffer.from(plain).toString('base64') }, context)
      if (typeof ciphertext !== 'string') throw new KmsError('refused', `${base} answered no ciphertext.`)
      return Buffer.from(ciphertext)
    },
    async unwrap(wrapped, context) {
      const { plaintext } = await call('decrypt', { ciphertext: Buffer.from(wrapped).toString() }, context)
      if (typeof plaintext !== 'string') throw new KmsError('refused', `${base} answered no plaintext.`)
      return Buffer.from(plaintext, 'base64')
    },
    close: () => void egress.close(),
  }
}

/** Throws TypeError for what names no key of a transit engine. */
export function readKeyUrl(text: string): { base: string; key: string } {
  const { origin, pathname, protocol } = new URL(text)
  const [, mount, key] = /^(\/v1\/.+)\/keys\/([^/]+)$/.exec(pathname) ?? []
  if (mount === undefined || key === undefined || !/^https?:$/.test(protocol)) throw new TypeError('not the address of a transit key')
  return { base: origin + mount, key }
}

function readAnswer({ status, body }: Fetched, base: string): Record<string, unknown> {
  const parsed = parse(body.toString('utf8'))
  if (status === 200 && typeof parsed['data'] === 'object' && parsed['data'] !== null) return parsed['data'] as Record<string, unknown>
  const errors = Array.isArray(parsed['errors']) ? parsed['errors'].join('; ') : ''
  // 503 is a service that is sealed itself, 429 one that is busy or a standby.
  const reason = status >= 500 || status === 429 ? 'unreachable' : 'refused'
  throw new KmsError(reason, `${base} answered ${status}${errors && `: ${errors.slice(0, 300)}`}`)
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function toAssociatedData(context: KmsContext): string {
  return Buffer.from(JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toString('base64')
}
