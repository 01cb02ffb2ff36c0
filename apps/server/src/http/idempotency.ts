import { AppError } from '@freehold/contract'
import { build, type Tx } from '@freehold/db'
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** An answer as it went out, to be given again. */
export type StoredAnswer = { status: number; headers: Record<string, string>; body: string }

/** Thrown out of a transaction that must not happen again: the answer is known. */
export class ReplayedAnswer extends Error {
  readonly answer: StoredAnswer

  constructor(answer: StoredAnswer) {
    super('replayed')
    this.answer = answer
  }
}

export type IdempotentRequest = { principalId: string; route: string; key: string; requestHash: Buffer; now: Date }
const rememberedMs = 24 * 60 * 60 * 1000

/**
 * Identity of a request's content: the same key with another content is a mistake of the caller. It is taken under the Idempotency-Key,
 * which is not stored, so that the database alone cannot try out what a body with a secret in it has said.
 */
export function hashRequest(key: string, parts: unknown): Buffer {
  return createHmac('sha256', deriveFrom(key, '', 'freehold idempotent request'))
    .update(JSON.stringify(parts))
    .digest()
}

/**
 * Claims the key in this transaction, or throws: `request_in_flight` while another holds it, the stored answer when
 * the same request was answered within a day, `idempotency_key_reused` when another request used the key.
 */
export async function claimKey(tx: Tx, request: IdempotentRequest): Promise<void> {
  const { principalId, route, key } = request
  const keyHash = hashKey(request)
  const [lock] = await tx.sql<{ held: boolean }>({
    name: 'idempotency_lock',
    text: "select pg_try_advisory_xact_lock(hashtextextended('idempotency:' || $1, 0)) as held",
    values: [keyHash.toString('hex')],
  })
  if (!lock?.held) {
    throw new AppError('request_in_flight', 'Wait for the first request with this Idempotency-Key, then send it again to get its answer.', {
      headers: { 'retry-after': '1' },
    })
  }
  const oldest = new Date(request.now.getTime() - rememberedMs)
  await tx.run(build.deleteFrom('hub.idempotency').where('principal_id', '=', principalId).where('created_at', '<', oldest))
  const stored = await tx.first(
    build
      .selectFrom('hub.idempotency')
      .select(['request_hash', 'sealed'])
      .where('principal_id', '=', principalId)
      .where('route', '=', route)
      .where('key_hash', '=', keyHash),
  )
  if (!stored) return
  if (!stored.request_hash.equals(request.requestHash)) {
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key came with another request. Make a new key for each new request.')
  }
  throw new ReplayedAnswer(JSON.parse(open(stored.sealed, key, keyHash)) as StoredAnswer)
}

/** Remembers the answer in the same transaction, sealed under the key itself, since it may hold a secret shown once. */
export async function storeAnswer(tx: Tx, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  const keyHash = hashKey(request)
  await tx.run(
    build.insertInto('hub.idempotency').values({
      principal_id: request.principalId,
      route: request.route,
      key_hash: keyHash,
      request_hash: request.requestHash,
      status: answer.status,
      sealed: seal(JSON.stringify(answer), request.key, keyHash),
      created_at: request.now,
    }),
  )
}

function hashKey({ principalId, route, key }: IdempotentRequest): Buffer {
  return createHash('sha256').update(`${principalId}\n${route}\n${key}`).digest()
}

// Only the hash of the Idempotency-Key is stored, so the database alone cannot open the answers.
function sealingKey(key: string, salt: Buffer): Buffer {
  return deriveFrom(key, salt, 'freehold idempotent answer')
}

function deriveFrom(key: string, salt: Buffer | string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, purpose, 32))
}

function seal(text: string, key: string, salt: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key, salt), nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

function open(sealed: Buffer, key: string, salt: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key, salt), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8')
}
