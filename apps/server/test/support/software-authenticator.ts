import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Options = Record<string, unknown>
type Passkey = { id: Buffer; privateKey: KeyObject; rpId: string; userHandle: Buffer }

/** What may be wrong with an answer. */
export type Wrong = { origin?: string; isUserVerified?: boolean; counter?: number; userHandle?: string; challenge?: string }

/**
 * A passkey's device in software: ES256, attestation `none`, as a browser passes its answers on. It holds one passkey, and
 * counts how often that was used.
 */
export function createAuthenticator(origin: string) {
  let passkey: Passkey | undefined
  let counter = 0

  return {
    /** Makes the passkey that the options ask for. */
    create(options: Options, wrong: Wrong = {}): Record<string, unknown> {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const rpId = (options['rp'] as { id: string }).id
      const userHandle = Buffer.from((options['user'] as { id: string }).id, 'base64url')
      passkey = { id: randomBytes(32), privateKey, rpId, userHandle }
      const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
      const key = cbor(
        new Map<unknown, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      )
      const idLength = Buffer.from([0, passkey.id.length])
      const attested = Buffer.concat([Buffer.alloc(16), idLength, passkey.id, key])
      const authData = Buffer.concat([authenticatorData(rpId, { flags: 0x40, counter: 0, ...wrong }), attested])
      const attestation = new Map<unknown, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ])
      return answer(passkey, {
        clientDataJSON: clientData('webauthn.create', origin, options, wrong),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal'],
      })
    },

    /** Answers a challenge with the passkey. */
    get(options: Options, wrong: Wrong = {}): Record<string, unknown> {
      if (!passkey) throw new Error('the authenticator has no passkey yet')
      counter += 1
      const authData = authenticatorData(passkey.rpId, { flags: 0, counter, ...wrong })
      const clientDataJSON = clientData('webauthn.get', origin, options, wrong)
      const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))])
      return answer(passkey, {
        clientDataJSON,
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, passkey.privateKey).toString('base64url'),
        userHandle: (wrong.userHandle === undefined ? passkey.userHandle : Buffer.from(wrong.userHandle)).toString('base64url'),
      })
    },
  }
}

function answer({ id }: Passkey, response: Record<string, unknown>): Record<string, unknown> {
  const text = id.toString('base64url')
  return { id: text, rawId: text, type: 'public-key', clientExtensionResults: {}, response }
}

function clientData(type: string, origin: string, options: Options, wrong: Wrong): string {
  const data = { type, challenge: wrong.challenge ?? options['challenge'], origin: wrong.origin ?? origin, crossOrigin: false }
  return Buffer.from(JSON.stringify(data)).toString('base64url')
}

const userPresent = 0x01
const userVerified = 0x04

function authenticatorData(rpId: string, data: { flags: number; counter: number; isUserVerified?: boolean }): Buffer {
  const tail = Buffer.alloc(5)
  tail.writeUInt8(data.flags | userPresent | (data.isUserVerified === false ? 0 : userVerified), 0)
  tail.writeUInt32BE(data.counter, 1)
  return Buffer.concat([sha256(rpId), tail])
}

function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest()
}

/** As much of CBOR as an attestation takes: small integers, texts, bytes, maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, inner]) => [cbor(key), cbor(inner)])])
  }
  throw new Error('no CBOR for this value')
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
